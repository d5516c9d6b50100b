//! Encodings of one byte a character: encoding_rs's tables, corrected where Python's differ.
//!
//! encoding_rs implements what browsers do, so that `iso-8859-9` is windows-1254 there and every byte of a Windows code
//! page means something. Python keeps the standards' tables; the differences are stated here as data.

use encoding_rs::Encoding;

/// What the bytes 0x80 to 0x9F mean where the table of encoding_rs has nothing better than a control character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Controls {
    /// As encoding_rs has it.
    Table,
    /// A control character is no character (Windows code pages).
    Undefined,
    /// All of them are the control characters of the same number (ISO 8859).
    Same,
}

/// One encoding: a table and its corrections.
#[derive(Debug)]
pub(super) struct Charmap {
    table: &'static Encoding,
    controls: Controls,
    corrections: &'static [(u8, Option<char>)],
}

const fn charmap(table: &'static Encoding, controls: Controls) -> Charmap {
    Charmap { table, controls, corrections: &[] }
}

const fn windows(table: &'static Encoding) -> Charmap {
    charmap(table, Controls::Undefined)
}

const fn plain(table: &'static Encoding) -> Charmap {
    charmap(table, Controls::Table)
}

pub(super) static CP1250: Charmap = windows(encoding_rs::WINDOWS_1250);
pub(super) static CP1251: Charmap = windows(encoding_rs::WINDOWS_1251);
pub(super) static CP1252: Charmap = windows(encoding_rs::WINDOWS_1252);
pub(super) static CP1253: Charmap = windows(encoding_rs::WINDOWS_1253);
pub(super) static CP1254: Charmap = windows(encoding_rs::WINDOWS_1254);
pub(super) static CP1255: Charmap =
    Charmap { corrections: &[(0xca, None)], ..windows(encoding_rs::WINDOWS_1255) };
pub(super) static CP1256: Charmap = windows(encoding_rs::WINDOWS_1256);
pub(super) static CP1257: Charmap = windows(encoding_rs::WINDOWS_1257);
pub(super) static CP1258: Charmap = windows(encoding_rs::WINDOWS_1258);
pub(super) static CP866: Charmap = plain(encoding_rs::IBM866);
pub(super) static CP874: Charmap = windows(encoding_rs::WINDOWS_874);
pub(super) static TIS_620: Charmap =
    Charmap { corrections: &[(0xa0, None)], ..charmap(encoding_rs::WINDOWS_874, Controls::Same) };
pub(super) static ISO8859_2: Charmap = plain(encoding_rs::ISO_8859_2);
pub(super) static ISO8859_3: Charmap = plain(encoding_rs::ISO_8859_3);
pub(super) static ISO8859_4: Charmap = plain(encoding_rs::ISO_8859_4);
pub(super) static ISO8859_5: Charmap = plain(encoding_rs::ISO_8859_5);
pub(super) static ISO8859_6: Charmap = plain(encoding_rs::ISO_8859_6);
pub(super) static ISO8859_7: Charmap = plain(encoding_rs::ISO_8859_7);
pub(super) static ISO8859_8: Charmap = plain(encoding_rs::ISO_8859_8);
pub(super) static ISO8859_9: Charmap = charmap(encoding_rs::WINDOWS_1254, Controls::Same);
pub(super) static ISO8859_10: Charmap = plain(encoding_rs::ISO_8859_10);
pub(super) static ISO8859_11: Charmap = charmap(encoding_rs::WINDOWS_874, Controls::Same);
pub(super) static ISO8859_13: Charmap = plain(encoding_rs::ISO_8859_13);
pub(super) static ISO8859_14: Charmap = plain(encoding_rs::ISO_8859_14);
pub(super) static ISO8859_15: Charmap = plain(encoding_rs::ISO_8859_15);
pub(super) static ISO8859_16: Charmap = plain(encoding_rs::ISO_8859_16);
pub(super) static KOI8_R: Charmap = plain(encoding_rs::KOI8_R);
pub(super) static KOI8_U: Charmap = Charmap {
    corrections: &[(0xae, Some('\u{255d}')), (0xbe, Some('\u{256c}'))],
    ..plain(encoding_rs::KOI8_U)
};
pub(super) static MAC_ROMAN: Charmap = plain(encoding_rs::MACINTOSH);
pub(super) static MAC_CYRILLIC: Charmap = plain(encoding_rs::X_MAC_CYRILLIC);

impl Charmap {
    /// One item a byte: its character, or None where Python has none.
    pub(super) fn decode(&self, bytes: &[u8]) -> Vec<Option<char>> {
        let (text, _) = self.table.decode_without_bom_handling(bytes);
        bytes.iter().zip(text.chars()).map(|(&byte, c)| self.corrected(byte, c)).collect()
    }

    fn corrected(&self, byte: u8, c: char) -> Option<char> {
        if let Some((_, correction)) = self.corrections.iter().find(|(at, _)| *at == byte) {
            return *correction;
        }
        let control = (0x80..=0x9f).contains(&u32::from(c));
        match self.controls {
            Controls::Undefined if control => None,
            Controls::Same if (0x80..=0x9f).contains(&byte) => Some(char::from(byte)),
            _ if c == char::REPLACEMENT_CHARACTER => None,
            _ => Some(c),
        }
    }

    /// The bytes of the text, or None if a character has none.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let upper: Vec<u8> = (0x80..=0xff).collect();
        let table = self.decode(&upper);
        text.chars()
            .map(|c| match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() => Some(byte),
                _ => table.iter().zip(&upper).find_map(|(at, byte)| (*at == Some(c)).then_some(*byte)),
            })
            .collect()
    }
}
