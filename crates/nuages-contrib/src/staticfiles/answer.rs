//! The answer to a request for a file: which variant of it, and how long it may be kept.

use std::io;

use nuages_http::{FileResponse, HttpRequest, HttpResponse, Method, Result, StatusCode};
use tokio::task::spawn_blocking;

use super::content_type;
use super::encodings::Encoding;
use super::folder::{Folder, Opened};

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
    let (modified, mut found) = (plain.modified, Found { opened: plain, encoding: None, varies: false });
    for candidate in Encoding::ALL.into_iter().filter(|_| precompressed) {
        let variant = folder.open(&format!("{name}{}", candidate.suffix()))?;
        // One that is older than its file is of another content.
        let Some(variant) = variant.filter(|variant| variant.modified >= modified) else { continue };
        found.varies = true;
        if found.encoding.is_none() && accepted.contains(&candidate) {
            (found.opened, found.encoding) = (variant, Some(candidate));
        }
    }
    Ok(Some(found))
}

fn respond(request: &HttpRequest, name: &str, found: Found, policy: Policy) -> Result<HttpResponse> {
    let Opened { file, length, modified, modified_nanoseconds } = found.opened;
    // Each variant is a representation of its own.
    let variant = found.encoding.map_or("", Encoding::name);
    let etag = format!("\"{modified:x}{modified_nanoseconds:08x}-{length:x}{variant}\"");
    let file = FileResponse::of_file(file)?.etag(etag).content_type(content_type::of(name));
    let mut response = file.respond_to(request)?;
    if found.varies {
        response.patch_vary(&["Accept-Encoding"]);
    }
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        return Ok(response);
    }
    match policy.caching {
        Caching::Immutable => response.set_header("cache-control", "max-age=315360000, public, immutable")?,
        Caching::Seconds(age) => response.set_header("cache-control", &format!("max-age={age}, public"))?,
    };
    if let Some(encoding) = found.encoding.filter(|_| response.status().is_success()) {
        response.set_header("content-encoding", encoding.name())?;
    }
    if policy.all_origins {
        response.set_header("access-control-allow-origin", "*")?;
    }
    Ok(response)
}
