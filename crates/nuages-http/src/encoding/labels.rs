//! From a charset label to a codec, by Python's rules (`codecs.lookup`) and Python's aliases.

use super::codec::{ByteOrder, Codec};
use super::single_byte;

/// The codec Python would choose for this label, if nuages has it.
pub(super) fn lookup(label: &str) -> Option<Codec> {
    let name = normalize(label);
    named(&name).or_else(|| named(&name.replace('.', "_")))
}

/// Python's `encodings.normalize_encoding`: lower case, and each run of other characters one underscore.
fn normalize(label: &str) -> String {
    let mut name = String::with_capacity(label.len());
    let mut gap = false;
    for c in label.chars() {
        if c.is_alphanumeric() || c == '.' {
            if gap && !name.is_empty() {
                name.push('_');
            }
            if c.is_ascii() {
                name.push(c.to_ascii_lowercase());
            }
            gap = false;
        } else {
            gap = true;
        }
    }
    name
}

fn multi(encoding: &'static encoding_rs::Encoding) -> Codec {
    Codec::MultiByte(encoding)
}

fn single(charmap: &'static single_byte::Charmap) -> Codec {
    Codec::SingleByte(charmap)
}

/// Python's module names and aliases (`encodings.aliases` of Python 3.11).
fn named(name: &str) -> Option<Codec> {
    let codec =
        match name {
            "cp65001" | "u8" | "utf" | "utf8" | "utf8_ucs2" | "utf8_ucs4" | "utf_8" => Codec::Utf8,
            "utf_8_sig" => Codec::Utf8Sig,
            "646" | "ansi_x3.4_1968" | "ansi_x3.4_1986" | "ansi_x3_4_1968" | "ascii" | "cp367"
            | "csascii" | "ibm367" | "iso646_us" | "iso_646.irv_1991" | "iso_ir_6" | "us" | "us_ascii" => {
                Codec::Ascii
            }
            "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso8859" | "iso8859_1" | "iso_8859_1"
            | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" | "latin1" | "latin_1" => Codec::Latin1,
            "u16" | "utf16" | "utf_16" => Codec::Utf16(ByteOrder::Mark),
            "unicodelittleunmarked" | "utf_16_le" | "utf_16le" => Codec::Utf16(ByteOrder::Little),
            "unicodebigunmarked" | "utf_16_be" | "utf_16be" => Codec::Utf16(ByteOrder::Big),
            "u32" | "utf32" | "utf_32" => Codec::Utf32(ByteOrder::Mark),
            "utf_32_le" | "utf_32le" => Codec::Utf32(ByteOrder::Little),
            "utf_32_be" | "utf_32be" => Codec::Utf32(ByteOrder::Big),
            "big5" | "big5_tw" | "csbig5" | "x_mac_trad_chinese" => multi(encoding_rs::BIG5),
            "big5_hkscs" | "big5hkscs" | "hkscs" => multi(encoding_rs::BIG5),
            "950" | "cp950" | "ms950" => multi(encoding_rs::BIG5),
            "euc_jp" | "eucjp" | "u_jis" | "ujis" => multi(encoding_rs::EUC_JP),
            "csshiftjis" | "s_jis" | "shift_jis" | "shiftjis" | "sjis" | "x_mac_japanese" => {
                multi(encoding_rs::SHIFT_JIS)
            }
            "932" | "cp932" | "ms932" | "ms_kanji" | "mskanji" => multi(encoding_rs::SHIFT_JIS),
            "csiso2022jp" | "iso2022_jp" | "iso2022jp" | "iso_2022_jp" => multi(encoding_rs::ISO_2022_JP),
            "euc_kr" | "euckr" | "korean" | "ks_c_5601" | "ks_c_5601_1987" | "ks_x_1001" | "ksc5601"
            | "ksx1001" | "x_mac_korean" => multi(encoding_rs::EUC_KR),
            "949" | "cp949" | "ms949" | "uhc" => multi(encoding_rs::EUC_KR),
            "chinese" | "csiso58gb231280" | "euc_cn" | "euccn" | "eucgb2312_cn" | "gb2312"
            | "gb2312_1980" | "gb2312_80" | "iso_ir_58" | "x_mac_simp_chinese" => multi(encoding_rs::GBK),
            "936" | "cp936" | "gbk" | "ms936" => multi(encoding_rs::GBK),
            "gb18030" | "gb18030_2000" => multi(encoding_rs::GB18030),
            "1250" | "cp1250" | "windows_1250" => single(&single_byte::CP1250),
            "1251" | "cp1251" | "windows_1251" => single(&single_byte::CP1251),
            "1252" | "cp1252" | "windows_1252" => single(&single_byte::CP1252),
            "1253" | "cp1253" | "windows_1253" => single(&single_byte::CP1253),
            "1254" | "cp1254" | "windows_1254" => single(&single_byte::CP1254),
            "1255" | "cp1255" | "windows_1255" => single(&single_byte::CP1255),
            "1256" | "cp1256" | "windows_1256" => single(&single_byte::CP1256),
            "1257" | "cp1257" | "windows_1257" => single(&single_byte::CP1257),
            "1258" | "cp1258" | "windows_1258" => single(&single_byte::CP1258),
            "866" | "cp866" | "csibm866" | "ibm866" => single(&single_byte::CP866),
            "cp874" => single(&single_byte::CP874),
            "iso_ir_166" | "tis620" | "tis_620" | "tis_620_0" | "tis_620_2529_0" | "tis_620_2529_1" => {
                single(&single_byte::TIS_620)
            }
            "csisolatin2" | "iso8859_2" | "iso_8859_2" | "iso_8859_2_1987" | "iso_ir_101" | "l2"
            | "latin2" => single(&single_byte::ISO8859_2),
            "csisolatin3" | "iso8859_3" | "iso_8859_3" | "iso_8859_3_1988" | "iso_ir_109" | "l3"
            | "latin3" => single(&single_byte::ISO8859_3),
            "csisolatin4" | "iso8859_4" | "iso_8859_4" | "iso_8859_4_1988" | "iso_ir_110" | "l4"
            | "latin4" => single(&single_byte::ISO8859_4),
            "csisolatincyrillic" | "cyrillic" | "iso8859_5" | "iso_8859_5" | "iso_8859_5_1988"
            | "iso_ir_144" => single(&single_byte::ISO8859_5),
            "arabic" | "asmo_708" | "csisolatinarabic" | "ecma_114" | "iso8859_6" | "iso_8859_6"
            | "iso_8859_6_1987" | "iso_ir_127" => single(&single_byte::ISO8859_6),
            "csisolatingreek" | "ecma_118" | "elot_928" | "greek" | "greek8" | "iso8859_7" | "iso_8859_7"
            | "iso_8859_7_1987" | "iso_ir_126" => single(&single_byte::ISO8859_7),
            "csisolatinhebrew" | "hebrew" | "iso8859_8" | "iso_8859_8" | "iso_8859_8_1988" | "iso_ir_138" => {
                single(&single_byte::ISO8859_8)
            }
            "csisolatin5" | "iso8859_9" | "iso_8859_9" | "iso_8859_9_1989" | "iso_ir_148" | "l5"
            | "latin5" => single(&single_byte::ISO8859_9),
            "csisolatin6" | "iso8859_10" | "iso_8859_10" | "iso_8859_10_1992" | "iso_ir_157" | "l6"
            | "latin6" => single(&single_byte::ISO8859_10),
            "iso8859_11" | "iso_8859_11" | "iso_8859_11_2001" | "thai" => single(&single_byte::ISO8859_11),
            "iso8859_13" | "iso_8859_13" | "l7" | "latin7" => single(&single_byte::ISO8859_13),
            "iso8859_14" | "iso_8859_14" | "iso_8859_14_1998" | "iso_celtic" | "iso_ir_199" | "l8"
            | "latin8" => single(&single_byte::ISO8859_14),
            "iso8859_15" | "iso_8859_15" | "l9" | "latin9" => single(&single_byte::ISO8859_15),
            "iso8859_16" | "iso_8859_16" | "iso_8859_16_2001" | "iso_ir_226" | "l10" | "latin10" => {
                single(&single_byte::ISO8859_16)
            }
            "cskoi8r" | "koi8_r" => single(&single_byte::KOI8_R),
            "koi8_u" => single(&single_byte::KOI8_U),
            "mac_roman" | "macintosh" | "macroman" => single(&single_byte::MAC_ROMAN),
            "mac_cyrillic" | "maccyrillic" => single(&single_byte::MAC_CYRILLIC),
            _ => return None,
        };
    Some(codec)
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn labels_are_normalized_as_python_does() {
        for (label, expected) in [
            ("UTF-8", "utf_8"),
            ("utf--8", "utf_8"),
            (" utf 8 ", "utf_8"),
            ("ISO-8859-1", "iso_8859_1"),
            ("ansi_x3.4-1968", "ansi_x3.4_1968"),
            ("utf\u{e9}-8", "utf_8"),
            ("", ""),
            ("--", ""),
        ] {
            assert_eq!(normalize(label), expected, "{label:?}");
        }
    }
}
