//! Finding the pairs of a `Cookie` header without building anything.
//!
//! The rules are `parse_cookie`'s of `django/http/cookie.py`: pairs end at `;`, a name at its first `=`, a pair without
//! `=` is a value without a name, a pair with neither is none. Unlike there, blanks around names and values are spaces
//! and tabs alone: Django's `strip()` also drops Unicode blanks, by which a cookie that a browser does not hold for
//! `__Host-…` becomes one.

use std::borrow::Cow;

use crate::quoting;

/// A name and a value as they stand in the header, trimmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RawPair<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

/// The pairs of a header, in order, repeated names included.
pub(crate) fn pairs(header: &[u8]) -> impl Iterator<Item = RawPair<'_>> {
    Chunks { rest: Some(header) }.filter_map(pair)
}

/// The value of the last pair called `name`.
pub(crate) fn find<'a>(header: &'a [u8], name: &str) -> Option<&'a [u8]> {
    if name.is_empty() || name.contains('\u{FFFD}') {
        return pairs(header).filter(|pair| decode(pair.name) == name).last().map(|pair| pair.value);
    }
    let name = name.as_bytes();
    let mut rest = header;
    loop {
        let (before, chunk) = match memchr::memrchr(b';', rest).and_then(|at| rest.split_at_checked(at)) {
            Some((before, chunk)) => (Some(before), chunk.strip_prefix(b";").unwrap_or(chunk)),
            None => (None, rest),
        };
        if let Some(after) = trim_start(chunk).strip_prefix(name) {
            // The name may have been no more than the start of this one's.
            if let Some(value) = trim_start(after).strip_prefix(b"=")
                && is_name(name)
            {
                return Some(trim(value));
            }
        }
        rest = before?;
    }
}

/// False for what no name of a pair can be, although a header may seem to start with it.
fn is_name(name: &[u8]) -> bool {
    !name.contains(&b'=') && !name.last().is_some_and(is_blank)
}

/// Text of a name or a raw value: UTF-8, with U+FFFD in place of what is not.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A value as a view sees it.
pub(crate) fn value(bytes: &[u8]) -> Cow<'_, str> {
    quoting::unquote(decode(bytes))
}

fn pair(chunk: &[u8]) -> Option<RawPair<'_>> {
    let (name, value) = match memchr::memchr(b'=', chunk).and_then(|at| chunk.split_at_checked(at)) {
        Some((name, value)) => (trim(name), trim(value.strip_prefix(b"=").unwrap_or(value))),
        None => ([].as_slice(), trim(chunk)),
    };
    (!name.is_empty() || !value.is_empty()).then_some(RawPair { name, value })
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let Some((b' ' | b'\t', rest)) = bytes.split_first() {
        bytes = rest;
    }
    bytes
}

fn trim(bytes: &[u8]) -> &[u8] {
    let mut bytes = trim_start(bytes);
    while let Some((b' ' | b'\t', rest)) = bytes.split_last() {
        bytes = rest;
    }
    bytes
}

struct Chunks<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        match memchr::memchr(b';', rest).and_then(|at| rest.split_at_checked(at)) {
            Some((chunk, after)) => {
                self.rest = after.strip_prefix(b";");
                Some(chunk)
            }
            None => {
                self.rest = None;
                Some(rest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backward_search_finds_what_the_forward_one_lists() {
        for (header, name, value) in [
            ("a=1; b=2; a=3", "a", Some("3")),
            ("ab=1", "a", None),
            ("a=1", "ab", None),
            ("a b=1", "a", None),
            ("a=b=c", "a=b", None),
            ("a =1", "a ", None),
            ("a =1", "a", Some("1")),
            (" a=1", " a", None),
            ("a=1;b=2", "a=1;b", None),
            ("a", "a", None),
            ("a", "", Some("a")),
            ("=", "", None),
            ("=;x", "", Some("x")),
            ("x; =y ;", "", Some("y")),
            ("a=;", "a", Some("")),
            ("", "a", None),
        ] {
            assert_eq!(find(header.as_bytes(), name), value.map(str::as_bytes), "{header:?} {name:?}");
            let listed = pairs(header.as_bytes()).filter(|pair| pair.name == name.as_bytes()).last();
            assert_eq!(listed.map(|pair| pair.value), value.map(str::as_bytes), "{header:?} {name:?}");
        }
    }
}
