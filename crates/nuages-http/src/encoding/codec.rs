//! The codecs: bytes to text and text to bytes, as Python's codecs of the same names do it.

use std::borrow::Cow;

use super::single_byte::Charmap;
use super::wide;

/// The order of the bytes of UTF-16 and UTF-32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// By a byte order mark, which is written too; little if there is none.
    Mark,
    Little,
    Big,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Codec {
    Utf8,
    Utf8Sig,
    Ascii,
    Latin1,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
    SingleByte(&'static Charmap),
    MultiByte(&'static encoding_rs::Encoding),
}

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

impl Codec {
    /// Undecodable bytes become U+FFFD.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Utf8Sig => String::from_utf8_lossy(unmarked(bytes)),
            Self::Ascii => match str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => Cow::Borrowed(text),
                _ => bytes.iter().map(|byte| ascii(*byte).unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
            },
            Self::Latin1 => latin_1(bytes),
            Self::Utf16(order) => wide::decode_16(bytes, order).0.into(),
            Self::Utf32(order) => wide::decode_32(bytes, order).0.into(),
            Self::SingleByte(charmap) => {
                charmap.decode(bytes).into_iter().map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
            Self::MultiByte(encoding) => encoding.decode_without_bom_handling(bytes).0,
        }
    }

    /// None if a byte cannot be decoded.
    pub(super) fn decode_strict(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Utf8Sig => str::from_utf8(unmarked(bytes)).ok().map(Cow::Borrowed),
            Self::Ascii => str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(Cow::Borrowed),
            Self::Latin1 => Some(latin_1(bytes)),
            Self::Utf16(order) => strict(wide::decode_16(bytes, order)),
            Self::Utf32(order) => strict(wide::decode_32(bytes, order)),
            Self::SingleByte(charmap) => charmap.decode(bytes).into_iter().collect(),
            Self::MultiByte(encoding) => encoding.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }

    /// None if a character has no bytes in this encoding.
    pub(super) fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
            Self::Utf8Sig => Some(Cow::Owned([UTF_8_MARK, text.as_bytes()].concat())),
            Self::Ascii => text.is_ascii().then_some(Cow::Borrowed(text.as_bytes())),
            Self::Latin1 if text.is_ascii() => Some(Cow::Borrowed(text.as_bytes())),
            Self::Latin1 => {
                text.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>().map(Cow::Owned)
            }
            Self::Utf16(order) => Some(Cow::Owned(wide::encode_16(text, order))),
            Self::Utf32(order) => Some(Cow::Owned(wide::encode_32(text, order))),
            Self::SingleByte(charmap) => charmap.encode(text).map(Cow::Owned),
            Self::MultiByte(encoding) => {
                let (bytes, _, unmappable) = encoding.encode(text);
                (!unmappable).then_some(bytes)
            }
        }
    }
}

fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes)
}

fn ascii(byte: u8) -> Option<char> {
    byte.is_ascii().then(|| char::from(byte))
}

/// ISO 8859-1 as the standard and Python have it: byte n is character n, also from 0x80 to 0x9F.
pub(crate) fn latin_1(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn strict<'a>((text, whole): (String, bool)) -> Option<Cow<'a, str>> {
    whole.then_some(Cow::Owned(text))
}
