//! Serving static files: attacks by their number, and what browsers ask for.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use http_body_util::BodyExt;
use nuages_contrib::staticfiles::{CollectOptions, StaticFiles, StaticFilesMiddleware, serve, static_url};
use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
use nuages_middleware::{Middleware, Next, Setup};
use tempfile::TempDir;

use crate::collecting::{settings, write};

/// What stands behind the middleware: the routes, which know nothing.
struct Routes;

impl Next for Routes {
    async fn run(&self, _: HttpRequest) -> HttpResponse {
        HttpResponse::not_found("no route")
    }
}

struct Served {
    home: TempDir,
    site: Arc<Site>,
    middleware: StaticFilesMiddleware,
}

impl Served {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let home = tempfile::tempdir().unwrap();
        write(home.path(), "secret", "the secret");
        write(&home.path().join("assets"), "css/site.css", "body{color:red}".repeat(100));
        write(&home.path().join("assets"), "short.txt", "0123456789");
        write(&home.path().join("assets"), "long.bin", vec![7; 300_000]);
        let mut settings = settings(home.path());
        change(&mut settings);
        StaticFiles::of(&Site::new(settings.clone()).unwrap()).collect(&CollectOptions::default()).unwrap();
        let site = Site::new(settings).unwrap();
        let mut middleware = StaticFilesMiddleware::new();
        middleware.setup(&Setup::new(&site)).unwrap();
        Self { home, site, middleware }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.home.path().join(name)
    }

    async fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> HttpResponse {
        let mut request = HttpRequest::test(method, target).site(&self.site);
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request = request.header("Host", "testserver");
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match self.middleware.call(request.build(), &Routes).await {
            Ok(response) => response,
            Err(error) => HttpResponse::new("error").with_status(error.status()),
        }
    }

    async fn get(&self, target: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let response = self.ask("GET", target, headers).await;
        (response.status().as_u16(), text(response).await)
    }
}

async fn text(mut response: HttpResponse) -> String {
    String::from_utf8_lossy(&response.take_body().collect().await.unwrap().to_bytes()).into_owned()
}

fn header(response: &HttpResponse, name: &str) -> String {
    response.header(name).unwrap_or_default().into_owned()
}

/// Cases 150 to 155: every spelling of a way out.
#[tokio::test]
async fn cases_150_to_155_no_path_leads_out() {
    for debug in [false, true] {
        let served = Served::new(|settings| settings.DEBUG = debug);
        assert_eq!(served.get("/static/short.txt", &[]).await, (200, "0123456789".into()));
        for path in [
            "/static/../secret",
            "/static/css/../../secret",
            "/static/%2e%2e/secret",
            "/static/..%2fsecret",
            "/static/%252e%252e/secret",
            "/static/..\\secret",
            "/static/..%5csecret",
            "/static//etc/passwd",
            "/static/%2fetc%2fpasswd",
            "/static//secret",
            "/static/./short.txt",
            "/static/css//site.css",
            "/static/short.txt%00",
            "/static/short.txt/",
            "/static/short.txt%2f..%2f..%2fsecret",
            "/static/css",
            "/static/css/",
            "/static/",
            "/static/%ff",
            "/static/..;/secret",
            "/static/file:///etc/passwd",
        ] {
            let (status, text) = served.get(path, &[]).await;
            assert_eq!((status, text.as_str()), (404, "no route"), "{debug} {path}");
        }
        assert_eq!(served.get("/static", &[]).await.0, 404);
        assert_eq!(served.get("/elsewhere/short.txt", &[]).await.0, 404);
    }
}

/// Cases 417 to 420: links, pipes, folders and devices do not exist.
#[tokio::test]
async fn cases_417_to_420_only_regular_files_within_are_served() {
    for (debug, folder) in [(false, "root"), (true, "assets")] {
        let served = Served::new(|settings| settings.DEBUG = debug);
        let at = |name: &str| served.path(folder).join(name);
        symlink(served.path("secret"), at("link")).unwrap();
        symlink("short.txt", at("inner")).unwrap();
        symlink(served.home.path(), at("out")).unwrap();
        symlink("/dev/zero", at("zero")).unwrap();
        symlink(at("loop"), at("loop")).unwrap();
        let (cwd, mode) = (rustix::fs::CWD, rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(cwd, at("pipe"), rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        // Only root can make one; it stands for what a link to /dev would lead to.
        let _device = rustix::fs::mknodat(
            cwd,
            at("device"),
            rustix::fs::FileType::CharacterDevice,
            mode,
            rustix::fs::makedev(1, 5),
        );
        for name in [
            "link",
            "inner",
            "out/secret",
            "out/assets/short.txt",
            "zero",
            "loop",
            "pipe",
            "socket",
            "device",
            "css",
        ] {
            let target = format!("/static/{name}");
            let answer = tokio::time::timeout(std::time::Duration::from_secs(5), served.get(&target, &[]));
            assert_eq!(answer.await.unwrap(), (404, "no route".into()), "{debug} {name}");
        }
    }
}

/// Case 420: what is being sent stays what it was when another file takes its place.
#[tokio::test]
async fn case_420_a_file_replaced_during_sending() {
    let served = Served::new(|_| ());
    let mut response = served.ask("GET", "/static/long.bin", &[]).await;
    assert_eq!(header(&response, "content-length"), "300000");
    write(&served.path("root"), "new", vec![8; 300_000]);
    fs::rename(served.path("root/new"), served.path("root/long.bin")).unwrap();
    let body = response.take_body().collect().await.unwrap().to_bytes();
    assert!(body.len() == 300_000 && body.iter().all(|byte| *byte == 7));

    // One that is cut off is an error, which ends the connection: never a short whole.
    let mut response = served.ask("GET", "/static/long.bin", &[]).await;
    fs::File::options().write(true).open(served.path("root/long.bin")).unwrap().set_len(100_000).unwrap();
    assert!(response.take_body().collect().await.is_err());
}

/// Case 421: no header makes more work than the file itself.
#[tokio::test]
async fn case_421_range_bombs() {
    let served = Served::new(|_| ());
    let thousand = (0..1000).map(|n| format!("{n}-{n}")).collect::<Vec<_>>().join(",");
    let overlapping = vec!["0-"; 16].join(",");
    for range in [&thousand, &overlapping, "0-,5-", "18446744073709551616-x"] {
        let response = served.ask("GET", "/static/long.bin", &[("Range", &format!("bytes={range}"))]).await;
        assert_eq!(response.status(), 200, "{range}");
        assert_eq!(text(response).await.len(), 300_000);
    }
    let response = served.ask("GET", "/static/short.txt", &[("Range", "bytes=18446744073709551616-")]).await;
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-range").as_str()),
        (416, "bytes */10")
    );
    let sixteen = (0..16).map(|n| format!("{0}-{0}", n * 100)).collect::<Vec<_>>().join(",");
    let response = served.ask("GET", "/static/long.bin", &[("Range", &format!("bytes={sixteen}"))]).await;
    assert_eq!(response.status(), 206);
    let (length, body) = (header(&response, "content-length"), text(response).await);
    assert_eq!(body.matches("Content-Range: bytes ").count(), 16);
    assert_eq!(length, body.len().to_string());
}

#[tokio::test]
async fn ranges() {
    let served = Served::new(|_| ());
    for (range, status, content_range, body) in [
        ("bytes=0-3", 206, "bytes 0-3/10", "0123"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=5-3", 200, "", "0123456789"),
        ("bytes=10-", 416, "bytes */10", ""),
    ] {
        let response = served.ask("GET", "/static/short.txt", &[("Range", range)]).await;
        assert_eq!(
            (response.status().as_u16(), header(&response, "content-range").as_str()),
            (status, content_range)
        );
        assert_eq!(text(response).await, body, "{range}");
    }
    let response = served.ask("GET", "/static/short.txt", &[("Range", "bytes=0-1,8-9")]).await;
    assert!(header(&response, "content-type").starts_with("multipart/byteranges; boundary="));
    let body = text(response).await;
    assert!(body.contains("Content-Range: bytes 0-1/10\r\n\r\n01\r\n--"), "{body}");
    assert!(
        body.contains("Content-Range: bytes 8-9/10\r\n\r\n89\r\n--") && body.ends_with("--\r\n"),
        "{body}"
    );

    let etag = header(&served.ask("HEAD", "/static/short.txt", &[]).await, "etag");
    let date = header(&served.ask("HEAD", "/static/short.txt", &[]).await, "last-modified");
    for (condition, status) in [
        (etag.as_str(), 206),
        (date.as_str(), 206),
        ("\"other\"", 200),
        ("W/\"x\"", 200),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
    ] {
        let headers = [("Range", "bytes=0-3"), ("If-Range", condition)];
        assert_eq!(served.get("/static/short.txt", &headers).await.0, status, "{condition}");
    }
}

#[tokio::test]
async fn conditions_and_methods() {
    let served = Served::new(|_| ());
    let whole = served.ask("GET", "/static/short.txt", &[]).await;
    let (etag, date) = (header(&whole, "etag"), header(&whole, "last-modified"));
    assert_eq!(header(&whole, "cache-control"), "max-age=60, public");
    assert_eq!(header(&whole, "content-type"), "text/plain; charset=utf-8");
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    for (name, value, status) in [
        ("If-None-Match", etag.as_str(), 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "\"x\"", 200),
        ("If-Modified-Since", date.as_str(), 304),
        ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("If-Match", "\"x\"", 412),
        ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 412),
    ] {
        let response = served.ask("GET", "/static/short.txt", &[(name, value)]).await;
        assert_eq!(response.status().as_u16(), status, "{name}: {value}");
        assert_eq!(header(&response, "etag"), etag);
    }
    let head = served.ask("HEAD", "/static/short.txt", &[]).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length").as_str()), (200, "10"));
    for method in ["POST", "PUT", "DELETE", "get"] {
        assert_eq!(served.ask(method, "/static/short.txt", &[]).await.status(), 404, "{method}");
    }
    // As before any view, a host that is not ours gets nothing.
    assert_eq!(served.get("/static/short.txt", &[("Host", "evil.example")]).await.0, 400);
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever_and_compressed() {
    let served = Served::new(|settings| settings.STATIC_ALLOW_ALL_ORIGINS = true);
    let url = static_url(&served.site, "css/site.css").unwrap();
    let plain = served.ask("GET", &url, &[]).await;
    assert_eq!(header(&plain, "cache-control"), "max-age=315360000, public, immutable");
    assert_eq!(header(&plain, "vary"), "Accept-Encoding");
    assert_eq!(header(&plain, "access-control-allow-origin"), "*");
    assert_eq!(header(&plain, "content-encoding"), "");
    let mut etags = vec![header(&plain, "etag")];
    for (accepts, encoding) in
        [("gzip, deflate", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("identity", "")]
    {
        let response = served.ask("GET", &url, &[("Accept-Encoding", accepts)]).await;
        assert_eq!(header(&response, "content-encoding"), encoding, "{accepts}");
        assert_eq!(header(&response, "content-type"), "text/css; charset=utf-8");
        assert_eq!(header(&response, "vary"), "Accept-Encoding");
        etags.push(header(&response, "etag"));
        if encoding == "gzip" {
            let bytes = { response }.take_body().collect().await.unwrap().to_bytes();
            let mut back = String::new();
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*bytes), &mut back).unwrap();
            assert_eq!(back, "body{color:red}".repeat(100));
        }
    }
    assert_eq!(etags[0], etags[4]);
    assert!(etags[0] != etags[1] && etags[1] != etags[2] && etags[1] == etags[3], "{etags:?}");
    // The name without a hash is asked for again.
    let response = served.ask("GET", "/static/css/site.css", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(
        (header(&response, "cache-control").as_str(), header(&response, "content-encoding").as_str()),
        ("max-age=60, public", "gzip")
    );
    // A variant that is older than its file is of another content.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    fs::write(served.path("root/css/site.css"), "new").unwrap();
    fs::File::open(served.path("root/css/site.css")).unwrap().set_modified(later).unwrap();
    assert_eq!(served.get("/static/css/site.css", &[("Accept-Encoding", "gzip")]).await, (200, "new".into()));
}

#[tokio::test]
async fn while_developing() {
    let served = Served::new(|settings| settings.DEBUG = true);
    write(&served.path("assets"), "new.js", "let x;");
    let response = served.ask("GET", "/static/new.js", &[]).await;
    assert_eq!(header(&response, "cache-control"), "max-age=0, public");
    assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(static_url(&served.site, "new.js").unwrap(), "/static/new.js");
}

#[tokio::test]
async fn uploaded_files_are_no_pages() {
    let served = Served::new(|_| ());
    write(&served.path("media"), "a/page.html", "<script>alert(1)</script>");
    let media = serve(served.path("media"));
    let ask = async |method: &str, path: &str| {
        let request = HttpRequest::test(method, "/media/x").build();
        media.answer(&request, path).await
    };
    let response = ask("GET", "a/page.html").await.unwrap();
    assert!(header(&response, "content-security-policy").starts_with("sandbox"));
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    for path in ["../secret", "a/../../secret", "/etc/passwd", "a", ""] {
        assert_eq!(ask("GET", path).await.unwrap_err().status(), 404, "{path}");
    }
    assert_eq!(ask("POST", "a/page.html").await.unwrap().status(), 405);
}
