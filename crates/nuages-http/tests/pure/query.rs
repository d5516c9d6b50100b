//! QueryDict: parsing, writing, limits, and its methods.

use nuages_http::QueryDict;
use nuages_http::query_dict::{ImmutableError, ParseError};
use serde_json::{Map, Value, json};

use super::{base64, error, play, string, strings, value};

fn lists(query: &QueryDict) -> Value {
    query.lists().map(|(key, list)| json!([key, list])).collect()
}

fn urlencoded(query: &QueryDict, safe: &str) -> Value {
    match query.urlencode_safe(safe) {
        Ok(text) => value(text),
        Err(codec) => error(codec.django_name()),
    }
}

#[test]
fn query_strings_are_parsed_and_written() {
    play("querydict", |input| {
        let options = QueryDict::options().encoding(string(&input[2]));
        let parsed = match string(&input[0]) {
            "text" => options.parse(string(&input[1])),
            _ => options.parse_bytes(&base64(&input[1])),
        };
        match parsed {
            Ok(query) => {
                let written = query.urlencode().map_or_else(|codec| error(codec.django_name()), value);
                value(json!([lists(&query), written, urlencoded(&query, "/"), urlencoded(&query, "é &%")]))
            }
            Err(problem) => error(problem.django_name()),
        }
    });
}

#[test]
fn recorded_query_strings() {
    let recorded: Value = serde_json::from_str(include_str!("../vectors/querydict.json")).unwrap();
    let queries = recorded["queries"].as_array().unwrap();
    assert!(!queries.is_empty());
    for case in queries {
        let query = QueryDict::parse(string(&case["query"])).unwrap();
        assert_eq!(lists(&query), case["lists"], "{case}");
        assert_eq!(query.urlencode().unwrap(), string(&case["urlencode"]), "{case}");
        assert_eq!(query.urlencode_safe("/").unwrap(), string(&case["urlencode_safe_slash"]), "{case}");
    }
}

#[test]
fn fields_are_limited() {
    let cases = super::DJANGO["querydict_limit"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let limit = case[0].as_u64().map(|limit| usize::try_from(limit).unwrap());
        let answer = match QueryDict::options().max_number_fields(limit).parse(string(&case[1])) {
            Ok(query) => value(lists(&query)),
            Err(problem) => error(problem.django_name()),
        };
        assert_eq!(answer, case[2], "{case}");
    }
    assert!(QueryDict::parse(&"&".repeat(999)).is_ok());
    assert_eq!(QueryDict::parse(&"&".repeat(1000)), Err(ParseError::TooManyFields { limit: 1000 }));
}

#[test]
fn bytes_are_limited() {
    let options = || QueryDict::options().max_memory_size(5);
    assert_eq!(options().parse_bytes(b"a=\xff\xff\xff").unwrap().get("a"), Some("\u{ff}\u{ff}\u{ff}"));
    assert_eq!(options().parse("a=1234"), Err(ParseError::TooBig { limit: 5 }));
    assert_eq!(options().parse_bytes(b"a=1234"), Err(ParseError::TooBig { limit: 5 }));
}

#[test]
fn keys_are_repeated() {
    play("fromkeys", |input| value(lists(&QueryDict::fromkeys(strings(&input[0]), string(&input[1])))));
}

#[test]
fn methods_do_what_djangos_do() {
    play("querydict_ops", |input| {
        let mutable = input["mutable"] == true;
        let mut query = QueryDict::options().mutable(mutable).parse(string(&input["query"])).unwrap();
        let operations = input["ops"].as_array().unwrap();
        value(
            operations
                .iter()
                .map(|operation| json!([run(&mut query, operation), lists(&query)]))
                .collect::<Vec<Value>>(),
        )
    });
}

/// The answer of an operation, as Django's would be written in JSON: an empty list for the last of an empty list.
fn run(query: &mut QueryDict, operation: &Value) -> Value {
    let last = |value: Option<&str>| value.map_or_else(|| json!([]), |text| json!(text));
    let key = operation[1].as_str().unwrap_or_default();
    let text = operation[2].as_str().unwrap_or_default();
    let changed = |result: Result<Value, ImmutableError>| match result {
        Ok(answer) => value(answer),
        Err(immutable) => error(immutable.django_name()),
    };
    match string(&operation[0]) {
        "get" => value(query.get(key)),
        "getlist" => value(query.getlist(key)),
        "getlist_default" => {
            let default: Vec<String> = strings(&operation[2]).into_iter().map(str::to_owned).collect();
            value(query.getlist_or(key, &default))
        }
        "getitem" => match query.getitem(key) {
            Ok(item) => {
                assert_eq!(query.require(key).ok(), item);
                value(last(item))
            }
            Err(missing) => {
                assert_eq!((missing.key(), query.require(key)), (key, Err(missing.clone())));
                error(missing.django_name())
            }
        },
        "contains" => value(query.contains(key)),
        "set" => changed(query.set(key, text).map(|()| Value::Null)),
        "del" => match query.delete(key) {
            Ok(true) => value(Value::Null),
            Ok(false) => error("KeyError"),
            Err(immutable) => error(immutable.django_name()),
        },
        "setlist" => changed(query.setlist(key, strings(&operation[2])).map(|()| Value::Null)),
        "appendlist" => changed(query.appendlist(key, text).map(|()| Value::Null)),
        "setdefault" => changed(query.setdefault(key, text).map(last)),
        "setlistdefault" => {
            changed(query.setlistdefault(key, strings(&operation[2])).map(|list| json!(list)))
        }
        "pop" => match query.pop(key) {
            Ok(Some(list)) => value(list),
            Ok(None) => error("KeyError"),
            Err(immutable) => error(immutable.django_name()),
        },
        "pop_default" => {
            changed(query.pop(key).map(|list| list.map_or_else(|| json!("default"), |list| json!(list))))
        }
        "popitem" => match query.popitem() {
            Ok(Some((key, list))) => value(json!([key, list])),
            Ok(None) => error("KeyError"),
            Err(immutable) => error(immutable.django_name()),
        },
        "update" => {
            let result = match &operation[1] {
                Value::Object(pairs) => query.update(pairs.iter().map(|(key, value)| (key, string(value)))),
                other => query.update_lists(&QueryDict::parse(string(other)).unwrap()),
            };
            changed(result.map(|()| Value::Null))
        }
        "clear" => changed(query.clear().map(|()| Value::Null)),
        "keys" => value(query.keys().collect::<Vec<_>>()),
        "values" => value(query.values().map(last).collect::<Vec<_>>()),
        "items" => value(query.items().map(|(key, value)| json!([key, last(value)])).collect::<Vec<_>>()),
        "lists" => value(lists(query)),
        "dict" => value(
            query.dict().into_iter().map(|(key, value)| (key.to_owned(), last(value))).collect::<Map<_, _>>(),
        ),
        "len" => {
            assert_eq!(query.is_empty(), query.keys().next().is_none());
            value(query.len())
        }
        "urlencode" => value(query.urlencode().unwrap()),
        "copy_then" => {
            let mut copy = query.copy();
            assert!(copy.is_mutable());
            value(json!([run(&mut copy, &operation[1]), lists(&copy)]))
        }
        other => panic!("no operation {other}"),
    }
}

#[test]
fn one_field_is_found_among_few_and_many() {
    for count in [1, 31, 32, 33, 500] {
        let query: Vec<String> = (0..count).map(|at| format!("k{at}=v{at}")).collect();
        let query = QueryDict::parse(&(query.join("&") + "&k0=last")).unwrap();
        assert_eq!(query.get("k0"), Some("last"));
        assert_eq!(
            query.get(&format!("k{}", count - 1)),
            if count == 1 { Some("last") } else { query.getitem(&format!("k{}", count - 1)).unwrap() }
        );
        assert_eq!(
            (query.get("absent"), query.contains("k0"), query.contains("absent")),
            (None, true, false)
        );
        assert_eq!(query.getlist("k0"), ["v0", "last"]);
        assert_eq!(query.get("k0"), Some("last"));
        assert_eq!(query.pairs().count(), count + 1);
    }
}

#[test]
fn a_clone_keeps_and_a_copy_gains_mutability() {
    let query = QueryDict::parse("a=1").unwrap();
    assert!(query.clone().set("a", "2").is_err());
    let mut copy = query.copy();
    copy.set("a", "2").unwrap();
    assert_eq!((query.get("a"), copy.get("a")), (Some("1"), Some("2")));
    assert!(copy.clone().is_mutable());
    assert_ne!(query, copy);
    assert_eq!(copy.pairs().collect::<Vec<_>>(), [("a", "2")]);
}

#[test]
fn the_encoding_of_the_output_can_be_set() {
    let mut query = QueryDict::parse("a=%C3%A9").unwrap().copy();
    query.set_encoding("iso-8859-1");
    assert_eq!((query.encoding().label(), query.urlencode().unwrap().as_str()), ("iso-8859-1", "a=%E9"));
}

#[test]
fn dictionaries_are_made_of_pairs() {
    let mut query: QueryDict = [("a", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
    query.appendlist("b", "4").unwrap();
    assert_eq!(query.urlencode().unwrap(), "a=1&a=3&b=2&b=4");
    assert_eq!(QueryDict::mutable(), QueryDict::default());
    assert!(QueryDict::mutable().is_mutable() && !QueryDict::default().is_mutable());
}

#[test]
fn messages_tell_the_fix() {
    assert!(QueryDict::default().clear().unwrap_err().to_string().contains(".copy()"));
    let missing = QueryDict::default().require("page").unwrap_err();
    assert!(missing.to_string().contains("page"));
    assert!(
        QueryDict::parse(&"&".repeat(2000))
            .unwrap_err()
            .to_string()
            .contains("DATA_UPLOAD_MAX_NUMBER_FIELDS")
    );
}
