use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_cache::pickle::Value;
use nuages_cache::{CacheErrorKind, CacheFront, DEFAULT_TIMEOUT, LocmemCache, Serializer};

fn vectors() -> serde_json::Value {
    serde_json::from_str(include_str!("../vectors/cache.json")).unwrap()
}

/// What Django's Redis backend stores, to the byte.
#[test]
fn redis_values_of_django() {
    for entry in vectors()["redis_values"].as_array().unwrap() {
        let stored = STANDARD.decode(entry["stored_b64"].as_str().unwrap()).unwrap();
        assert_eq!(Serializer::Pickle.dumps(&entry["value"]).unwrap(), stored, "{entry}");
        assert_eq!(&Serializer::Pickle.loads::<serde_json::Value>(&stored).unwrap(), &entry["value"]);
    }
}

#[test]
fn integers_are_text_as_far_as_64_bits() {
    let long = i128::from(u64::MAX) + 1;
    for serializer in [Serializer::Json, Serializer::Pickle] {
        assert_eq!(serializer.dumps(&u64::MAX).unwrap(), u64::MAX.to_string());
        assert_eq!(serializer.dumps(&i64::MIN).unwrap(), i64::MIN.to_string());
        assert_eq!(serializer.dumps(&Some(7u8)).unwrap(), "7");
        assert_eq!(serializer.loads::<u64>(&serializer.dumps(&u64::MAX).unwrap()).unwrap(), u64::MAX);
    }
    let pickled = Serializer::Pickle.dumps(&long).unwrap();
    assert_eq!(pickled.first(), Some(&0x80));
    assert_eq!(Serializer::Pickle.loads::<i128>(&pickled).unwrap(), long);
    // Somebody else may have written it as text.
    assert_eq!(Serializer::Pickle.loads::<i128>(long.to_string().as_bytes()).unwrap(), long);
}

#[test]
fn errors_show_no_data() {
    for serializer in [Serializer::Json, Serializer::Pickle] {
        let stored = serializer.dumps("hunter2").unwrap();
        let error = serializer.loads::<u8>(&stored).unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::Decode);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(serializer.loads::<u8>(b"\xff\x00").unwrap_err().kind(), CacheErrorKind::Decode);
    }
}

#[tokio::test]
async fn a_front_with_pickles() {
    let cache = CacheFront::new(LocmemCache::new()).with_serializer(Serializer::Pickle);
    assert_eq!(cache.serializer(), Serializer::Pickle);
    cache.set("n", &1, DEFAULT_TIMEOUT).await.unwrap();
    assert_eq!(cache.incr("n", 41).await.unwrap(), 42);
    assert_eq!(cache.get::<u8>("n").await.unwrap(), Some(42));
    let value = Value::Tuple(vec![Value::Int(1), Value::Set(vec![Value::Str("a".into())])]);
    cache.set("v", &value, DEFAULT_TIMEOUT).await.unwrap();
    assert!(cache.get::<Value>("v").await.unwrap() == Some(value));
    assert_eq!(cache.get::<(u8, Vec<String>)>("v").await.unwrap(), Some((1, vec!["a".to_owned()])));
    assert_eq!(cache.get_bytes("v").await.unwrap().unwrap().first(), Some(&0x80));
}
