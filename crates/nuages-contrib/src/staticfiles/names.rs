//! Names with a hash of the content, and the URLs around them, taken apart as Django takes them apart.

use md5::{Digest, Md5};
use nuages_http::iri::filepath_to_uri;
use nuages_http::url_split::{SplitUrl, urljoin, urlsplit};
use percent_encoding::percent_decode_str;

/// Twelve digits of the MD5 (`file_hash`); it tells versions apart, and protects nothing.
pub(super) fn hash(content: &[u8]) -> String {
    Md5::digest(content).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The name with the hash before its extension.
pub(super) fn with_hash(name: &str, hash: &str) -> String {
    let (folder, file) = match name.rsplit_once('/') {
        Some((folder, file)) => (Some(folder), file),
        None => (None, name),
    };
    // As `os.path.splitext`: dots at the beginning are part of the name.
    let leading = file.len().saturating_sub(file.trim_start_matches('.').len());
    let (root, extension) = match file.rfind('.').filter(|dot| *dot > leading.saturating_sub(1) && *dot > 0) {
        Some(dot) if dot >= leading => file.split_at(dot),
        _ => (file, ""),
    };
    match folder {
        Some(folder) => format!("{folder}/{root}.{hash}{extension}"),
        None => format!("{root}.{hash}{extension}"),
    }
}

/// `urllib.parse.unquote`.
pub(super) fn unquote(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A URL taken apart; what cannot be is taken for a path.
pub(super) fn split(url: &str) -> SplitUrl {
    urlsplit(url).unwrap_or_else(|_| SplitUrl { path: url.to_owned(), ..SplitUrl::default() })
}

/// `urllib.parse.urlunsplit`.
pub(super) fn unsplit(parts: &SplitUrl) -> String {
    let mut url = parts.path.clone();
    if !parts.netloc.is_empty() {
        let slash = if url.is_empty() || url.starts_with('/') { "" } else { "/" };
        url = format!("//{}{slash}{url}", parts.netloc);
    }
    if !parts.scheme.is_empty() {
        url = format!("{}:{url}", parts.scheme);
    }
    if !parts.query.is_empty() {
        url = format!("{url}?{}", parts.query);
    }
    if !parts.fragment.is_empty() {
        url = format!("{url}#{}", parts.fragment);
    }
    url
}

/// `urllib.parse.urldefrag`: the URL and its fragment.
pub(super) fn defrag(url: &str) -> (String, String) {
    if !url.contains('#') {
        return (url.to_owned(), String::new());
    }
    let mut parts = split(url);
    let fragment = std::mem::take(&mut parts.fragment);
    (unsplit(&parts), fragment)
}

/// `posixpath.normpath`.
pub(super) fn normalized(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The URL of a stored name, beneath STATIC_URL.
pub(super) fn url(base: &str, stored: &str) -> String {
    let (path, query) = stored.split_at(stored.find('?').unwrap_or(stored.len()));
    let path = filepath_to_uri(path);
    let path = path.trim_start_matches('/');
    format!("{}{query}", urljoin(base, path).unwrap_or_else(|_| format!("{base}{path}")))
}

/// The URL of a name that may carry a query and a fragment; `stored` finds what the file is called on the disk.
///
/// `?#` is a trick that makes old browsers stop reading at a font's name, and is kept.
pub(super) fn url_of<E>(
    base: &str,
    name: &str,
    stored: impl FnOnce(&str) -> Result<String, E>,
) -> Result<String, E> {
    let (clean, fragment) = defrag(name);
    let stored = if split(&clean).path.ends_with('/') { name.to_owned() } else { stored(&clean)? };
    let mut url = url(base, &stored);
    let trick = name.contains("?#");
    if !fragment.is_empty() || trick {
        let mut parts = split(&url);
        if parts.fragment.is_empty() {
            parts.fragment = fragment;
        }
        if trick && parts.query.is_empty() {
            parts.path.push('?');
        }
        url = unsplit(&parts);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stand_before_the_extension() {
        assert_eq!(hash(b"hello"), "5d41402abc4b");
        for (name, expected) in [
            ("css/site.css", "css/site.h.css"),
            ("a.tar.gz", "a.tar.h.gz"),
            ("LICENSE", "LICENSE.h"),
            ("a.b/c", "a.b/c.h"),
            ("deep/.hidden", "deep/.hidden.h"),
            ("..x", "..x.h"),
            (".a.css", ".a.h.css"),
        ] {
            assert_eq!(with_hash(name, "h"), expected);
        }
    }

    #[test]
    fn paths() {
        for (path, expected) in [
            ("css/../img/./a.png", "img/a.png"),
            ("../a", "../a"),
            ("a/..", "."),
            ("/../a", "/a"),
            ("a//b/", "a/b"),
        ] {
            assert_eq!(normalized(path), expected);
        }
    }

    #[test]
    fn urls() {
        let stored = |name: &str| Ok::<_, ()>(format!("{name}!"));
        for (name, expected) in [
            ("a.svg", "/static/a.svg!"),
            ("a.svg#icon", "/static/a.svg!#icon"),
            ("a.eot?#iefix", "/static/a.eot!?#iefix"),
            ("folder/", "/static/folder/"),
            ("a b.css", "/static/a%20b.css!"),
            ("a.css?v=1", "/static/a.css?v=1!"),
        ] {
            assert_eq!(url_of("/static/", name, stored).as_deref(), Ok(expected), "{name}");
        }
        assert_eq!(url("https://cdn.example.com/s/", "/a.css"), "https://cdn.example.com/s/a.css");
    }
}
