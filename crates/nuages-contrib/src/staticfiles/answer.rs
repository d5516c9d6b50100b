//! The answer to a request for a file: conditions, ranges, encodings, caching.

use std::io;

use bytes::Bytes;
use nuages_http::http_date::{http_date, parse_http_date_safe};
use nuages_http::{Body, HttpRequest, HttpResponse, Method, Result, StatusCode};
use nuages_middleware::{Condition, evaluate_condition};
use rand::RngExt;
use tokio::task::spawn_blocking;

use super::content_type;
use super::encodings::Encoding;
use super::file_body::{CHUNK, FileBody, Piece, read};
use super::folder::{Folder, Opened};
use super::ranges::{Asked, ByteRange, parse};

/// How long a file may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caching {
    /// Its name changes with its content.
    Immutable,
    /// This many seconds.
    Seconds(u32),
}

/// How files of a folder are answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) caching: Caching,
    /// Look for compressed files beside the plain one.
    pub(super) precompressed: bool,
    pub(super) all_origins: bool,
}

/// What was found on the disk.
struct Found {
    opened: Opened,
    encoding: Option<Encoding>,
    /// There are variants, whichever was chosen.
    varies: bool,
    /// All of a short file.
    content: Option<Bytes>,
}

/// The answer of a file in this folder; none if there is no such file.
pub(super) async fn answer(
    request: &HttpRequest,
    folder: &Folder,
    name: &str,
    policy: Policy,
) -> Result<Option<HttpResponse>> {
    if request.method != Method::GET && request.method != Method::HEAD {
        return Ok(None);
    }
    let accepted: Vec<Encoding> = match request.headers.get("accept-encoding") {
        Some(header) => Encoding::ALL.into_iter().filter(|encoding| encoding.is_accepted(&header)).collect(),
        None => Vec::new(),
    };
    let (folder, on_disk) = (folder.clone(), name.to_owned());
    let found = spawn_blocking(move || find(&folder, &on_disk, policy.precompressed, &accepted)).await??;
    found.map(|found| respond(request, name, found, policy)).transpose()
}

fn find(
    folder: &Folder,
    name: &str,
    precompressed: bool,
    accepted: &[Encoding],
) -> io::Result<Option<Found>> {
    let Some(plain) = folder.open(name)? else { return Ok(None) };
    let (mut opened, mut encoding, mut varies) = (plain, None, false);
    for candidate in Encoding::ALL.into_iter().filter(|_| precompressed) {
        let variant = folder.open(&format!("{name}{}", candidate.suffix()))?;
        // One that is older than its file is of another content.
        let Some(variant) = variant.filter(|variant| variant.modified >= opened.modified) else { continue };
        varies = true;
        if encoding.is_none() && accepted.contains(&candidate) {
            (opened, encoding) = (variant, Some(candidate));
        }
    }
    let content = match opened.length {
        length if length <= CHUNK => Some(read(&opened.file, ByteRange { start: 0, end: length })?),
        _ => None,
    };
    Ok(Some(Found { opened, encoding, varies, content }))
}

fn respond(request: &HttpRequest, name: &str, found: Found, policy: Policy) -> Result<HttpResponse> {
    let opened = &found.opened;
    let etag = format!(
        "\"{:x}-{:x}-{:x}{}\"",
        opened.modified,
        opened.modified_nanoseconds,
        opened.length,
        found.encoding.map_or("", Encoding::suffix).replace('.', "-"),
    );
    let last_modified = http_date(seconds(opened.modified)).ok();
    let mut response = match evaluate_condition(request, Some(&etag), Some(opened.modified)) {
        Condition::NotModified => HttpResponse::not_modified(),
        Condition::Failed => HttpResponse::new("").with_status(StatusCode::PRECONDITION_FAILED),
        _ => content(request, name, found.opened, found.content, &etag)?,
    };
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        return Ok(response);
    }
    response.set_header("etag", &etag)?;
    if let Some(date) = last_modified {
        response.set_header("last-modified", &date)?;
    }
    response.set_header("accept-ranges", "bytes")?;
    match policy.caching {
        Caching::Immutable => response.set_header("cache-control", "max-age=315360000, public, immutable")?,
        Caching::Seconds(age) => response.set_header("cache-control", &format!("max-age={age}, public"))?,
    };
    if found.varies {
        response.patch_vary(&["Accept-Encoding"]);
    }
    if let Some(encoding) = found.encoding.filter(|_| response.status().is_success()) {
        response.set_header("content-encoding", encoding.name())?;
    }
    if policy.all_origins {
        response.set_header("access-control-allow-origin", "*")?;
    }
    Ok(response)
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit into a float for 200 million years")]
fn seconds(time: i64) -> f64 {
    time as f64
}

/// The whole file, or the parts that were asked for.
fn content(
    request: &HttpRequest,
    name: &str,
    opened: Opened,
    whole: Option<Bytes>,
    etag: &str,
) -> Result<HttpResponse> {
    let (length, kind) = (opened.length, content_type::of(name));
    let asked = match request.headers.get("range") {
        Some(range) if request.method == Method::GET && is_same(request, etag, opened.modified) => {
            parse(&range, length)
        }
        _ => Asked::Whole,
    };
    let all = ByteRange { start: 0, end: length };
    match asked {
        Asked::Whole => match whole {
            Some(bytes) => sized(HttpResponse::new(bytes), length, kind),
            None => streamed(FileBody::new(opened.file, [Piece::Part(all)]), kind),
        },
        Asked::Nothing => {
            let mut response = HttpResponse::new("").with_status(StatusCode::RANGE_NOT_SATISFIABLE);
            response.set_header("content-range", &format!("bytes */{length}"))?;
            Ok(response)
        }
        Asked::Parts(parts) => match parts[..] {
            [part] => {
                let mut response = streamed(FileBody::new(opened.file, [Piece::Part(part)]), kind)?;
                response.set_status(StatusCode::PARTIAL_CONTENT);
                response.set_header("content-range", &part.of(length))?;
                Ok(response)
            }
            _ => several(opened, &parts, kind),
        },
    }
}

/// `multipart/byteranges`.
fn several(opened: Opened, parts: &[ByteRange], kind: &str) -> Result<HttpResponse> {
    let boundary = format!("{:032x}", rand::rng().random::<u128>());
    let mut pieces = Vec::new();
    for part in parts {
        let range = part.of(opened.length);
        let head = format!("\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {range}\r\n\r\n");
        pieces.extend([Piece::Text(head.into()), Piece::Part(*part)]);
    }
    pieces.push(Piece::Text(format!("\r\n--{boundary}--\r\n").into()));
    let body = FileBody::new(opened.file, pieces);
    let response = streamed(body, &format!("multipart/byteranges; boundary={boundary}"))?;
    Ok(response.with_status(StatusCode::PARTIAL_CONTENT))
}

fn streamed(body: FileBody, kind: &str) -> Result<HttpResponse> {
    let length = body.length();
    sized(HttpResponse::streaming(Body::stream(body)), length, kind)
}

fn sized(response: HttpResponse, length: u64, kind: &str) -> Result<HttpResponse> {
    let mut response = response.with_content_type(kind)?;
    response.set_header("content-length", &length.to_string())?;
    Ok(response)
}

/// Does If-Range, if it is there, name this state of the file?
fn is_same(request: &HttpRequest, etag: &str, modified: i64) -> bool {
    request.headers.get("if-range").is_none_or(|condition| {
        condition == etag || parse_http_date_safe(&condition).is_some_and(|date| date == modified)
    })
}
