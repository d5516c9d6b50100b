//! Every case that real Django recorded in `vectors/signing.json`.

use std::{str::FromStr, sync::LazyLock};

use nuages_signing::{
    Algorithm, BadSignature, Clock, Compress, DUMPS_SALT, MaxAge, Signer, SigningError, TimestampSigner, b62,
    dumps, json, loads,
};
use serde_json::Value;

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/signing.json")).unwrap());

const KEY: &str = "conformance-secret-key";

fn cases(list: &str) -> &'static [Value] {
    let cases = VECTORS[list].as_array().unwrap();
    assert!(!cases.is_empty(), "{list}");
    cases
}

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap()
}

/// `salt: null` means the default, as an empty salt does.
fn salt(case: &'static Value) -> &'static str {
    case["salt"].as_str().unwrap_or_default()
}

fn at(value: &Value) -> Clock {
    Clock::at(value.as_f64().unwrap())
}

#[test]
fn signer() {
    for case in cases("signer") {
        let signer = Signer::new(text(&case["key"])).salt(salt(case));
        assert_eq!(signer.sign(text(&case["value"])), text(&case["signed"]));
        assert_eq!(signer.unsign(text(&case["signed"])), Ok(text(&case["value"])));
    }
}

#[test]
fn timestamp_signer() {
    for case in cases("timestamp_signer") {
        let signer = TimestampSigner::new(KEY).salt(salt(case)).clock(at(&case["at"]));
        assert_eq!(signer.sign(text(&case["value"])), text(&case["signed"]));
        assert_eq!(signer.unsign(text(&case["signed"]), Some(0.into())).unwrap(), text(&case["value"]));
    }
}

#[test]
fn objects() {
    for case in cases("objects") {
        let value = &case["value"];
        assert_eq!(json::to_string(value).unwrap(), text(&case["json"]));

        let signer = Signer::new(KEY).salt(salt(case));
        assert_eq!(signer.sign_object(value, Compress::No).unwrap(), text(&case["sign_object"]));
        for signed in [text(&case["sign_object"]), text(&case["sign_object_compress"])] {
            assert_eq!(signer.unsign_object::<Value>(signed).unwrap(), *value);
        }
        let ours = signer.sign_object(value, Compress::IfShorter).unwrap();
        assert_eq!(ours.starts_with('.'), text(&case["sign_object_compress"]).starts_with('.'));
        assert_eq!(signer.unsign_bytes(&ours).unwrap(), text(&case["json"]).as_bytes());

        let timed = TimestampSigner::new(KEY).salt(salt(case)).clock(at(&case["at"]));
        assert_eq!(timed.sign_object(value, Compress::No).unwrap(), text(&case["dumps"]));
        for signed in [text(&case["dumps"]), text(&case["dumps_compress"])] {
            assert_eq!(timed.unsign_object::<Value>(signed, Some(0.into())).unwrap(), *value);
            if salt(case) == DUMPS_SALT {
                assert_eq!(loads::<Value>(signed, KEY, None).unwrap(), *value);
            }
        }
        let ours = timed.sign_object(value, Compress::IfShorter).unwrap();
        assert_eq!(ours.starts_with('.'), text(&case["dumps_compress"]).starts_with('.'));
        assert_eq!(timed.unsign_bytes(&ours, None).unwrap(), text(&case["json"]).as_bytes());
    }
}

#[test]
fn dumps_and_loads_agree() {
    for case in cases("objects") {
        let signed = dumps(&case["value"], KEY, Compress::IfShorter).unwrap();
        assert_eq!(loads::<Value>(&signed, KEY, Some(60.into())).unwrap(), case["value"]);
    }
}

#[test]
fn rejected() {
    for case in cases("rejected") {
        assert_eq!(text(&case["error"]), "BadSignature");
        let result = loads::<Value>(text(&case["value"]), KEY, None);
        assert!(matches!(result, Err(SigningError::BadSignature(_))), "{case} {result:?}");
    }
}

#[test]
fn algorithms() {
    for case in cases("algorithms") {
        let algorithm = Algorithm::from_str(text(&case["algorithm"])).unwrap();
        let signer = Signer::new(KEY).salt(salt(case)).algorithm(algorithm);
        assert_eq!(signer.sign(text(&case["value"])), text(&case["signed"]));
        assert_eq!(signer.unsign(text(&case["signed"])), Ok(text(&case["value"])));
        let sha256 = Signer::new(KEY).salt(salt(case));
        let other = sha256.unsign(text(&case["signed"]));
        assert_eq!(other == Err(BadSignature::Mismatch), algorithm != Algorithm::Sha256);
    }
}

#[test]
fn separators() {
    for case in cases("separators") {
        let signer = Signer::new(KEY).salt("salt").sep(text(&case["sep"]));
        match case["error"].as_str() {
            Some(error) => assert!(error == "ValueError" && signer.is_err(), "{case}"),
            None => {
                let signer = signer.unwrap();
                assert_eq!(signer.sign("v"), text(&case["signed"]));
                assert_eq!(signer.unsign(text(&case["signed"])), Ok("v"));
            }
        }
    }
}

#[test]
fn max_age() {
    for case in cases("max_age") {
        let signer = TimestampSigner::new(KEY).salt(salt(case)).clock(at(&case["now"]));
        let max_age = case["max_age"].as_f64().map(MaxAge::from);
        let result = signer.unsign(text(&case["signed"]), max_age);
        match case["value"].as_str() {
            Some(value) => assert_eq!(result.unwrap(), value),
            None => assert!(matches!(result, Err(SigningError::SignatureExpired(_))), "{case}"),
        }
    }
}

#[test]
fn base62() {
    for case in cases("base62") {
        let number = case["number"].as_i64().unwrap();
        assert_eq!(b62::encode(number), text(&case["text"]));
        assert_eq!(b62::decode(text(&case["text"])), Ok(number));
    }
}

#[test]
fn every_list_is_asserted() {
    let lists: Vec<&str> = VECTORS.as_object().unwrap().keys().map(String::as_str).collect();
    let known = ["recorded_with", "note", "signer", "timestamp_signer", "objects", "rejected"];
    assert_eq!(lists, [&known[..], &["algorithms", "separators", "max_age", "base62"]].concat());
}
