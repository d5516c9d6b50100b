//! Encodings: every byte of those of one byte, samples of the others, and their labels.

use nuages_http::encoding::{CodecError, Encoding};

use super::{DJANGO, base64, string, strings};

#[test]
fn bytes_are_decoded() {
    let cases = DJANGO["decode"].as_array().unwrap();
    assert!(cases.len() > 500);
    for case in cases {
        let encoding = Encoding::for_label(string(&case[0])).unwrap();
        let bytes = base64(&case[1]);
        assert_eq!(encoding.decode(&bytes).unwrap(), string(&case[2]), "{encoding} {bytes:x?}");
        match encoding.decode_strict(&bytes) {
            Ok(text) => assert_eq!(case[3]["value"], *text, "{encoding} {bytes:x?}"),
            Err(problem) => {
                assert_eq!(case[3]["error"], "DecodeError", "{encoding} {bytes:x?}");
                assert_eq!(problem, CodecError::Undecodable(encoding));
            }
        }
    }
}

#[test]
fn text_is_encoded() {
    let cases = DJANGO["encode"].as_array().unwrap();
    assert!(cases.len() > 500);
    for case in cases {
        let encoding = Encoding::for_label(string(&case[0])).unwrap();
        match encoding.encode(string(&case[1])) {
            Ok(bytes) => assert_eq!(bytes, base64(&case[2]["value"]), "{case}"),
            Err(problem) => {
                assert_eq!(case[2]["error"], "DecodeError", "{case}");
                assert_eq!(problem, CodecError::Unencodable(encoding));
            }
        }
    }
}

/// All bytes and all samples come out alike under two labels of one encoding.
#[test]
fn labels_are_pythons() {
    let labels = DJANGO["labels"].as_object().unwrap();
    assert!(labels.len() > 150);
    let bytes: Vec<u8> = (0..=255).collect();
    for (label, name) in labels {
        let (one, other) = (Encoding::new(label), Encoding::new(string(name)));
        assert!(one.is_known(), "{label}");
        assert_eq!(one.label(), label);
        assert_eq!(one.decode(&bytes).unwrap(), other.decode(&bytes).unwrap(), "{label}");
    }
    for label in strings(&DJANGO["unknown_labels"]) {
        let unknown = Encoding::for_label(label).unwrap_err();
        assert_eq!((unknown.label(), unknown.django_name()), (label, "LookupError"));
        assert!(!Encoding::new(label).is_known());
    }
}

#[test]
fn utf_8_has_many_names_and_one_meaning() {
    assert!(
        Encoding::new("utf-8").is_utf_8()
            && Encoding::new("U8").is_utf_8()
            && !Encoding::new("utf-16").is_utf_8()
    );
    assert_eq!(Encoding::default(), Encoding::UTF_8);
    assert_ne!(Encoding::new("utf8"), Encoding::UTF_8);
}
