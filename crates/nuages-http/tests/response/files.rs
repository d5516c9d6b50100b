//! Files as answers: parts of them, conditions, and what becomes of a file that changes.

use nuages_http::{BodyError, FileResponse, HttpRequest, HttpResponse, StatusCode};
use tempfile::TempDir;

const CONTENT: &str = "0123456789";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("digits.txt");
    std::fs::write(&path, CONTENT).unwrap();
    (folder, path)
}

async fn content(response: &mut HttpResponse) -> Result<String, nuages_http::Error> {
    let mut body = response.take_body();
    let mut content = Vec::new();
    while let Some(chunk) = body.next_chunk().await? {
        content.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(content).unwrap())
}

async fn ask(path: &std::path::Path, method: &str, headers: &[(&str, &str)]) -> HttpResponse {
    let request = headers
        .iter()
        .fold(HttpRequest::test(method, "/"), |request, (name, value)| request.header(name, value));
    FileResponse::open(path).await.unwrap().respond_to(&request.build()).unwrap()
}

#[test]
fn a_whole_file() {
    let (_folder, path) = folder();
    block_on(async {
        let mut response = ask(&path, "GET", &[]).await;
        assert_eq!(response.status(), 200);
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-length", "10"),
            ("content-disposition", "inline; filename=\"digits.txt\""),
            ("accept-ranges", "bytes"),
        ] {
            assert_eq!(response.header(name).as_deref(), Some(value));
        }
        assert!(response.has_header("etag") && response.has_header("last-modified"));
        assert_eq!(content(&mut response).await.unwrap(), CONTENT);
        response.set_cookie("seen", 1);
        assert!(response.check_cookies().is_ok());
        let response = HttpResponse::file(&HttpRequest::test("GET", "/").build(), path.join("no")).await;
        assert!(response.is_err());
        let response = HttpResponse::file(&HttpRequest::test("GET", "/").build(), "/no/such/file").await;
        assert_eq!(response.unwrap_err().status(), 404);
    });
}

#[test]
fn parts_of_a_file() {
    let (_folder, path) = folder();
    block_on(async {
        for (range, status, content_range, expected) in [
            ("bytes=2-4", 206, Some("bytes 2-4/10"), "234"),
            ("bytes=-1", 206, Some("bytes 9-9/10"), "9"),
            ("bytes=5-", 206, Some("bytes 5-9/10"), "56789"),
            ("bytes=0-99", 206, Some("bytes 0-9/10"), CONTENT),
            ("bytes=10-", 416, Some("bytes */10"), ""),
            ("bytes=18446744073709551616-", 416, Some("bytes */10"), ""),
            ("bytes=4-2", 200, None, CONTENT),
            ("nonsense", 200, None, CONTENT),
        ] {
            let mut response = ask(&path, "GET", &[("Range", range)]).await;
            assert_eq!(response.status().as_u16(), status, "{range}");
            assert_eq!(response.header("content-range").as_deref(), content_range, "{range}");
            let found = content(&mut response).await.unwrap();
            assert_eq!(found, expected, "{range}");
            if status != 416 {
                assert_eq!(response.header("content-length").as_deref(), Some(&*found.len().to_string()));
            }
        }
        let response = ask(&path, "HEAD", &[("Range", "bytes=2-4")]).await;
        assert_eq!(response.status(), 200);
    });
}

#[test]
fn several_parts_of_a_file() {
    let (_folder, path) = folder();
    block_on(async {
        let mut response = ask(&path, "GET", &[("Range", "bytes=0-1,-2")]).await;
        assert_eq!(response.status(), 206);
        let content_type = response.header("content-type").unwrap().into_owned();
        let boundary = content_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
        let expected = format!(
            "\r\n--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01\
             \r\n--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n89\
             \r\n--{boundary}--\r\n"
        );
        assert_eq!(response.header("content-length").as_deref(), Some(&*expected.len().to_string()));
        assert_eq!(response.header("content-range"), None);
        assert_eq!(content(&mut response).await.unwrap(), expected);
        // As many ranges as make sense, and no more.
        let bomb = format!("bytes={}", vec!["0-0"; 1000].join(","));
        assert_eq!(ask(&path, "GET", &[("Range", &bomb)]).await.status(), 200);
        assert_eq!(ask(&path, "GET", &[("Range", "bytes=0-9,0-9")]).await.status(), 200);
    });
}

#[test]
fn conditions() {
    let (_folder, path) = folder();
    block_on(async {
        let first = ask(&path, "GET", &[]).await;
        let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
        for (headers, status) in [
            (&[("If-None-Match", &*etag)][..], 304),
            (&[("If-None-Match", "\"x\""), ("If-Modified-Since", &*modified)][..], 200),
            (&[("If-Modified-Since", &*modified)][..], 304),
            (&[("If-Match", "\"x\"")][..], 412),
            (&[("If-Range", &*etag), ("Range", "bytes=0-0")][..], 206),
            (&[("If-Range", &*modified), ("Range", "bytes=0-0")][..], 206),
            (&[("If-Range", "\"x\""), ("Range", "bytes=0-0")][..], 200),
            (&[("If-None-Match", &*etag), ("Range", "bytes=0-0")][..], 304),
        ] {
            let mut response = ask(&path, "GET", headers).await;
            assert_eq!(response.status().as_u16(), status, "{headers:?}");
            if status == 304 {
                assert_eq!(response.header("etag").as_ref(), Some(&etag));
                assert!(!response.has_header("content-type") && !response.has_header("content-length"));
                assert_eq!(content(&mut response).await.unwrap(), "");
            }
        }
    });
}

#[test]
fn a_file_that_becomes_shorter_is_cut() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    std::fs::write(&path, vec![b'x'; 200_000]).unwrap();
    block_on(async {
        let mut response = FileResponse::open(&path).await.unwrap().into_response().unwrap();
        let mut body = response.take_body();
        assert_eq!(body.next_chunk().await.unwrap().unwrap().len(), 65_536);
        std::fs::write(&path, "short").unwrap();
        assert!(body.next_chunk().await.is_err());
    });
}

#[cfg(unix)]
#[test]
fn only_ordinary_files_are_sent() {
    let folder = TempDir::new().unwrap();
    block_on(async {
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [folder.path(), &pipe, std::path::Path::new("/dev/zero")] {
            assert!(FileResponse::open(path).await.is_err(), "{}", path.display());
        }
    });
}

#[test]
fn names_and_types() {
    for (file, content_type, disposition) in [
        (FileResponse::of_bytes(""), "application/octet-stream", None),
        (FileResponse::of_bytes("").as_attachment(), "application/octet-stream", Some("attachment")),
        (FileResponse::of_bytes("x").filename("/srv/a.csv"), "text/csv", Some("inline; filename=\"a.csv\"")),
        (
            FileResponse::of_bytes("x").filename("a.b").filename(""),
            "application/octet-stream",
            Some("inline; filename=\"a.b\""),
        ),
        (
            FileResponse::of_bytes("x").filename("r\u{e9}.pdf").as_attachment(),
            "application/pdf",
            Some("attachment; filename*=utf-8''r%C3%A9.pdf"),
        ),
        (
            FileResponse::of_bytes("x").filename("a.json").content_type("text/x-own"),
            "text/x-own",
            Some("inline; filename=\"a.json\""),
        ),
    ] {
        let response = file.into_response().unwrap();
        assert_eq!(response.header("content-type").as_deref(), Some(content_type));
        assert_eq!(response.header("content-disposition").as_deref(), disposition);
    }
    assert!(FileResponse::of_bytes("x").content_type("a\r\nb").into_response().is_err());
    assert!(FileResponse::of_bytes("x").etag("\"\n\"".to_owned()).into_response().is_err());
    let injecting = FileResponse::of_bytes("x").filename("a\r\nSet-Cookie: b").into_response().unwrap();
    assert!(!injecting.header("content-disposition").unwrap().contains('\n'));
}

#[test]
fn a_writer_that_does_not_finish_cuts_the_body() {
    block_on(async {
        let (mut writer, body) = nuages_http::Body::channel();
        let mut response = HttpResponse::streaming(body);
        writer.send("half").await.unwrap();
        drop(writer);
        assert!(content(&mut response).await.is_err());

        let (mut writer, body) = nuages_http::Body::channel();
        let mut response = HttpResponse::streaming(body).with_status(StatusCode::CREATED);
        response.set_cookie("a", 1);
        let writing = tokio::spawn(async move {
            for _ in 0..100 {
                writer.send("x".repeat(10)).await?;
            }
            writer.finish().await;
            Ok::<_, nuages_http::NobodyReads>(())
        });
        assert_eq!(content(&mut response).await.unwrap().len(), 1000);
        writing.await.unwrap().unwrap();

        let (mut writer, body) = nuages_http::Body::channel();
        drop(body);
        writer.closed().await;
        assert!(writer.send("x").await.is_err());

        let (writer, mut body) = nuages_http::Body::channel();
        writer.fail(BodyError::from("the database left")).await;
        assert!(body.next_chunk().await.unwrap_err().to_string().contains("the database left"));
    });
}
