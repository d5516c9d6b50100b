//! What a file is, by the end of its name.

use std::borrow::Cow;

use nuages_http::content_types::guess_type;

/// The content type of a file; text says that it is UTF-8, as WhiteNoise has it.
pub(super) fn of(name: &str) -> Cow<'static, str> {
    let found = match name.rsplit_once('.') {
        Some((_, "eot")) => "application/vnd.ms-fontobject",
        _ => guess_type(name),
    };
    if found.starts_with("text/") { format!("{found}; charset=utf-8").into() } else { found.into() }
}

/// Is it worth compressing? What is compressed already is not.
pub(super) fn is_compressible(name: &str) -> bool {
    let kind = of(name);
    kind.starts_with("text/")
        || kind.contains("json")
        || kind.contains("xml")
        || matches!(
            &*kind,
            "application/wasm"
                | "application/vnd.ms-fontobject"
                | "font/otf"
                | "font/ttf"
                | "image/bmp"
                | "image/vnd.microsoft.icon"
                | "image/x-icon"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        for (name, expected, compressible) in [
            ("a/site.CSS", "text/css; charset=utf-8", true),
            ("app.js", "text/javascript; charset=utf-8", true),
            ("app.js.map", "application/json", true),
            ("a.b/c", "application/octet-stream", false),
            ("x.tar.gz", "application/gzip", false),
            ("logo.svg", "image/svg+xml", true),
            ("font.eot", "application/vnd.ms-fontobject", true),
            ("font.woff2", "font/woff2", false),
            ("", "application/octet-stream", false),
        ] {
            assert_eq!((&*of(name), is_compressible(name)), (expected, compressible), "{name}");
        }
    }
}
