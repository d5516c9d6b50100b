//! Tags and filters of the application's own.

use minijinja::value::Kwargs;
use minijinja::{Error, State};
use nuages_templates::{Embedded, Engine, Value, context};

fn engine() -> Engine {
    Engine::new()
        .embedded(Embedded(&[
            ("badge.html", "[{{ label }}{{ outer }}{% csrf_token %}]"),
            ("uses.html", "{% badge 'a' %}{% badge x %}"),
        ]))
        .filter("marked", |text: String| format!("<i>{text}</i>"))
        .safe_filter("quoted", |text: String| format!("'{text}'"))
        .filter("html", |text: String| Value::from_safe_string(format!("<b>{text}</b>")))
        .simple_tag("greet", |name: String, kwargs: Kwargs| -> Result<String, Error> {
            let mark: Option<String> = kwargs.get("mark")?;
            kwargs.assert_all_used()?;
            Ok(format!("<{name}{}>", mark.unwrap_or_default()))
        })
        .simple_tag("whoami", |state: &State<'_, '_>| state.lookup("user").unwrap_or_default())
        .inclusion_tag("badge", "badge.html", |label: Value| context! { label })
}

#[test]
fn results_are_escaped_unless_they_are_safe() {
    let cases = [
        ("{{ x|marked }}", "&lt;i&gt;&amp;&lt;/i&gt;"),
        ("{{ x|html }}", "<b>&</b>"),
        ("{{ x|quoted }}", "&#x27;&amp;&#x27;"),
        ("{{ x|html|quoted }}", "'<b>&</b>'"),
        ("{{ missing|marked }}", "&lt;i&gt;&lt;/i&gt;"),
        ("{% autoescape off %}{{ x|marked }}{% endautoescape %}", "<i>&</i>"),
        ("{% greet x %}", "&lt;&amp;&gt;"),
        ("{% greet x mark='!' %}", "&lt;&amp;!&gt;"),
        ("{% greet x as g %}{{ g|length }}", "3"),
        ("{% whoami %}", "ann"),
        ("{% badge '<' %}", "[<]"),
        ("{% badge x %}", "[&amp;]"),
        (
            "{% with csrf_token='t' %}{% badge 1 %}{% endwith %}",
            "[1<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"t\">]",
        ),
        ("{% for y in list %}{% badge y %}{% endfor %}{% include 'uses.html' %}", "[1][2][a][&amp;]"),
    ];
    for (template, expected) in cases {
        let ctx = context! { x => "&", user => "ann", outer => "OUT", list => [1, 2] };
        assert_eq!(engine().render_str(template, ctx).unwrap(), expected, "{template}");
    }
}

#[test]
fn wrong_calls_are_errors() {
    for template in [
        "{% greet %}",
        "{% greet x mark='a' mark='b' %}",
        "{% greet mark='a' x %}",
        "{% greet x other=1 %}",
        "{{ x|unknown }}",
    ] {
        assert!(engine().render_str(template, context! { x => 1 }).is_err(), "{template}");
    }
}

#[test]
fn a_library_of_the_application_is_loaded_without_effect() {
    let engine = engine().library("extras");
    for template in [
        "{% load extras %}{% greet 'a' %}",
        "{% load greet from extras %}{% greet 'a' %}",
        "{% load quoted from extras %}{% greet 'a' %}",
    ] {
        assert_eq!(engine.render_str(template, context! {}).unwrap(), "&lt;a&gt;");
    }
    assert!(engine.render_str("{% load nothing from extras %}", context! {}).is_err());
    assert!(engine.render_str("{% load other %}", context! {}).is_err());
}
