//! Laws that hold for any input.

use nuages_signing::{
    Algorithm, BadTimestamp, Clock, Compress, SecretKeys, Signer, SigningError, TimestampSigner, b62, dumps,
    json::{self, Style},
    loads,
};
use proptest::prelude::*;
use serde_json::{Map, Number, Value, value::RawValue};

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// The text with one character exchanged for another.
fn with_another(text: &str, at: prop::sample::Index, replacement: char) -> Option<String> {
    let mut characters: Vec<char> = text.chars().collect();
    let slot = at.index(characters.len());
    if characters[slot] == replacement {
        return None;
    }
    characters[slot] = replacement;
    Some(characters.into_iter().collect())
}

proptest! {
    #[test]
    fn base62_round_trips(number: i64) {
        prop_assert_eq!(b62::decode(&b62::encode(number)), Ok(number));
    }

    #[test]
    fn what_is_signed_is_unsigned(value: String, key in prop::collection::vec(any::<u8>(), 1..40), salt: String) {
        let signer = Signer::new(key.clone()).salt(salt.clone());
        let signed = signer.sign(&value);
        prop_assert_eq!(signer.unsign(&signed), Ok(value.as_str()));
        prop_assert_eq!(&signed, &format!("{value}:{}", signer.signature(&value)));

        let rotated = Signer::new(SecretKeys::new("the new key").fallbacks([key])).salt(salt);
        prop_assert_eq!(rotated.unsign(&signed), Ok(value.as_str()));
        prop_assert_ne!(rotated.sign(&value), signed);
    }

    #[test]
    fn any_exchanged_character_is_found(value: String, at: prop::sample::Index, replacement: char) {
        let signer = TimestampSigner::new("key").clock(Clock::at(1.7e9));
        if let Some(forged) = with_another(&signer.sign(&value), at, replacement) {
            prop_assert!(matches!(signer.unsign(&forged, None), Err(SigningError::BadSignature(_))));
        }
    }

    #[test]
    fn any_exchanged_base64_character_is_found(at: prop::sample::Index, replacement in "[A-Za-z0-9_-]") {
        let signed = dumps(&[1, 2, 3], "key", Compress::No).unwrap();
        if let Some(forged) = with_another(&signed, at, replacement.chars().next().unwrap()) {
            prop_assert!(matches!(loads::<Value>(&forged, "key", None), Err(SigningError::BadSignature(_))));
        }
    }

    #[test]
    fn what_is_dumped_is_loaded(value in any_json(), compress: bool) {
        let compress = if compress { Compress::IfShorter } else { Compress::No };
        let signed = dumps(&value, "key", compress).unwrap();
        prop_assert!(signed.is_ascii());
        prop_assert_eq!(loads::<Value>(&signed, "key", Some(60.into())).unwrap(), value);
    }

    #[test]
    fn time_passes(seconds in 0_u32..=u32::MAX, age in -100_i32..100, max_age in -100_i32..100) {
        let signed = TimestampSigner::new("key").clock(Clock::at(seconds.into())).sign("v");
        let later = TimestampSigner::new("key").clock(Clock::at(f64::from(seconds) + f64::from(age)));
        let result = later.unsign(&signed, Some(max_age.into()));
        prop_assert_eq!(result.is_ok(), age <= max_age);
    }

    #[test]
    fn no_text_breaks_a_reader(text: String) {
        prop_assert!(Signer::new("key").unsign(&text).is_err());
        prop_assert!(loads::<Value>(&text, "key", None).is_err());
        let _ = b62::decode(&text);
    }

    /// What somebody with the key can make: every reader answers, whatever stands under a good signature.
    #[test]
    fn no_well_signed_text_breaks_a_reader(payload in prop_oneof![any::<String>(), "\\.?[A-Za-z0-9_=-]{0,60}(:[0-9a-z-]{0,9})?"]) {
        let signer = Signer::new("key").salt("s");
        let signed = signer.sign(&payload);
        match signer.unsign_object::<Value>(&signed) {
            Ok(_) | Err(SigningError::Decode(_)) => {}
            other => prop_assert!(false, "{:?}", other),
        }
        match TimestampSigner::new("key").salt("s").unsign(&signed, Some(1.into())) {
            Ok(_) | Err(SigningError::BadTimestamp(_) | SigningError::SignatureExpired(_)) => {}
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn json_reads_back_as_the_same_value(value in any_json(), indent in prop::option::of(0_usize..4), ascii: bool) {
        let compact = json::to_string(&value).unwrap();
        prop_assert!(compact.is_ascii());
        prop_assert_eq!(&serde_json::from_str::<Value>(&compact).unwrap(), &value);
        let style = Style::spaced().ensure_ascii(ascii);
        let style = match indent { Some(blanks) => style.indent(blanks), None => style };
        let styled = json::to_string_styled(&value, &style).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&styled).unwrap(), &value);
        let sorted = json::to_string_styled(&value, &style.clone().sort_keys(true)).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&sorted).unwrap(), &value);
        let mut in_order = value.clone();
        in_order.sort_all_objects();
        prop_assert_eq!(sorted, json::to_string_styled(&in_order, &style).unwrap());
    }

    /// A raw value is written as the value itself would be, however it was laid out before.
    #[test]
    fn raw_json_is_written_as_its_value(value in any_json()) {
        let compact = json::to_string(&value).unwrap();
        let unicode = json::to_string_styled(&value, &Style::spaced().ensure_ascii(false)).unwrap();
        for text in [serde_json::to_string_pretty(&value).unwrap(), compact.clone(), unicode] {
            let raw: Box<RawValue> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(json::to_string(&raw).unwrap(), compact.clone());
        }
    }

    #[test]
    fn floats_read_back_bit_by_bit(bits: u64) {
        let value = f64::from_bits(bits);
        if value.is_finite() {
            let text = json::to_string(&value).unwrap();
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            prop_assert_eq!(serde_json::from_str::<f64>(&text).unwrap().to_bits(), bits);
        }
    }
}

#[test]
fn a_timestamp_is_asked_for_under_every_algorithm() {
    for name in ["md5", "sha1", "sha512", "sha3_256", "blake2b"] {
        let algorithm: Algorithm = name.parse().unwrap();
        let plain = Signer::new("key").salt("s").algorithm(algorithm).sign("no time");
        let timed = TimestampSigner::new("key").salt("s").algorithm(algorithm);
        let result = timed.unsign(&plain, None);
        assert!(
            matches!(result, Err(SigningError::BadTimestamp(BadTimestamp::Missing))),
            "{name} {result:?}"
        );
        assert_eq!(timed.unsign(&timed.sign("v"), Some(60.into())).unwrap(), "v");
    }
}
