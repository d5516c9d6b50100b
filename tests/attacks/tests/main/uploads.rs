//! Bodies, forms and uploads (cases 187 to 232) put to a whole site on a socket; what can be seen in process alone is
//! tested in nuages-http.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{LONG, Reply, read, visit};
use crate::process::Process;
use crate::running::Running;

const MULTIPART: &str = "multipart/form-data; boundary=b";

/// Sends a body of this type, and reads the answer; the server may have said no before the end.
pub(crate) async fn post(address: SocketAddr, path: &str, content_type: &str, body: &[u8]) -> Reply {
    let length = format!("Content-Length: {}", body.len());
    framed(address, path, content_type, &length, &[body]).await
}

async fn framed(
    address: SocketAddr,
    path: &str,
    content_type: &str,
    framing: &str,
    pieces: &[&[u8]],
) -> Reply {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: {content_type}\r\n{framing}\r\n\r\n"
    );
    let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
    let pieces: Vec<Vec<u8>> =
        std::iter::once(head.as_bytes()).chain(pieces.iter().copied()).map(<[u8]>::to_vec).collect();
    let sending = tokio::spawn(async move {
        for piece in pieces {
            if writing.write_all(&piece).await.is_err() {
                break;
            }
        }
        writing
    });
    let mut text = Vec::new();
    let ended =
        tokio::time::timeout(LONG, tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut text)).await;
    sending.abort();
    Reply { text: String::from_utf8_lossy(&text).into_owned(), closed: ended.is_ok() }
}

pub(crate) fn field(name: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
}

pub(crate) fn file(file_name: &str, content: &str) -> String {
    format!(
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{file_name}\"\r\n\r\n{content}\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_bodies_are_refused() {
    let site = Running::new("cache").await;
    let form = "application/x-www-form-urlencoded";
    let part = |head: &str, content: &str| format!("--b\r\n{head}\r\n\r\n{content}\r\n");
    let named = "Content-Disposition: form-data; name=a";
    let long_boundary = format!("multipart/form-data; boundary={}", "b".repeat(300));
    let near = format!("\r\n--{}x", "b".repeat(189));
    let near_form =
        format!("--{0}\r\n{named}; filename=x\r\n\r\n{1}\r\n--{0}--", "b".repeat(190), near.repeat(10_000));
    let near_type = format!("multipart/form-data; boundary={}", "b".repeat(190));
    let encoded = format!("{named}; filename=x\r\nContent-Transfer-Encoding: base64");
    for (case, path, content_type, body, status) in [
        (187, "/form", form, vec!["a=1"; 20_000].join("&"), 400),
        (188, "/form", form, "x".repeat(8 << 20), 400),
        (189, "/echo", "text/plain", "x".repeat(8 << 20), 400),
        (192, "/json", "application/json", "[".repeat(200_000), 400),
        (193, "/json", "application/json", "\"\u{0}\"".into(), 400),
        (194, "/form", "application/x-www-form-urlencoded; charset=utf-99", "a=1".into(), 200),
        (195, "/upload", "multipart/form-data", field("a", "1") + "--b--", 400),
        (196, "/upload", "multipart/form-data; boundary=", field("a", "1") + "--b--", 400),
        (197, "/upload", &long_boundary, field("a", "1") + "--b--", 400),
        (198, "/upload", "multipart/form-data; boundary=\u{e9}", field("a", "1") + "--b--", 400),
        (199, "/upload", "multipart/form-data; boundary=b; boundary=c", field("a", "1") + "--b--", 400),
        (200, "/upload", MULTIPART, field("a", "1"), 400),
        (201, "/upload", MULTIPART, field("a", "1") + "--b\r\nContent-Dispo", 400),
        (202, "/upload", MULTIPART, format!("--b\r\n{named}\r\n--b--"), 200),
        (203, "/upload", MULTIPART, part("Content-Disposition: form-data", "1") + "--b--", 200),
        (204, "/upload", MULTIPART, part(&encoded, "a$$$") + "--b--", 400),
        (
            205,
            "/upload",
            MULTIPART,
            part(&format!("{named}; filename=x\r\nContent-Type: a/b; charset=utf-99"), "1") + "--b--",
            200,
        ),
        (
            206,
            "/upload",
            MULTIPART,
            part("Content-Disposition: form-data; name*=utf-99''a", "1") + "--b--",
            200,
        ),
        (
            207,
            "/upload",
            MULTIPART,
            part(&format!("{named}\r\nContent-Type: multipart/mixed; boundary=c"), "--c--") + "--b--",
            200,
        ),
        (208, "/upload", MULTIPART, field("a", "1").repeat(3000) + "--b--", 400),
        (209, "/upload", MULTIPART, file("x", "1").repeat(500) + "--b--", 400),
        (210, "/upload", MULTIPART, "--b\r\n".repeat(20_000) + "--b--", 400),
        (
            211,
            "/upload",
            MULTIPART,
            part(&format!("{named}\r\nX: {}", "x".repeat(1 << 20)), "1") + "--b--",
            400,
        ),
        (
            212,
            "/upload",
            MULTIPART,
            part(&format!("{named}\r\n{}", "X: y\r\n".repeat(10_000)), "1") + "--b--",
            400,
        ),
        (213, "/upload", MULTIPART, file("x", &"\r\n".repeat(1_000_000)) + "--b--", 200),
        (214, "/upload", MULTIPART, file("x", &"\r".repeat(2_000_000)) + "--b--", 200),
        (215, "/upload", &near_type, near_form, 200),
        (216, "/upload", MULTIPART, "x".repeat(2 << 20) + "\r\n" + &field("a", "1") + "--b--", 400),
        (217, "/upload", MULTIPART, field("a", &"x".repeat(8 << 20)) + "--b--", 400),
        (
            218,
            "/upload",
            MULTIPART,
            part(&encoded, &format!("a{0}G{0}V{0}s", " ".repeat(4000))) + "--b--",
            200,
        ),
        (219, "/upload", MULTIPART, part(&encoded, &"aGVs".repeat(1 << 20)) + "--b--", 200),
        (
            220,
            "/upload",
            MULTIPART,
            part(&format!("Content-Disposition: form-data; name=\"{}\"", r"a\\".repeat(250)), "1")
                .repeat(900)
                + "--b--",
            200,
        ),
    ] {
        let started = Instant::now();
        let reply = post(site.address, path, content_type, body.as_bytes()).await;
        assert_eq!(reply.status(), status, "case {case}: {reply:?}");
        assert!(started.elapsed() < Duration::from_secs(10), "case {case}: {:?}", started.elapsed());
    }
    assert_eq!(visit(site.address, "/", "").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_190_and_191_lengths_that_lie_and_no_length_at_all() {
    let site = Running::new("cache").await;
    let started = Instant::now();
    let reply = framed(site.address, "/echo", "text/plain", "Content-Length: 10737418240", &[b"x"]).await;
    assert_eq!(reply.status(), 400, "case 190: {reply:?}");
    assert!(started.elapsed() < Duration::from_secs(5), "case 190: {:?}", started.elapsed());
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    let field =
        "2b\r\n--b\r\nContent-Disposition: form-data; name=a\r\n".to_owned() + "\r\n4\r\n\r\n\r\n\r\n";
    let first =
        field.replace("2b\r\n", &format!("{:x}\r\n", "--b\r\nContent-Disposition: form-data; name=a".len()));
    for (path, content_type, begin) in [
        ("/echo", "text/plain", ""),
        ("/form", "application/x-www-form-urlencoded", ""),
        ("/upload", MULTIPART, &first),
    ] {
        let mut pieces = vec![begin.as_bytes()];
        pieces.extend(vec![chunk.as_bytes(); 400]);
        let reply = framed(site.address, path, content_type, "Transfer-Encoding: chunked", &pieces).await;
        assert_eq!(reply.status(), 400, "case 191: {path}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_221_to_228_no_file_name_leads_anywhere() {
    let site = Running::new("cache").await;
    for (sent, seen) in [
        ("../../x", r#"[["x", 1]]"#),
        ("/etc/passwd", r#"[["passwd", 1]]"#),
        (r"C:\\x", r#"[["x", 1]]"#),
        (r"..\\..", "[]"),
        ("x\0y", r#"[["xy", 1]]"#),
        ("..", "[]"),
        ("..&#x2F;x", r#"[["x", 1]]"#),
        ("x\r\ny", r#"[["\"x", 1]]"#),
    ] {
        let reply = post(site.address, "/upload", MULTIPART, (file(sent, "1") + "--b--").as_bytes()).await;
        assert_eq!(reply.status(), 200, "{sent:?}: {reply:?}");
        assert!(reply.body().contains(&format!("\"files\": {seen}")), "{sent:?}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_form_is_never_a_short_one() {
    let site = Running::new("cache").await;
    let whole = field("a", "1") + &file("x", "hello") + "--b--\r\n";
    for length in [0, 20, whole.len() / 2, whole.len() - 9] {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let head = format!(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: {MULTIPART}\r\nContent-Length: {}\r\n\r\n{}",
            whole.len(),
            &whole[..length]
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        read(&mut stream, LONG).await.assert_refused(&format!("{length} of {}", whole.len()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_229_a_full_disk_is_an_error_and_the_others_live() {
    let folder = TempDir::new().unwrap();
    let site = Process::start_cramped("cache", &folder, "1m").await;
    let body = |size: usize| file("x", &"x".repeat(size)) + "--b--";
    for _ in 0..3 {
        let (large, other) = (body(4 << 20), body(1000));
        let (large, other, page) = tokio::join!(
            post(site.address, "/upload", MULTIPART, large.as_bytes()),
            post(site.address, "/upload", MULTIPART, other.as_bytes()),
            visit(site.address, "/", ""),
        );
        assert!(matches!(large.status(), 500 | 507), "{large:?}");
        assert_eq!((other.status(), page.status()), (200, 200));
        assert_eq!(site.files(folder.path()), [], "nothing is left of it");
    }
    assert!(site.end().await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_232_a_view_that_panics_leaves_no_file() {
    let folder = TempDir::new().unwrap();
    let site = Process::start_with("cache", &folder, &["RUST_LOG=off"]).await;
    let body = file("x", &"x".repeat(4 << 20)) + "--b--";
    for _ in 0..5 {
        assert_eq!(post(site.address, "/upload/panic", MULTIPART, body.as_bytes()).await.status(), 500);
        assert_eq!(site.files(folder.path()), []);
    }
    let reply = post(site.address, "/upload", MULTIPART, body.as_bytes()).await;
    assert!(reply.body().contains("\"on_disk\": 1, \"bytes\": 4194304"), "{reply:?}");
    assert_eq!(site.files(folder.path()), []);
    assert!(site.end().await.0);
}
