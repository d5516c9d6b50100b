//! Writing multipart forms.

use bytes::Bytes;

pub(crate) const CONTENT_TYPE: &str = "multipart/form-data; boundary=BoUnDaRyStRiNg";
const SEPARATOR: &str = "--BoUnDaRyStRiNg\r\n";
const END: &[u8] = b"--BoUnDaRyStRiNg--\r\n";

/// The form with one more part.
pub(crate) fn with_part(form: &Bytes, disposition: &str, content: &[u8]) -> Bytes {
    let begun = form.strip_suffix(END).unwrap_or_default();
    let head = format!("{SEPARATOR}Content-Disposition: form-data; {disposition}\r\n\r\n");
    [begun, head.as_bytes(), content, b"\r\n", END].concat().into()
}

/// A name in quotes, as browsers write it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22"))
}
