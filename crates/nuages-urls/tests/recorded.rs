//! What real Django 5.2 answered, case by case.

use std::borrow::Cow;

use nuages_urls::{
    CaptureValue, Converter, Converters, Entry, NoReverseMatchKind, QueryValues, Resolver, ResolverMatch,
};
use serde_json::{Map, Value, json};

struct Hex;

impl Converter for Hex {
    type Value = i128;

    fn regex(&self) -> &str {
        "[0-9a-f]+"
    }
    fn to_value(&self, text: &str) -> Option<i128> {
        i128::from_str_radix(text, 16).ok()
    }
    fn to_url(&self, value: &i128) -> Option<String> {
        (*value >= 0).then(|| format!("{value:x}"))
    }
}

struct Even;

impl Converter for Even {
    type Value = i128;

    fn regex(&self) -> &str {
        "[0-9]+"
    }
    fn to_value(&self, text: &str) -> Option<i128> {
        text.parse().ok().filter(|number| number % 2 == 0)
    }
    fn to_url(&self, value: &i128) -> Option<String> {
        (value % 2 == 0).then(|| value.to_string())
    }
    fn take_argument(&self, argument: &CaptureValue<'_>) -> Option<i128> {
        // In Python `str(False)` is no digit.
        match argument {
            CaptureValue::Int(number) => Some(*number),
            other => other.as_str()?.parse().ok(),
        }
    }
}

struct Pair;

impl Converter for Pair {
    type Value = String;

    fn regex(&self) -> &str {
        "[a-z]{2}|x+"
    }
    fn to_value(&self, text: &str) -> Option<String> {
        Some(text.into())
    }
    fn to_url(&self, value: &String) -> Option<String> {
        Some(value.clone())
    }
}

fn converters() -> Converters {
    Converters::new().register("hex", Hex).register("even", Even).register("pair", Pair)
}

fn value(json: &Value) -> CaptureValue<'static> {
    match json {
        Value::Null => CaptureValue::None,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.to_string().parse::<i128>() {
            Ok(number) => number.into(),
            Err(_) => number.as_f64().unwrap().into(),
        },
        Value::String(text) => text.clone().into(),
        Value::Object(object) => uuid::Uuid::parse_str(object["uuid"].as_str().unwrap()).unwrap().into(),
        Value::Array(_) => panic!("no list is a value"),
    }
}

fn entries(rows: &[Value]) -> Vec<Entry<String>> {
    rows.iter()
        .map(|row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
            let route = text("route").unwrap();
            let regex = row.get("regex").is_some();
            let inner = row.get("entries").and_then(Value::as_array);
            let mut entry = match (inner, regex) {
                (Some(inner), false) => Entry::include(route, entries(inner)),
                (Some(inner), true) => Entry::re_include(route, entries(inner)),
                (None, false) => Entry::path(route, text("view").unwrap()),
                (None, true) => Entry::re_path(route, text("view").unwrap()),
            };
            if inner.is_none() {
                entry = entry.view_path(format!("{}.{}", text("module").unwrap(), text("view").unwrap()));
            }
            if let Some(name) = text("name") {
                entry = entry.name(name);
            }
            if let Some(app_name) = text("app_name") {
                entry = entry.app_name(app_name);
            }
            if let Some(namespace) = text("namespace") {
                entry = entry.namespace(namespace);
            }
            for (name, given) in row.get("kwargs").and_then(Value::as_object).into_iter().flatten() {
                entry = entry.kwarg(name, value(given));
            }
            entry
        })
        .collect()
}

fn show(value: &CaptureValue<'_>) -> Value {
    match value {
        CaptureValue::None => Value::Null,
        CaptureValue::Bool(value) => json!(value),
        CaptureValue::Int(number) => {
            number.to_string().parse::<serde_json::Number>().map(Value::Number).unwrap()
        }
        CaptureValue::Float(number) => json!(number),
        CaptureValue::Str(text) => json!(text),
        CaptureValue::Uuid(uuid) => json!({"uuid": uuid.to_string()}),
        other => panic!("{other:?}"),
    }
}

fn report(view: &str, found: &ResolverMatch<'_>) -> Value {
    let pairs = |pairs: Vec<(&str, &CaptureValue<'_>)>| -> Value {
        pairs.into_iter().map(|(name, value)| json!([name, show(value)])).collect()
    };
    json!({
        "view": view,
        "route": found.route(),
        "url_name": found.url_name(),
        "view_name": found.view_name(),
        "app_names": found.app_names(),
        "namespaces": found.namespaces(),
        "app_name": found.app_name(),
        "namespace": found.namespace(),
        "args": found.args().into_iter().map(show).collect::<Value>(),
        "kwargs": pairs(found.kwargs()),
        "captured_kwargs": pairs(found.captured_kwargs()),
        "extra_kwargs": pairs(found.extra_kwargs()),
    })
}

fn reverse<'c>(resolver: &'c Resolver<String>, call: &'c Map<String, Value>) -> Value {
    let text = |key: &str| call.get(key).and_then(Value::as_str);
    let mut reverse = resolver.reverse(text("name").unwrap());
    if let Some(args) = call.get("args").and_then(Value::as_array) {
        reverse = reverse.args(args.iter().map(value));
    }
    if let Some(kwargs) = call.get("kwargs").and_then(Value::as_object) {
        reverse =
            reverse.kwargs(kwargs.iter().map(|(name, given)| (Cow::Borrowed(name.as_str()), value(given))));
    }
    let fields = |given: &Value| match given {
        Value::Array(several) => QueryValues::several(several.iter().map(value)),
        one => value(one).into(),
    };
    match call.get("query") {
        Some(Value::Object(query)) => {
            reverse = reverse.query(query.iter().map(|(name, given)| (name.clone(), fields(given))));
        }
        Some(Value::Array(query)) => {
            reverse = reverse.query(query.iter().map(|pair| (pair[0].as_str().unwrap(), fields(&pair[1]))));
        }
        _ => {}
    }
    if let Some(fragment) = text("fragment") {
        reverse = reverse.fragment(fragment);
    }
    if let Some(current_app) = text("current_app") {
        reverse = reverse.current_app(current_app);
    }
    match reverse.url() {
        Ok(url) => json!({"url": url}),
        Err(error) => json!({"error": match error.kind() {
            NoReverseMatchKind::MixedArguments => "ValueError",
            NoReverseMatchKind::MissingArgument => "KeyError",
            _ => "NoReverseMatch",
        }}),
    }
}

/// Tells whether a difference is one that the manual names: integers beyond 128 bits.
fn is_documented(recorded: &Value) -> bool {
    fn is_large(value: &Value) -> bool {
        match value {
            Value::Number(number) => !number.is_f64() && number.to_string().parse::<i128>().is_err(),
            Value::Array(values) => values.iter().any(is_large),
            _ => false,
        }
    }
    is_large(&recorded["kwargs"])
}

#[test]
fn tables_paths_and_reversals() {
    let recorded: Value = serde_json::from_str(include_str!("vectors/django_urls.json")).unwrap();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in recorded["cases"].as_array().unwrap() {
        let table = case["table"].as_str().unwrap();
        let resolver = match Resolver::new(entries(case["entries"].as_array().unwrap()), &converters()) {
            Ok(resolver) => resolver,
            Err(errors) => panic!("{table}: {errors}\n{:#}", case["entries"]),
        };
        for pair in case["resolve"].as_array().unwrap() {
            let path = pair[0].as_str().unwrap();
            let found =
                resolver.resolve(path).map(|found| report(found.target(), &found)).unwrap_or_default();
            let linear = resolver.resolve_linear(path).map(|found| report(found.target(), &found));
            checked += 1;
            if (found != pair[1] && !is_documented(&pair[1])) || found != linear.unwrap_or_default() {
                wrong.push(format!("{table}: resolve {path:?}\n  Django {}\n  here   {found}", pair[1]));
            }
        }
        for pair in case["reverse"].as_array().unwrap() {
            let found = reverse(&resolver, pair[0].as_object().unwrap());
            checked += 1;
            if found != pair[1] {
                wrong.push(format!("{table}: reverse {}\n  Django {}\n  here   {found}", pair[0], pair[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 4000, "{checked}");
}

#[test]
fn quoting() {
    let recorded: Value = serde_json::from_str(include_str!("vectors/reverse.json")).unwrap();
    let cases = recorded["urls"].as_array().unwrap();
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let entry = match text("pattern").strip_prefix("^u/") {
            Some(regex) => {
                Entry::include("u/", vec![Entry::re_path(format!("^{regex}"), ()).name(text("name"))])
            }
            None => Entry::path(text("pattern"), ()).name(text("name")),
        };
        let resolver = Resolver::new(vec![entry], &Converters::new()).unwrap();
        let url = resolver.reverse(text("name")).arg(text("value")).url();
        assert_eq!(url.ok().as_deref(), case["url"].as_str(), "{case}");
    }
    assert_eq!(cases.len(), 315);
}
