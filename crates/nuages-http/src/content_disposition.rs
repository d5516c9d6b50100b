//! The Content-Disposition header (RFC 6266): `django.utils.http.content_disposition_header`.

use crate::quoting::{PATH, quote};

/// Whether a browser shows a file or saves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Shown in the page.
    Inline,
    /// Saved as a file.
    Attachment,
}

/// The value of the header for a file of this name; None if there is nothing to say, for an inline file without a name.
///
/// ```
/// use nuages_http::content_disposition::{Disposition, content_disposition_header};
///
/// let header = content_disposition_header(Disposition::Attachment, "r\u{e9}sum\u{e9}.pdf");
/// assert_eq!(header.as_deref(), Some("attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf"));
/// ```
#[must_use]
pub fn content_disposition_header(disposition: Disposition, filename: &str) -> Option<String> {
    if filename.is_empty() {
        return (disposition == Disposition::Attachment).then(|| "attachment".to_owned());
    }
    let disposition = match disposition {
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    };
    Some(if is_quotable(filename) {
        let filename = filename.replace('\\', r"\\").replace('"', "\\\"");
        format!("{disposition}; filename=\"{filename}\"")
    } else {
        format!("{disposition}; filename*=utf-8''{}", quote(filename, &PATH))
    })
}

/// Whether all characters may stand in a quoted string. A line feed at the end passes here, as it does in Django, and is
/// then refused as a header's value.
fn is_quotable(filename: &str) -> bool {
    let line = filename.strip_suffix('\n').unwrap_or(filename);
    line.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}
