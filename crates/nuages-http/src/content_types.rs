//! Media types by the extension of a file's name: `mimetypes.guess_type`, with the types that are registered today.

/// The media type of a file of this name, and the encoding around it; `application/octet-stream` if it is not known.
/// What is compressed has the type of its compression, so that browsers save it as it is, as Django's `FileResponse` does.
///
/// ```
/// use nuages_http::content_types::guess_type;
/// assert_eq!(guess_type("report.PDF"), "application/pdf");
/// assert_eq!(guess_type("backup.tar.gz"), "application/gzip");
/// assert_eq!(guess_type("README"), "application/octet-stream");
/// ```
#[must_use]
pub fn guess_type(file_name: &str) -> &'static str {
    const UNKNOWN: &str = "application/octet-stream";
    let name = file_name.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = name.rsplit_once('.') else { return UNKNOWN };
    if stem.trim_start_matches('.').is_empty() {
        return UNKNOWN;
    }
    match extension {
        "gz" | "svgz" | "tgz" | "taz" | "tz" => "application/gzip",
        "Z" => "application/x-compress",
        "bz2" | "tbz2" => "application/x-bzip",
        "xz" | "txz" => "application/x-xz",
        "br" => "application/x-brotli",
        _ => of_extension(&extension.to_ascii_lowercase()).unwrap_or(UNKNOWN),
    }
}

fn of_extension(extension: &str) -> Option<&'static str> {
    let at = TYPES.binary_search_by_key(&extension, |(known, _)| known).ok()?;
    TYPES.get(at).map(|(_, media_type)| *media_type)
}

/// In the order of the extensions.
const TYPES: &[(&str, &str)] = &[
    ("3g2", "audio/3gpp2"),
    ("3gp", "audio/3gpp"),
    ("3gpp", "audio/3gpp"),
    ("3gpp2", "audio/3gpp2"),
    ("7z", "application/x-7z-compressed"),
    ("a", "text/vnd.a"),
    ("aac", "audio/aac"),
    ("adts", "audio/aac"),
    ("ai", "application/postscript"),
    ("aif", "audio/x-aiff"),
    ("aifc", "audio/x-aiff"),
    ("aiff", "audio/x-aiff"),
    ("apk", "application/vnd.android.package-archive"),
    ("ass", "audio/aac"),
    ("au", "audio/basic"),
    ("avi", "video/x-msvideo"),
    ("avif", "image/avif"),
    ("bat", "application/x-msdos-program"),
    ("bcpio", "application/x-bcpio"),
    ("bin", "application/octet-stream"),
    ("bmp", "image/bmp"),
    ("c", "text/x-csrc"),
    ("cdf", "application/x-cdf"),
    ("cpio", "application/x-cpio"),
    ("csh", "text/x-csh"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("dll", "application/x-msdos-program"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("dot", "text/vnd.graphviz"),
    ("dvi", "application/x-dvi"),
    ("eml", "message/rfc822"),
    ("eps", "application/postscript"),
    ("epub", "application/epub+zip"),
    ("etx", "text/x-setext"),
    ("exe", "application/x-msdos-program"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("gtar", "application/x-gtar"),
    ("h", "text/x-chdr"),
    ("h5", "application/x-hdf5"),
    ("hdf", "application/x-hdf"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ics", "text/calendar"),
    ("ief", "image/ief"),
    ("jpe", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("jxl", "image/jxl"),
    ("ksh", "text/plain"),
    ("latex", "application/x-latex"),
    ("loas", "audio/usac"),
    ("m1v", "video/mpeg"),
    ("m3u", "audio/mpegurl"),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4a", "audio/mp4"),
    ("man", "application/x-troff-man"),
    ("map", "application/json"),
    ("md", "text/markdown"),
    ("me", "application/x-troff-me"),
    ("mht", "message/rfc822"),
    ("mhtml", "message/rfc822"),
    ("mif", "application/vnd.mif"),
    ("mjs", "text/javascript"),
    ("mov", "video/quicktime"),
    ("movie", "video/x-sgi-movie"),
    ("mp2", "audio/mpeg"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpa", "video/mpeg"),
    ("mpe", "video/mpeg"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("ms", "application/x-troff-ms"),
    ("n3", "text/n3"),
    ("nc", "application/x-netcdf"),
    ("nq", "application/n-quads"),
    ("nt", "application/n-triples"),
    ("nws", "message/rfc822"),
    ("o", "application/x-object"),
    ("obj", "model/obj"),
    ("oda", "application/ODA"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/ogg"),
    ("otf", "font/otf"),
    ("p12", "application/pkcs12"),
    ("p7c", "application/pkcs7-mime"),
    ("pbm", "image/x-portable-bitmap"),
    ("pdf", "application/pdf"),
    ("pfx", "application/pkcs12"),
    ("pgm", "image/x-portable-graymap"),
    ("pl", "text/x-perl"),
    ("png", "image/png"),
    ("pnm", "image/x-portable-anymap"),
    ("pot", "text/plain"),
    ("ppa", "application/vnd.ms-powerpoint"),
    ("ppm", "image/x-portable-pixmap"),
    ("pps", "application/vnd.ms-powerpoint"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ps", "application/postscript"),
    ("pwz", "application/vnd.ms-powerpoint"),
    ("py", "text/x-python"),
    ("pyc", "application/x-python-code"),
    ("pyo", "application/x-python-code"),
    ("qt", "video/quicktime"),
    ("ra", "audio/x-pn-realaudio"),
    ("ram", "audio/x-pn-realaudio"),
    ("ras", "image/x-cmu-raster"),
    ("rdf", "application/rdf+xml"),
    ("rgb", "image/x-rgb"),
    ("roff", "text/troff"),
    ("rtf", "application/rtf"),
    ("rtx", "text/richtext"),
    ("sgm", "text/SGML"),
    ("sgml", "text/SGML"),
    ("sh", "text/x-sh"),
    ("shar", "application/x-shar"),
    ("snd", "audio/basic"),
    ("so", "application/octet-stream"),
    ("sql", "application/sql"),
    ("src", "application/x-wais-source"),
    ("srt", "text/plain"),
    ("sv4cpio", "application/x-sv4cpio"),
    ("sv4crc", "application/x-sv4crc"),
    ("svg", "image/svg+xml"),
    ("swf", "application/vnd.adobe.flash.movie"),
    ("t", "text/troff"),
    ("tar", "application/x-tar"),
    ("tcl", "text/x-tcl"),
    ("tex", "text/x-tex"),
    ("texi", "application/x-texinfo"),
    ("texinfo", "application/x-texinfo"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("toml", "application/toml"),
    ("tr", "text/troff"),
    ("trig", "application/trig"),
    ("tsv", "text/tab-separated-values"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain"),
    ("ustar", "application/x-ustar"),
    ("vcf", "text/vcard"),
    ("vtt", "text/vtt"),
    ("wasm", "application/wasm"),
    ("wav", "audio/x-wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("wiz", "application/msword"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("wsdl", "application/wsdl+xml"),
    ("xbm", "image/x-xbitmap"),
    ("xlb", "application/vnd.ms-excel"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("xpdl", "application/xml"),
    ("xpm", "image/x-xpixmap"),
    ("xsl", "application/xslt+xml"),
    ("xwd", "image/x-xwindowdump"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(TYPES.is_sorted_by(|(a, _), (b, _)| a < b));
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("a.txt", "text/plain"),
            ("dir.d/a.JS", "text/javascript"),
            ("a.svg", "image/svg+xml"),
            ("a.svgz", "application/gzip"),
            ("a.Z", "application/x-compress"),
            (".txt", "application/octet-stream"),
            ("a.", "application/octet-stream"),
            ("", "application/octet-stream"),
            ("a.unknownext", "application/octet-stream"),
        ] {
            assert_eq!(guess_type(name), expected, "{name}");
        }
    }
}
