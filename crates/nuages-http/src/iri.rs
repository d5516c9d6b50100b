//! Between IRIs, URIs, file paths and request paths: `django.utils.encoding` and the path of `WSGIRequest`.

use std::borrow::Cow;

use percent_encoding::AsciiSet;

use crate::quoting::{PATH, RESERVED, push_escaped, quote, unquote_to_bytes};

/// RFC 3986's reserved and unreserved characters and the percent sign stay.
const IRI: AsciiSet = RESERVED
    .remove(b'/')
    .remove(b'#')
    .remove(b'%')
    .remove(b'[')
    .remove(b']')
    .remove(b'=')
    .remove(b':')
    .remove(b';')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b'!')
    .remove(b'?')
    .remove(b'*')
    .remove(b'@')
    .remove(b'\'');

/// As above, but `;`, `=`, `?`, `#`, brackets and the percent sign would end or change a path.
const URI_PATH: AsciiSet = PATH
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

const FILE_PATH: AsciiSet = PATH.remove(b'!').remove(b'*').remove(b'(').remove(b')').remove(b'\'');

/// The URI of an IRI: what is not ASCII, or may not stand in a URI, is escaped; escapes stay.
///
/// ```
/// use nuages_http::iri::iri_to_uri;
///
/// assert_eq!(iri_to_uri("/I \u{2665} Django/"), "/I%20%E2%99%A5%20Django/");
/// ```
#[must_use]
pub fn iri_to_uri(iri: &str) -> Cow<'_, str> {
    quote(iri, &IRI)
}

/// The IRI of a URI: escapes of letters, of `-._~` and of what is not ASCII are decoded, as far as they are UTF-8.
///
/// ```
/// use nuages_http::iri::uri_to_iri;
///
/// assert_eq!(uri_to_iri("/%E2%99%A5%20%41%ff/"), "/\u{2665}%20A%FF/");
/// ```
#[must_use]
pub fn uri_to_iri(uri: &str) -> Cow<'_, str> {
    if !uri.contains('%') {
        return Cow::Borrowed(uri);
    }
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        rest = match after {
            [high, low, behind @ ..] if *first == b'%' => match decoded(*high, *low) {
                Some(byte) => {
                    bytes.push(byte);
                    behind
                }
                None => {
                    bytes.push(b'%');
                    after
                }
            },
            _ => {
                bytes.push(*first);
                after
            }
        };
    }
    Cow::Owned(repercent_broken_unicode(&bytes).into_owned())
}

/// The byte of an escape that an IRI does not need. Digits are unreserved too, but Django leaves them escaped.
fn decoded(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    let unneeded =
        byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'.' | b'_' | b'~') || !byte.is_ascii();
    unneeded.then_some(byte)
}

/// The bytes as text; those that are not UTF-8 are escaped (again).
///
/// ```
/// use nuages_http::iri::repercent_broken_unicode;
/// assert_eq!(repercent_broken_unicode(b"/caf\xc3\xa9/\xff"), "/caf\u{e9}/%FF");
/// ```
#[must_use]
pub fn repercent_broken_unicode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            push_escaped(&mut text, *byte);
        }
    }
    Cow::Owned(text)
}

/// The path of a request as the application sees it, from the path as it was sent: `request.path_info`.
///
/// Escapes are decoded, even those of slashes; bytes that are not UTF-8 stay escaped. An escaped NUL is a NUL.
///
/// ```
/// use nuages_http::iri::decode_path;
///
/// assert_eq!(decode_path(b"/caf%C3%A9/%ff%zz"), "/caf\u{e9}/%FF%zz");
/// ```
#[must_use]
pub fn decode_path(raw: &[u8]) -> Cow<'_, str> {
    match unquote_to_bytes(raw) {
        Cow::Borrowed(bytes) => repercent_broken_unicode(bytes),
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(repercent_broken_unicode(error.as_bytes()).into_owned()),
        },
    }
}

/// The path with what may not stand in the path of a URI escaped, percent signs too.
///
/// ```
/// use nuages_http::iri::escape_uri_path;
///
/// assert_eq!(escape_uri_path("/a b?/50%/"), "/a%20b%3F/50%25/");
/// ```
#[must_use]
pub fn escape_uri_path(path: &str) -> Cow<'_, str> {
    quote(path, &URI_PATH)
}

/// The path of a file as a part of a URI; backslashes become slashes.
///
/// ```
/// use nuages_http::iri::filepath_to_uri;
///
/// assert_eq!(filepath_to_uri(r"a\b c.txt"), "a/b%20c.txt");
/// ```
#[must_use]
pub fn filepath_to_uri(path: &str) -> Cow<'_, str> {
    if path.contains('\\') {
        Cow::Owned(quote(&path.replace('\\', "/"), &FILE_PATH).into_owned())
    } else {
        quote(path, &FILE_PATH)
    }
}
