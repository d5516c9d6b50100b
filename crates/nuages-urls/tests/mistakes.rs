//! Every mistake in a table is reported, all at once, with its place and its fix; what is doubtful is a warning.

use nuages_urls::{
    CaptureValue, Converter, Converters, Custom, Entry, FromCapture, NoReverseMatchKind, Resolver,
    UrlErrorKind, ValueType,
};

fn kinds(entries: Vec<Entry<()>>) -> Vec<UrlErrorKind> {
    match Resolver::new(entries, &Converters::new()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(nuages_urls::UrlError::kind).collect(),
    }
}

type Expected = Vec<(&'static str, String)>;

fn warnings(entries: Vec<Entry<()>>) -> Expected {
    let resolver = Resolver::new(entries, &Converters::new()).unwrap();
    resolver.warnings().iter().map(|warning| (warning.id(), warning.route().to_owned())).collect()
}

#[test]
fn all_are_collected_and_name_their_place() {
    let first = line!() + 2;
    let entries = vec![
        Entry::path("a/<foo:x>/", ()),
        Entry::path("b/<int:x/", ()),
        Entry::include("c/", vec![Entry::re_path("^(?=x)", ())]).namespace("c"),
    ];
    let errors = Resolver::new(entries, &Converters::new()).unwrap_err();
    let lines: Vec<u32> = errors.iter().map(|error| error.location().line() - first).collect();
    assert_eq!(lines, [0, 1, 2, 2]);
    let text = errors.to_string();
    let expected = [
        "route 'a/<foo:x>/' (crates/nuages-urls/tests/mistakes.rs:",
        "the converter 'foo' is not known; register it, or use one of int, path, slug, str, uuid",
        "a '<' is not closed; write '<converter:name>', or use re_path() for a literal '<'",
        "a namespace needs an application name as well; add .app_name(…)",
        "look-around is not supported, because patterns are matched in linear time; declare the exception as a route \
         of its own before this one, or check in the view",
    ];
    for part in expected {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[test]
fn each_kind_of_mistake() {
    use UrlErrorKind::{
        ConflictingName, DuplicateParameter, InvalidParameterName, MalformedCapture, MisplacedOption,
        NamespaceWithoutAppName, Regex, UnknownConverter,
    };
    let path = |route: &str| Entry::path(route, ());
    let re_path = |regex: &str| Entry::re_path(regex, ());
    let cases: Vec<(Vec<Entry<()>>, &[UrlErrorKind])> = vec![
        (vec![path("<foo:x>")], &[UnknownConverter]),
        (vec![path("<int:x> <")], &[MalformedCapture]),
        (vec![path("<int: x>")], &[MalformedCapture]),
        (vec![path("<int:2x>")], &[InvalidParameterName]),
        (vec![path("<int:x>/<x>")], &[DuplicateParameter]),
        (vec![re_path(r"(\d")], &[Regex]),
        (vec![re_path(r"(?P<a>.)(?P<a>.)")], &[Regex]),
        (vec![re_path(r"(.)\1")], &[Regex]),
        (vec![re_path(r"(?:\w{1000}){100}")], &[Regex]),
        (vec![re_path(&"(a)?".repeat(12))], &[Regex]),
        (vec![re_path(&"(".repeat(5000))], &[Regex]),
        (vec![Entry::include("", vec![]).namespace("x")], &[NamespaceWithoutAppName]),
        (vec![path("").app_name("x")], &[MisplacedOption]),
        (vec![Entry::include("", vec![]).name("x")], &[MisplacedOption]),
        (vec![Entry::include("", vec![]).app_name("a:b")], &[MisplacedOption, MisplacedOption]),
        // One name, and arguments that lead to the later route alone.
        (vec![path("a/").name("n"), path("b/").name("n")], &[ConflictingName]),
        (vec![path("a/<int:x>").name("n"), path("b/<str:x>").name("n")], &[ConflictingName]),
        // One name, several shapes: all can be reversed.
        (vec![path("a/<str:x>").name("n"), path("b/<int:x>").name("n")], &[]),
        (vec![path("a/").name("n"), path("a/<int:x>").name("n"), path("a/<str:y>").name("n")], &[]),
        (vec![path("a/").name("n").kwarg("p", 1), path("b/").name("n")], &[]),
        (vec![path("a/").name("n"), Entry::include("b/", vec![path("").name("n")]).app_name("b")], &[]),
        (vec![path("a/").name("n"), path("a/").name("n")], &[]),
    ];
    for (entries, expected) in cases {
        let shown = format!("{entries:?}");
        let expected: Vec<UrlErrorKind> = expected.to_vec();
        let mut found = kinds(entries);
        found.dedup();
        let mut wanted = expected;
        wanted.dedup();
        assert_eq!(found, wanted, "{shown}");
    }
}

struct Letters;

impl Converter for Letters {
    type Value = Vec<char>;

    fn regex(&self) -> &str {
        "[a-z]+"
    }
    fn to_value(&self, text: &str) -> Option<Vec<char>> {
        Some(text.chars().collect())
    }
    fn to_url(&self, value: &Vec<char>) -> Option<String> {
        Some(value.iter().collect())
    }
}

struct Grouped;

impl Converter for Grouped {
    type Value = String;

    fn regex(&self) -> &str {
        "(?P<group>a)"
    }
    fn to_value(&self, text: &str) -> Option<String> {
        Some(text.into())
    }
    fn to_url(&self, value: &String) -> Option<String> {
        Some(value.clone())
    }
}

#[test]
fn converters_are_registered_once() {
    let converters = Converters::new()
        .register("int", Letters)
        .register("letters", Letters)
        .register("letters", Letters)
        .register("a b", Letters)
        .register("grouped", Grouped);
    let errors = Resolver::new(vec![Entry::path("<grouped:x>", ())], &converters).unwrap_err().to_string();
    for part in [
        "the converter 'int' is built in; register yours under another name",
        "the converter 'letters' is already registered at ",
        "'a b' cannot name a converter",
        "the converter 'grouped': its regular expression has a named group; write '(?:' instead",
    ] {
        assert!(errors.contains(part), "{part}\n{errors}");
    }
}

#[test]
fn custom_values_travel_in_both_directions() {
    let converters = Converters::new().register("letters", Letters);
    let entries = vec![Entry::path("<letters:x>/", ()).name("x")];
    let resolver = Resolver::new(entries, &converters).unwrap();
    let found = resolver.resolve("/abc/").unwrap().into_details().into_owned();
    let parameter = &found.parameters()[0];
    assert_eq!((parameter.name(), parameter.converter()), (Some("x"), Some("letters")));
    assert!(Custom::<Vec<char>>::accepts(parameter) && !Custom::<String>::accepts(parameter));
    assert!(!u32::accepts(parameter) && matches!(parameter.value_type(), ValueType::Custom(_)));
    let value = found.argument(0).unwrap();
    assert_eq!(Custom::from_capture(value).unwrap(), Custom(vec!['a', 'b', 'c']));
    assert_eq!(value.to_string(), "abc");
    assert_eq!(resolver.reverse("x").arg(value.clone()).url().unwrap(), "/abc/");
    let error = resolver.reverse("x").arg(5).url().unwrap_err();
    assert_eq!(error.kind(), NoReverseMatchKind::WrongArguments);
}

#[test]
fn arguments_are_checked_and_converted() {
    let entries = vec![
        Entry::path("<int:a>/<slug:b>/<uuid:c>/", ()).kwarg("d", true).kwarg("e", CaptureValue::None),
        Entry::re_path(r"^(?P<year>[0-9]+)(?:-(?P<month>[0-9]+))?$", ()),
        Entry::re_include(r"^u/(\d+)/", vec![Entry::re_path(r"^(\w+)/$", ()), Entry::path("<int:n>", ())]),
    ];
    let resolver = Resolver::new(entries, &Converters::new()).unwrap();
    let names = |path: &str| {
        let found = resolver.resolve(path).unwrap();
        let names: Vec<Option<String>> =
            found.parameters().iter().map(|parameter| parameter.name().map(str::to_owned)).collect();
        names.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(",")
    };
    assert_eq!(names("/1/a/c335544e-0000-4000-8000-0123456789ab/"), "a,b,c,d,e");
    assert_eq!(names("/2024-05"), "year,month");
    assert_eq!(names("/u/1/x/"), ",");
    assert_eq!(names("/u/1/2"), "n");

    let found = resolver.resolve("/300/a/c335544e-0000-4000-8000-0123456789ab/").unwrap();
    let [a, b, c, d, e] = found.parameters() else { panic!("{found:?}") };
    assert!(
        u8::accepts(a)
            && i64::accepts(a)
            && String::accepts(a)
            && Option::<u8>::accepts(a)
            && !bool::accepts(a)
    );
    assert!(String::accepts(b) && !u32::accepts(b) && uuid::Uuid::accepts(c) && bool::accepts(d));
    assert!(Option::<u8>::accepts(e) && !u8::accepts(e));
    assert_eq!(u16::from_capture(found.argument(0).unwrap()).unwrap(), 300);
    let error = u8::from_capture(found.argument(0).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "\"300\" can't become a u8; take the capture as a wider type");
    assert_eq!(Option::<u8>::from_capture(found.argument(4).unwrap()).unwrap(), None);

    let found = resolver.resolve("/2024").unwrap();
    let [year, month] = found.parameters() else { panic!("{found:?}") };
    assert!(u32::accepts(year) && !u32::accepts(month) && Option::<u32>::accepts(month));
    let values: Vec<Option<u32>> =
        found.arguments().map(|value| Option::from_capture(value).unwrap()).collect();
    assert_eq!(values, [Some(2024), None]);
}

#[test]
fn doubtful_routes_are_warned_of() {
    let path = |route: &str| Entry::path(route, ());
    let re_path = |regex: &str| Entry::re_path(regex, ());
    let hidden = |route: &str| vec![("nuages.urls.W001", route.to_owned())];
    let cases: Vec<(Vec<Entry<()>>, Expected)> = vec![
        (vec![path("a/"), path("a/")], hidden("a/")),
        (vec![path("<slug:x>/"), path("about/")], hidden("about/")),
        (vec![path("<int:x>/"), path("about/")], vec![]),
        (vec![path("<path:x>"), path("a/<int:y>/")], hidden("a/<int:y>/")),
        (vec![path("p/<path:x>"), path("p/<path:x>/end")], hidden("p/<path:x>/end")),
        (vec![path("<str:x>/"), path("<int:y>/")], hidden("<int:y>/")),
        (vec![path("<int:x>/"), path("<str:y>/")], vec![]),
        (vec![path("a/<slug:x>/c/"), path("a/b/<str:y>/")], vec![]),
        (vec![path("a/<slug:x>/<str:y>/"), path("a/b/<str:y>/")], hidden("a/b/<str:y>/")),
        (vec![path("p/<path:x>"), path("p/")], vec![]),
        (vec![path("p/<path:x>"), Entry::mount("p/", ())], vec![]),
        (vec![Entry::mount("p/", ()), path("p/<path:x>")], hidden("p/<path:x>")),
        (vec![Entry::mount("api/", ()), path("api/x/<int:y>/")], hidden("api/x/<int:y>/")),
        (vec![Entry::mount("api", ()), path("apis/<int:y>/")], hidden("apis/<int:y>/")),
        (vec![path("a/<int:x>/"), Entry::include("a/", vec![path("<int:y>/")])], hidden("a/<int:y>/")),
        (vec![re_path("^a"), path("abc/")], hidden("abc/")),
        (vec![re_path("^(a+)+$"), re_path("^(a+)+$")], hidden("^(a+)+$")),
        (vec![path("/a/")], vec![("urls.W002", "/a/".into())]),
        (vec![re_path("^/a$")], vec![("urls.W002", "^/a$".into())]),
        (vec![Entry::re_include("^a$", vec![])], vec![("urls.W001", "^a$".into())]),
        (vec![path("^a/<int:x>$")], vec![("2_0.W001", "^a/<int:x>$".into())]),
        (vec![path("a").name("b:c")], vec![("urls.W003", "a".into())]),
        (
            vec![Entry::include("a/", vec![]).app_name("x"), Entry::include("b/", vec![]).app_name("x")],
            vec![("urls.W005", "b/".into())],
        ),
    ];
    for (entries, expected) in cases {
        let shown = format!("{entries:?}");
        assert_eq!(warnings(entries), expected, "{shown}");
    }
}

#[test]
fn errors_of_reverse_tell_what_is_known() {
    let shop = vec![Entry::path("<int:pk>/", ()).name("item")];
    let entries = vec![Entry::include("shop/", shop).app_name("shop"), Entry::path("", ()).name("root")];
    let resolver = Resolver::new(entries, &Converters::new()).unwrap();
    let cases = [
        ("cart:item", "'cart' is not a registered namespace; known are: shop"),
        ("shop:x:item", "'x' is not a registered namespace inside 'shop'; known are: none"),
        ("nope", "no route has the name 'nope'; give one .name(…), or check the spelling"),
        (
            "shop:item",
            "no route 'shop:item' takes the arguments (); tried 'shop/<int:pk>/' (crates/nuages-urls/",
        ),
    ];
    for (name, message) in cases {
        let error = resolver.reverse(name).url().unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    let error = resolver.reverse("shop:item").arg(1).kwarg("pk", 1).url().unwrap_err();
    assert_eq!(error.kind(), NoReverseMatchKind::MixedArguments);
    let url = resolver.reverse("shop:item").arg(1).script_prefix("/app").url();
    assert_eq!(url.unwrap(), "/app/shop/1/");
}

#[test]
fn hostile_paths_are_answered_in_linear_time() {
    let entries = vec![
        Entry::path("int/<int:n>", ()),
        Entry::re_path("^re/(a+)+$", ()),
        Entry::path("both/<path:a>/<path:b>/<slug:c>-<slug:d>/end", ()),
    ];
    let resolver = Resolver::new(entries, &Converters::new()).unwrap();
    let nines = |count: usize| format!("/int/{}", "9".repeat(count));
    for (path, found) in [
        (format!("/int/{}", 1_u64 << 63), true),
        (nines(38), true),
        (nines(40), false),
        (nines(5000), false),
        ("/int/-1".into(), false),
        ("/int/٣".into(), false),
        (format!("/re/{}", "a".repeat(50_000)), true),
        (format!("/re/{}!", "a".repeat(50_000)), false),
        (format!("/both/{}", "/-".repeat(25_000)), false),
        (format!("/{}", "\0\u{feff}é/".repeat(10_000)), false),
    ] {
        let short: String = path.chars().take(20).collect();
        assert_eq!(resolver.resolve(&path).is_some(), found, "{short}");
    }
}

#[test]
fn a_resolver_and_its_matches_cross_threads() {
    fn crosses<V: Send + Sync + 'static>(_: &V) {}
    let resolver = Resolver::new(vec![Entry::path("<int:n>", "view")], &Converters::new()).unwrap();
    crosses(&resolver);
    let owned = resolver.resolve("/5").unwrap().into_details().into_owned();
    crosses(&owned);
    drop(resolver);
    assert_eq!((owned.kwarg("n"), owned.route()), (Some(&5.into()), "<int:n>"));
}
