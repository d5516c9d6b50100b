//! Templates in Jinja's language, and both languages together.

use nuages_templates::context;

use crate::{engine, folder};

#[test]
fn the_ending_says_the_language() {
    let folder = folder(&[
        (
            "a.jinja",
            "{% set n = 2 %}{{ n * 3 }} {{ items|join('-') }} {{ none }} {{ yes }} {{ loop is defined }}\n",
        ),
        ("b.html.j2", "{{ '<' ~ x }}"),
        ("c.txt.jinja2", "{{ x }}"),
        ("d.html", "{{ n * 3 }}"),
    ]);
    let engine = engine(&folder);
    let ctx = context! { items => [1, 2], x => "<&>", yes => true };
    // As Jinja does, one line end at the end is dropped.
    assert_eq!(engine.render("a.jinja", ctx.clone()).unwrap(), "6 1-2 None True False");
    assert_eq!(engine.render("b.html.j2", ctx.clone()).unwrap(), "&lt;&lt;&amp;&gt;");
    assert_eq!(engine.render("c.txt.jinja2", ctx.clone()).unwrap(), "<&>");
    assert!(engine.render("d.html", ctx).is_err());
}

#[test]
fn each_includes_and_extends_the_other() {
    let folder = folder(&[
        ("base.html", "<{% block title %}D{% endblock %}|{% block body %}{% endblock %}>"),
        (
            "page.jinja",
            "{% extends 'base.html' %}{% block title %}J{{ super() }}{% endblock %}{% block body %}{{ x * 2 }}{% include 'part.html' %}{% endblock %}",
        ),
        (
            "part.html",
            "{{ x|add:1 }}{% for y in ys %}{{ forloop.counter }}{% include 'item.jinja' %}{% endfor %}",
        ),
        ("item.jinja", "({{ y }})"),
        ("leaf.html", "{% extends 'base.jinja' %}{% block title %}L{{ block.super }}{% endblock %}"),
        ("base.jinja", "{% block title %}{{ 1 + 1 }}{% endblock %}{{ greet }}"),
    ]);
    let engine = engine(&folder);
    let ctx = context! { x => 2, ys => ["p", "q"], greet => "hi" };
    assert_eq!(engine.render("page.jinja", ctx.clone()).unwrap(), "<JD|431(p)2(q)>");
    assert_eq!(engine.render("leaf.html", ctx).unwrap(), "L2hi");
}

#[test]
fn errors_of_jinja_have_their_line() {
    let folder = folder(&[
        ("a.jinja", "x\n{% for %}"),
        ("b.jinja", "x\n\n{{ n() }}"),
        ("c.jinja", "{% include 'gone' %}"),
    ]);
    let engine = engine(&folder);
    let error = engine.render("a.jinja", context! {}).unwrap_err();
    assert_eq!((error.name(), error.line()), (Some("a.jinja"), Some(2)));
    let error = engine.render("b.jinja", context! { n => 1 }).unwrap_err();
    assert_eq!((error.name(), error.line()), (Some("b.jinja"), Some(3)));
    assert!(engine.render("c.jinja", context! {}).is_err());
}
