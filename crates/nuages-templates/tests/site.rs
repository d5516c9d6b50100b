//! What templates ask of the site and of the request.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use nuages_templates::moment::{Date, DateTime};
use nuages_templates::{Engine, Fragment, Reverse, Site, Value, context};

/// A site that keeps fragments, and shows what a URL was asked with.
#[derive(Default)]
struct Shop(Mutex<HashMap<String, String>>);

impl Shop {
    fn key(fragment: &Fragment<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        match fragment.cache {
            None | Some("fragments") => Ok(fragment.key()),
            Some(other) => Err(format!("there is no cache {other}").into()),
        }
    }
}

impl Site for Shop {
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok(format!("{} {:?} {:?} {:?}", url.name, url.args, url.kwargs, url.current_app).replace('"', ""))
    }

    fn cached(&self, fragment: &Fragment<'_>) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
        Ok(self.0.lock().unwrap().get(&Self::key(fragment)?).cloned())
    }

    fn cache(&self, fragment: &Fragment<'_>, content: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        if fragment.timeout != Some(0) {
            self.0.lock().unwrap().insert(Self::key(fragment)?, content.to_owned());
        }
        Ok(())
    }
}

/// The same, for who looks at it afterwards.
struct Kept(Arc<Shop>);

impl Site for Kept {
    fn cache(&self, fragment: &Fragment<'_>, content: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0.cache(fragment, content)
    }
}

#[test]
fn a_url_gets_its_arguments_as_text_and_the_application_of_the_request() {
    let engine = Engine::new().site(Shop::default());
    let cases = [
        (context! {}, "a [1, x, None] [] None"),
        (context! { current_app => "shop" }, "a [1, x, None] [] Some(shop)"),
        (context! { resolver_match => context! { namespace => "ns" } }, "a [1, x, None] [] Some(ns)"),
        (
            context! { current_app => (), resolver_match => context! { namespace => "ns" } },
            "a [1, x, None] [] None",
        ),
    ];
    let template = "{% url 'a' 1 x n %}";
    let ctx = || context! { x => "x", n => () };
    for (request, expected) in cases {
        let folder = crate::folder(&[("t", template)]);
        let engine = engine.clone().dir(folder.path());
        assert_eq!(engine.render_for_request("t", ctx(), request.clone()).unwrap(), expected);
        // The variable `request` serves as well.
        let ctx = context! { request, ..ctx() };
        assert_eq!(engine.render("t", ctx).unwrap(), expected);
    }
    let shown = engine.render_str("{% url 'a' k=1.5 j='y' %}", context! {}).unwrap();
    assert_eq!(shown, "a [] [(k, 1.5), (j, y)] None");
}

#[test]
fn a_fragment_is_rendered_once() {
    let engine = Engine::new().site(Shop::default());
    let template = "{% load cache %}{% cache 500 side user %}{{ user }}{{ n }}<b>{% endcache %}";
    let show = |user: &str, n: i64| engine.render_str(template, context! { user, n }).unwrap();
    assert_eq!(show("<a>", 1), "&lt;a&gt;1<b>");
    assert_eq!(show("<a>", 2), "&lt;a&gt;1<b>");
    assert_eq!(show("b", 2), "b2<b>");
    let never = "{% load cache %}{% cache 0 now %}{{ n }}{% endcache %}";
    for n in [1, 2] {
        assert_eq!(engine.render_str(never, context! { n }).unwrap(), n.to_string());
    }
    let forever = "{% load cache %}{% cache None ever %}{{ n }}{% endcache %}";
    assert_eq!(engine.render_str(forever, context! { n => 1 }).unwrap(), "1");
    assert!(
        engine.render_str("{% load cache %}{% cache x y %}{% endcache %}", context! { x => "soon" }).is_err()
    );
    let elsewhere = "{% load cache %}{% cache None ever using=c %}{{ n }}{% endcache %}";
    assert_eq!(engine.render_str(elsewhere, context! { n => 2, c => "fragments" }).unwrap(), "1");
    let error = engine.render_str(elsewhere, context! { n => 2, c => "other" }).unwrap_err();
    assert!(error.to_string().contains("there is no cache other"), "{error}");
    // None is no name, and no tag without `using`.
    let error = engine.render_str(elsewhere, context! { n => 2, c => () }).unwrap_err();
    assert!(error.to_string().contains("there is no cache None"), "{error}");
    // Python's numbers have no end.
    let long = "{% load cache %}{% cache t long %}{{ n }}{% endcache %}";
    for t in [1_i128 << 64, -1 << 64] {
        assert_eq!(engine.render_str(long, context! { n => 1, t }).unwrap(), "1");
    }
}

#[test]
fn the_key_of_a_fragment_is_djangos() {
    // Written by Django 5.2: the key behind `template.cache.` that the tag stores under.
    let cases = [
        ("side", "side.d41d8cd98f00b204e9800998ecf8427e"),
        ("'a b'", "'a b'.d41d8cd98f00b204e9800998ecf8427e"),
        ("\"side\"", "\"side\".d41d8cd98f00b204e9800998ecf8427e"),
        ("x n t f", "x.e3997c1550c97797b87e82a90ac0bb47"),
        ("x d dt", "x.e46f257ca5cb8448188a16900bee3fe1"),
        ("x s l", "x.f01013c8a195f0b35823bdd13d7f411f"),
        ("x missing missing.y", "x.4501c091b0366d76ea3218b6cfdd8097"),
        ("x 1.50 -3 'q r' _('Yes')", "x.862e7410acdcd27e7ae5fef9cba1271c"),
        ("x missing|default:'z' s|upper", "x.c829e0c09e9eed2ba8ff97a176fba505"),
        ("x safe safe|escape s|escape", "x.a6d51759263e44609460ab7367cc9583"),
        ("x f|floatformat:1", "x.dd568bd1fe39f0824b48a456e964cf7d"),
        ("x forloop.counter None True", "x.9ea5790cbdc501d01369dc1025ca5786"),
        ("x|y", "x|y.d41d8cd98f00b204e9800998ecf8427e"),
        ("x using", "x.853ae90f0351324bd73ea615e6487517"),
        ("x t|yesno", "x.17240128ef24617b2590f4fa8fdd9776"),
    ];
    let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let moment = date.and_hms_opt(10, 0, 5).unwrap().and_utc();
    for (words, key) in cases {
        let shop = Arc::new(Shop::default());
        let engine = Engine::new().site(Kept(Arc::clone(&shop)));
        let ctx = context! {
            n => (), t => true, f => 1e16, s => "é<", l => vec![Value::from(1), Value::from("a")],
            d => Value::from(Date::from(date)), dt => Value::from(DateTime::from(moment)),
            safe => Value::from_safe_string("<b>".to_owned()),
        };
        let template = ["{% load cache %}{% cache 60 ", words, " %}{% endcache %}"].concat();
        engine.render_str(&template, ctx).unwrap();
        let keys: Vec<String> = shop.0.lock().unwrap().keys().cloned().collect();
        assert_eq!(keys, [["template.cache.", key].concat()], "{words}");
    }
}

#[test]
fn a_query_keeps_every_value_of_a_key() {
    let engine = Engine::new();
    // As Django's QueryDict: a key gives its last value, and all are in `lists`.
    let query = context! { a => "2", b => "x y", lists => context! { a => ["1", "2"], b => ["x y"] } };
    let keys = Value::from(vec!["a", "b"]);
    let request = context! { GET => Query(query, keys).value() };
    let cases = [
        ("{% querystring %}", "?a=1&amp;a=2&amp;b=x+y"),
        ("{% querystring c=3 %}", "?a=1&amp;a=2&amp;b=x+y&amp;c=3"),
        ("{% querystring a=None %}", "?b=x+y"),
        ("{% querystring a=list b=None %}", "?a=7&amp;a=8"),
        ("{% querystring a=None b=None %}", "?"),
        ("{% querystring a=None b=None as q %}{{ q|length }}", "1"),
        ("{% querystring other z=1 %}", "?o=1&amp;z=1"),
        ("{% querystring none %}", ""),
    ];
    for (template, expected) in cases {
        let folder = crate::folder(&[("t", template)]);
        let engine = engine.clone().dir(folder.path());
        let ctx = context! { list => [7, 8], other => context! { o => 1 }, none => context! {} };
        assert_eq!(engine.render_for_request("t", ctx, request.clone()).unwrap(), expected, "{template}");
    }
    assert!(engine.render_str("{% querystring a=1 %}", context! {}).is_err());
}

/// A query whose keys are its own, and `lists` is none of them.
#[derive(Debug)]
struct Query(Value, Value);

impl Query {
    fn value(self) -> Value {
        Value::from_object(self)
    }
}

impl minijinja::value::Object for Query {
    fn get_value(self: &std::sync::Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get_item(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &std::sync::Arc<Self>) -> minijinja::value::Enumerator {
        minijinja::value::Enumerator::Values(self.1.try_iter().unwrap().collect())
    }
}

#[test]
fn what_is_rendered_apart_knows_the_request_and_the_zone() {
    let folder = crate::folder(&[
        (
            "a",
            "{% load tz %}{% timezone 'Asia/Tokyo' %}{% include 'b' only %}{% endtimezone %}{% include 'b' only %}",
        ),
        (
            "b",
            "{% load tz %}{% get_current_timezone as z %}{{ z }}{% querystring p=1 %}{{ request }}{{ x }};",
        ),
    ]);
    let engine = Engine::new().dir(folder.path());
    let request = context! { GET => context! { q => 1 } };
    let shown = engine.render_for_request("a", context! { x => "hidden" }, request).unwrap();
    assert_eq!(shown, "Asia/Tokyo?q=1&amp;p=1;UTC?q=1&amp;p=1;");
}
