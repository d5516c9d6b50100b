//! The names of uploaded files: `MultiPartParser.sanitize_file_name`, and the rest that `UploadedFile` does to them.

use crate::char_class::is_printable;

/// Names are cut to this many characters, their extensions kept.
const LONGEST: usize = 255;

/// The name without the folders that a client put before it, and without what does not print; none if nothing is left.
///
/// It is still the client's word: never a path to write to.
pub(crate) fn sanitize_file_name(name: &str) -> Option<String> {
    let name = htmlize::unescape(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| is_printable(*c)).collect();
    if matches!(&*name, "" | "." | "..") { None } else { Some(shortened(name)) }
}

fn shortened(name: String) -> String {
    let length = name.chars().count();
    if length <= LONGEST {
        return name;
    }
    let (stem, extension) = split_extension(&name);
    let extension: String = extension.chars().take(LONGEST).collect();
    let room = LONGEST.saturating_sub(extension.chars().count());
    stem.chars().take(room).chain(extension.chars()).collect()
}

/// Python's `os.path.splitext`: leading dots are part of the name.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    let dots = name.len().saturating_sub(name.trim_start_matches('.').len());
    match name.rfind('.') {
        Some(at) if at > dots => name.split_at_checked(at).unwrap_or((name, "")),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_221_to_228_only_the_last_part_of_a_path_is_a_name() {
        for (name, expected) in [
            ("../../x", Some("x")),
            ("/etc/passwd", Some("passwd")),
            (r"C:\dir\x.txt", Some("x.txt")),
            (r"..\..\x", Some("x")),
            ("x\0.txt", Some("x.txt")),
            ("..", None),
            (".", None),
            ("", None),
            ("dir/", None),
            ("..&#x2F;..&#47;etc&sol;passwd", Some("passwd")),
            ("..&bsol;..&bsol;x", Some("x")),
            ("&#46;&#46;", None),
            ("x\r\nSet-Cookie: a=b", Some("xSet-Cookie: a=b")),
            ("AT&amp;T &ampx &copy2 &nosuch;", Some("AT&T &x \u{a9}2 &nosuch;")),
            ("a\u{202e}gpj.exe\u{200b}", Some("agpj.exe")),
            ("r\u{e9}sum\u{e9} 1.pdf", Some("r\u{e9}sum\u{e9} 1.pdf")),
            ("C:x", Some("C:x")),
        ] {
            assert_eq!(sanitize_file_name(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = sanitize_file_name(&format!("{}.tar", "\u{e9}".repeat(300))).unwrap();
        assert_eq!((name.chars().count(), name.ends_with("\u{e9}.tar")), (255, true));
        let name = sanitize_file_name(&format!("a.{}", "b".repeat(300))).unwrap();
        assert_eq!(name, format!(".{}", "b".repeat(254)));
        for (name, expected) in
            [("a.b.c", ("a.b", ".c")), (".bashrc", (".bashrc", "")), ("..a.b", ("..a", ".b"))]
        {
            assert_eq!(split_extension(name), expected);
        }
    }
}
