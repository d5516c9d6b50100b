//! UTF-16 and UTF-32, with Python's byte order marks.

use super::codec::ByteOrder;

/// The text, and whether every byte could be decoded.
pub(super) fn decode_16(bytes: &[u8], order: ByteOrder) -> (String, bool) {
    let (bytes, big) = match order {
        ByteOrder::Little => (bytes, false),
        ByteOrder::Big => (bytes, true),
        ByteOrder::Mark => match bytes {
            [0xff, 0xfe, rest @ ..] => (rest, false),
            [0xfe, 0xff, rest @ ..] => (rest, true),
            _ => (bytes, false),
        },
    };
    let (units, rest) = bytes.as_chunks::<2>();
    let units =
        units.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    replaced(char::decode_utf16(units).map(Result::ok), rest)
}

/// The text, and whether every byte could be decoded.
pub(super) fn decode_32(bytes: &[u8], order: ByteOrder) -> (String, bool) {
    let (bytes, big) = match order {
        ByteOrder::Little => (bytes, false),
        ByteOrder::Big => (bytes, true),
        ByteOrder::Mark => match bytes {
            [0xff, 0xfe, 0, 0, rest @ ..] => (rest, false),
            [0, 0, 0xfe, 0xff, rest @ ..] => (rest, true),
            _ => (bytes, false),
        },
    };
    let (units, rest) = bytes.as_chunks::<4>();
    let units =
        units.iter().map(|four| if big { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) });
    replaced(units.map(char::from_u32), rest)
}

fn replaced(chars: impl Iterator<Item = Option<char>>, rest: &[u8]) -> (String, bool) {
    let mut whole = true;
    let mut text: String = chars
        .map(|c| {
            whole &= c.is_some();
            c.unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    if !rest.is_empty() {
        whole = false;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, whole)
}

pub(super) fn encode_16(text: &str, order: ByteOrder) -> Vec<u8> {
    let mark: &[u8] = if order == ByteOrder::Mark { &[0xff, 0xfe] } else { &[] };
    let units = text
        .encode_utf16()
        .flat_map(|unit| if order == ByteOrder::Big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    mark.iter().copied().chain(units).collect()
}

pub(super) fn encode_32(text: &str, order: ByteOrder) -> Vec<u8> {
    let mark: &[u8] = if order == ByteOrder::Mark { &[0xff, 0xfe, 0, 0] } else { &[] };
    let units = text
        .chars()
        .map(u32::from)
        .flat_map(|unit| if order == ByteOrder::Big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    mark.iter().copied().chain(units).collect()
}
