use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, TimeDelta};
use nuages_cache::pickle::{self, Limits, PickleError, Value};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

fn base64(text: &Json) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

fn vectors(name: &str) -> Json {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn values(items: &Json) -> Vec<Value> {
    items.as_array().unwrap().iter().map(untag).collect()
}

/// A value as the recording script writes it.
fn untag(json: &Json) -> Value {
    match json {
        Json::Null => return Value::None,
        Json::Bool(value) => return Value::Bool(*value),
        Json::String(text) => return Value::Str(text.clone()),
        _ => {}
    }
    let (tag, content) = json.as_object().unwrap().iter().next().unwrap();
    let text = || content.as_str().unwrap();
    match tag.as_str() {
        "int" => Value::Int(text().parse().unwrap()),
        "float" => Value::Float(hex_float(text())),
        "bytes" => {
            Value::Bytes(content.as_array().unwrap().iter().map(|b| b.as_u64().unwrap() as u8).collect())
        }
        "list" => Value::List(values(content)),
        "tuple" => Value::Tuple(values(content)),
        "dict" => {
            let pairs = content.as_array().unwrap().iter();
            Value::Dict(pairs.map(|pair| (untag(&pair[0]), untag(&pair[1]))).collect())
        }
        "set" => Value::Set(values(content)),
        "frozenset" => Value::FrozenSet(values(content)),
        "naive" => Value::NaiveDateTime(text().parse().unwrap()),
        "aware" => Value::DateTime(DateTime::parse_from_rfc3339(text()).unwrap()),
        "date" => Value::Date(text().parse().unwrap()),
        "delta" => {
            let part = |index: usize| content[index].as_i64().unwrap();
            let whole = TimeDelta::days(part(0)) + TimeDelta::seconds(part(1));
            Value::TimeDelta(whole + TimeDelta::microseconds(part(2)))
        }
        other => panic!("{other}"),
    }
}

fn hex_float(text: &str) -> f64 {
    let known = [
        ("0x0.0p+0", 0.0),
        ("-0x0.0p+0", -0.0),
        ("0x1.8000000000000p+0", 1.5),
        ("0x1.7e43c8800759cp+996", 1e300),
        ("-0x1.56e1fc2f8f359p-997", -1e-300),
        ("inf", f64::INFINITY),
        ("-inf", f64::NEG_INFINITY),
    ];
    known.iter().find(|(name, _)| *name == text).unwrap_or_else(|| panic!("{text}")).1
}

#[test]
fn every_protocol_of_cpython() {
    for entry in vectors("pickles.json")["values"].as_array().unwrap() {
        let expected = untag(&entry["value"]);
        for (protocol, text) in entry["pickles"].as_array().unwrap().iter().enumerate() {
            let bytes = base64(text);
            let value = Value::from_bytes(&bytes)
                .unwrap_or_else(|error| panic!("protocol {protocol} of {}: {error}", entry["value"]));
            assert!(value == expected, "protocol {protocol} of {}", entry["value"]);
            let again = Value::from_bytes(&value.to_bytes().unwrap()).unwrap();
            assert!(again == expected, "written again: {}", entry["value"]);
            let through_serde: Value = pickle::from_value(pickle::to_value(&value).unwrap()).unwrap();
            assert!(through_serde == expected, "through serde: {}", entry["value"]);
        }
    }
}

/// The bytes too, where a pickle says nothing twice.
#[test]
fn writes_what_cpython_writes() {
    let mut same = 0;
    for entry in vectors("pickles.json")["values"].as_array().unwrap() {
        let expected = base64(&entry["pickles"][5]);
        // h: an object that the pickle has already.
        let shares = expected.windows(2).any(|pair| pair[0] == b'h') || expected.len() > 65_000;
        // One has a fold, others a zone, whose parts CPython shares.
        let dated =
            entry["value"].to_string().contains("02:30:00") || entry["value"].to_string().contains("aware");
        if !shares && !dated {
            let bytes = Value::from_bytes(&expected).unwrap().to_bytes().unwrap();
            assert_eq!(bytes, expected, "{}", entry["value"]);
            same += 1;
        }
    }
    assert!(same > 50, "{same}");
}

#[test]
fn sessions_of_django() {
    for entry in vectors("sessions.json")["pickles"].as_array().unwrap() {
        let expected = &entry["data"];
        for protocol in 0..=5 {
            let bytes = base64(&entry[&format!("protocol_{protocol}")]);
            assert_eq!(&pickle::from_bytes::<Json>(&bytes).unwrap(), expected);
        }
        let again = pickle::to_bytes(expected).unwrap();
        assert_eq!(&pickle::from_bytes::<Json>(&again).unwrap(), expected);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(i64, String),
    Struct { a: Option<f32>, b: char },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    flag: bool,
    small: i8,
    large: u64,
    huge: i128,
    none: Option<u8>,
    some: Option<String>,
    unit: (),
    pair: (u8, String),
    list: Vec<Shape>,
    by_number: BTreeMap<i32, Vec<u8>>,
    by_name: HashMap<String, Shape>,
    value: Value,
    time: DateTime<chrono::Utc>,
}

#[test]
fn any_type_of_serde() {
    let time = DateTime::from_timestamp(1_700_000_000, 500_000_000).unwrap();
    let everything = Everything {
        flag: true,
        small: -7,
        large: u64::MAX,
        huge: i128::MIN,
        none: None,
        some: Some("ü".into()),
        unit: (),
        pair: (1, "b".into()),
        list: vec![
            Shape::Unit,
            Shape::Newtype(3),
            Shape::Tuple(-1, "t".into()),
            Shape::Struct { a: Some(0.5), b: 'é' },
        ],
        by_number: [(1, vec![2]), (-1, vec![])].into(),
        by_name: [("x".to_owned(), Shape::Unit)].into(),
        value: Value::Set(vec![Value::Tuple(vec![Value::Bytes(vec![1]), Value::DateTime(time.into())])]),
        time,
    };
    let bytes = pickle::to_bytes(&everything).unwrap();
    assert_eq!(pickle::from_bytes::<Everything>(&bytes).unwrap(), everything);
    // A date of Python is a date of Rust.
    let dated = Value::DateTime(time.into()).to_bytes().unwrap();
    assert_eq!(pickle::from_bytes::<DateTime<chrono::Utc>>(&dated).unwrap(), time);
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    assert_eq!(pickle::from_bytes::<NaiveDate>(&Value::Date(day).to_bytes().unwrap()).unwrap(), day);
    let minute = Value::TimeDelta(TimeDelta::milliseconds(-1500)).to_bytes().unwrap();
    assert_eq!(pickle::from_bytes::<f64>(&minute).unwrap(), -1.5);
    // Elsewhere a value is what JSON has for it.
    let json = serde_json::to_string(&everything.value).unwrap();
    assert_eq!(json, r#"[[[1],"2023-11-14T22:13:20.500+00:00"]]"#);
    assert!(serde_json::from_str::<Value>(r#"{"a": [1, null]}"#).is_ok());
}

#[test]
fn refused() {
    let deep = |n: usize| [vec![b']'; n], vec![b'a'; n - 1], vec![b'.']].concat();
    assert!(Value::from_bytes(&deep(128)).is_ok());
    let bomb = {
        // Each list holds the one before ten times: 10^12 values.
        let mut bytes = b"]q\x00".to_vec();
        for n in 1..=12u8 {
            bytes.extend([b']', b'q', n, b'(']);
            bytes.extend([b'h', n - 1].repeat(10));
            bytes.push(b'e');
        }
        bytes.push(b'.');
        // What stays beneath is taken away, so that nothing but the size is wrong.
        bytes
    };
    let long_text = {
        let mut bytes = b"X\x00\x00\x10\x00".to_vec();
        bytes.extend(vec![b'x'; 1 << 20]);
        bytes.extend(b"q\x000](");
        bytes.extend(b"h\x00".repeat(100));
        bytes.extend(b"e.");
        bytes
    };
    let mut many_sets = b"(lp0\n(".to_vec();
    many_sets.extend(b"N".repeat(100_000));
    many_sets.extend(b"e0cbuiltins\nset\np1\n0");
    many_sets.extend(b"g1\ng0\n\x85R0".repeat(1000));
    many_sets.extend(b"N.");
    // One text, of which a class makes a new one each time; what it made is taken away again.
    let mut many_texts = b"X\x00\x00\x10\x00".to_vec();
    many_texts.extend(vec![b'x'; 1 << 20]);
    many_texts.extend(b"q\x000cdjango.utils.safestring\nSafeString\nq\x010");
    many_texts.extend(b"h\x01h\x00\x85\x810".repeat(100));
    many_texts.extend(b"N.");
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("cut off", b"".to_vec()),
        ("cut off", b"\x80".to_vec()),
        ("cut off", b"X\xff\xff\xff\xffabc".to_vec()),
        ("cut off", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc".to_vec()),
        ("cut off", b"\x95\xff\0\0\0\0\0\0\0N.".to_vec()),
        ("cut off", b"N..".to_vec()),
        ("cut off", b"I12".to_vec()),
        ("newer", b"\x80\x06N.".to_vec()),
        ("(posix.system)", b"cposix\nsystem\n(X\x02\0\0\0idtR.".to_vec()),
        ("(builtins.eval)", b"\x8c\x08builtins\x8c\x04eval\x93.".to_vec()),
        ("a strange name", b"cos\x1b[2J\nx\n.".to_vec()),
        ("does not take", b"cbuiltins\nset\n)\x81.".to_vec()),
        ("does not take", b"cdjango.utils.safestring\nSafeString\n)\x81.".to_vec()),
        ("(django.utils.html.eval)", b"cdjango.utils.html\neval\n)\x81.".to_vec()),
        ("0x62", b"}}b.".to_vec()),
        ("0x69", b"(ios\nsystem\n.".to_vec()),
        ("0x6f", b"(No.".to_vec()),
        ("0x50", b"P1\n.".to_vec()),
        ("0x51", b"NQ.".to_vec()),
        ("0x82", b"\x82\x01.".to_vec()),
        ("0x97", b"\x97.".to_vec()),
        ("0x98", b"N\x98.".to_vec()),
        ("no class", b"N)R.".to_vec()),
        ("does not take", b"cdatetime\ndate\n(N\x85tR.".to_vec()),
        ("out of range", b"cdatetime\ndate\nC\x04\x07\xe8\x0d\x01\x85R.".to_vec()),
        ("out of range", b"cdatetime\ndate\nC\x03\x07\xe8\x0d\x85R.".to_vec()),
        ("out of range", b"cdatetime\ndatetime\nC\x0a\x07\xe8\x01\x01\x18\0\0\0\0\0\x85R.".to_vec()),
        ("out of range", b"cdatetime\ndatetime\nC\x0a\x07\xe8\x01\x01\0\0\x3b\xff\xff\xff\x85R.".to_vec()),
        ("a class or a time zone", b"cdatetime\ndate\n.".to_vec()),
        ("lacks its values", b"a.".to_vec()),
        ("lacks its values", b".".to_vec()),
        ("lacks its values", b"N(0.".to_vec().into_iter().take(3).chain(*b"00.").collect()),
        ("lacks its mark", b"t.".to_vec()),
        ("left over", b"NN.".to_vec()),
        ("memo lacks", b"h\0.".to_vec()),
        ("no value", b"}(Nu.".to_vec()),
        ("hashed", b"}]Ns.".to_vec()),
        ("holds none", b"NNa.".to_vec()),
        ("holds none", b"](NN\x90.".to_vec()),
        ("UTF-8", b"\x8c\x01\xff.".to_vec()),
        ("UTF-8", b"\x8c\x03\xed\xa0\x80.".to_vec()),
        ("surrogate", b"V\\ud800\n.".to_vec()),
        ("128 bits", [b"\x8a\x11".as_slice(), &[1; 17], b"."].concat()),
        ("depth", deep(129)),
        ("depth", b"(".repeat(1000)),
        // A list that holds itself.
        ("depth", b"]q\x00h\x00a.".to_vec()),
        ("values", bomb[..bomb.len() - 1].iter().copied().chain(*b"\x85\x85.").collect()),
        ("size", long_text),
        ("size", many_texts),
        ("values", many_sets),
    ];
    for (message, bytes) in table {
        let shown = &bytes[..bytes.len().min(40)];
        match Value::from_bytes(&bytes) {
            Ok(_) => panic!("{shown:?} was read"),
            Err(error) => assert!(error.to_string().contains(message), "{error} is not {message}: {shown:?}"),
        }
    }
    let small = Limits { size: 3, ..Limits::default() };
    assert_eq!(Value::from_bytes_within(b"\x80\x05N.", small), Err(PickleError::Limit("size")));
}

#[test]
fn a_text_that_django_holds_safe() {
    // `pickle.dumps(SafeString("a<b>"), protocol)` of CPython.
    let old = |protocol: u8| {
        let head = [0x80, protocol];
        [&head, &b"cdjango.utils.safestring\nSafeString\nq\0X\x04\0\0\0a<b>q\x01\x85q\x02\x81q\x03."[..]]
            .concat()
    };
    let new = |protocol: u8| {
        let head = [0x80, protocol, 0x95, 0x35, 0, 0, 0, 0, 0, 0, 0];
        let rest = b"\x8c\x17django.utils.safestring\x94\x8c\nSafeString\x94\x93\x94\x8c\x04a<b>\x94\x85\x94\x81\x94.";
        [&head, &rest[..]].concat()
    };
    for bytes in [old(2), old(3), new(4), new(5)] {
        assert_eq!(pickle::from_bytes::<String>(&bytes).unwrap(), "a<b>");
    }
}

#[test]
fn unwritable() {
    let mut deep = Value::None;
    for _ in 0..129 {
        deep = Value::List(vec![deep]);
    }
    assert_eq!(deep.to_bytes(), Err(PickleError::Limit("depth")));
    let ancient = Value::Date(NaiveDate::from_ymd_opt(0, 1, 1).unwrap());
    assert!(ancient.to_bytes().is_err());
    assert!(Value::TimeDelta(TimeDelta::MAX).to_bytes().is_err());
    assert!(pickle::to_bytes(&u128::MAX).is_err());
    assert!(pickle::to_bytes(&HashMap::from([(vec![1], 2)])).is_err());
    assert!(!format!("{:?}", Value::Str("hunter2".into())).contains("hunter2"));
}

fn plain() -> impl Strategy<Value = Value> {
    let day = (1i32..=9999, 1u32..=366).prop_filter_map("a day", |(y, d)| NaiveDate::from_yo_opt(y, d));
    let time = (day.clone(), 0u32..86_400, 0u32..1_000_000)
        .prop_filter_map("a time", |(day, second, micro)| {
            day.and_hms_micro_opt(second / 3600, second / 60 % 60, second % 60, micro)
        });
    let scalar = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(Value::Int),
        any::<i32>().prop_map(|int| Value::Int(int.into())),
        any::<f64>().prop_filter("equal to itself", |f| !f.is_nan()).prop_map(Value::Float),
        any::<String>().prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        day.prop_map(Value::Date),
        time.clone().prop_map(Value::NaiveDateTime),
        (time, -86_399i32..86_400).prop_filter_map("a zone", |(time, offset)| {
            let offset = chrono::FixedOffset::east_opt(offset / 60 * 60)?;
            Some(Value::DateTime(time.and_local_timezone(offset).single()?))
        }),
        (-999_999_998i64..999_999_999, 0i64..86_400_000_000).prop_map(|(days, micros)| {
            Value::TimeDelta(TimeDelta::days(days) + TimeDelta::microseconds(micros))
        }),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        let key = inner.clone().prop_filter("a key", |value| {
            !matches!(value, Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Tuple(_))
        });
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Tuple),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(Value::Dict),
            prop::collection::vec(key.clone(), 0..6).prop_map(Value::Set),
            prop::collection::vec(key, 0..6).prop_map(Value::FrozenSet),
        ]
    })
}

proptest! {
    #[test]
    fn round_trips(value in plain()) {
        let bytes = value.to_bytes().unwrap();
        prop_assert!(Value::from_bytes(&bytes).unwrap() == value);
        prop_assert!(pickle::to_bytes(&value).unwrap() == bytes);
        prop_assert!(pickle::from_bytes::<Value>(&bytes).unwrap() == value);
    }

    /// Whatever comes: no panic, and what was read can be written.
    #[test]
    fn any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Value::from_bytes(&bytes);
        bytes.push(b'.');
        if let Ok(value) = Value::from_bytes(&bytes) {
            let _ = value.to_bytes();
        }
    }

    /// Programs of the instructions, which get further than random bytes.
    #[test]
    fn any_program(codes in prop::collection::vec(prop::sample::select(
        b"(.012]})Nadelstu\x85\x86\x87\x88\x89\x8f\x90\x91\x93\x94R".to_vec()), 0..80)) {
        let mut bytes = b"\x8c\x08builtins\x8c\x03setC\x01a".to_vec();
        bytes.extend(codes);
        bytes.push(b'.');
        let _ = Value::from_bytes(&bytes);
    }

    /// One byte of a good pickle changed.
    #[test]
    fn damaged(value in plain(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = value.to_bytes().unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = Value::from_bytes(&bytes);
        bytes.truncate(place);
        prop_assert!(Value::from_bytes(&bytes).is_err());
    }
}
