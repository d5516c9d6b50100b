//! Bodies, forms and uploads: cases 187 to 232 of the list of attacks, against the crate itself.

mod bodies;
mod cases;
mod django;
mod handlers;
mod temporary;

use std::sync::Arc;

use nuages_http::{Body, ErrorKind, HttpRequest, Settings, Site};

/// A site with these settings.
fn site(change: impl FnOnce(&mut Settings)) -> Arc<Site> {
    let mut settings = Settings { ALLOWED_HOSTS: vec!["testserver".into()], ..Settings::default() };
    change(&mut settings);
    Site::new(settings).unwrap()
}

/// With the threads for blocking work that uploads need.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A body that comes in pieces, without a length.
fn chunked(body: &[u8], size: usize) -> Body {
    let pieces: Vec<_> =
        body.chunks(size).map(|piece| Ok::<_, std::io::Error>(piece.to_vec().into())).collect();
    Body::from_chunks(pieces)
}

/// A request with a multipart body whose boundary is `b`.
fn multipart(site: &Arc<Site>, body: impl Into<Body>) -> HttpRequest {
    HttpRequest::test("POST", "/")
        .site(site)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body)
        .build()
}

/// A part: its headers and its content.
fn part(head: &str, content: &str) -> String {
    format!("--b\r\n{head}\r\n\r\n{content}\r\n")
}

fn field(name: &str, content: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\""), content)
}

fn file(name: &str, file_name: &str, content: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\""), content)
}

fn form(parts: &[String]) -> Vec<u8> {
    format!("{}--b--\r\n", parts.concat()).into_bytes()
}

/// The fields, and the names and contents of the files; or the kind of the error.
type Read = Result<(Vec<(String, String)>, Vec<(String, String, Vec<u8>)>), ErrorKind>;

async fn read(request: &HttpRequest) -> Read {
    let post = request.POST().await.map_err(|error| error.kind())?;
    let fields = post.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut files = Vec::new();
    for (field, list) in request.FILES().await.map_err(|error| error.kind())?.lists() {
        for file in list {
            files.push((field.to_owned(), file.name().to_owned(), file.read().await.unwrap().to_vec()));
        }
    }
    Ok((fields, files))
}

/// How many fields and files there are, or the kind of the error.
fn count(request: &HttpRequest) -> Result<(usize, usize), ErrorKind> {
    block_on(read(request)).map(|(fields, files)| (fields.len(), files.len()))
}
