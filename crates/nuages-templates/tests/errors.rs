//! Errors say where they are, what is wrong and what to write instead.

use std::error::Error;

use nuages_templates::{Engine, TemplateErrorKind, Value, context};

use crate::{engine, folder};

#[test]
fn an_error_of_syntax_has_line_and_hint() {
    let cases = [
        ("a\n{% fro x in y %}", "t:2: unknown tag 'fro'; did you mean 'for'?"),
        ("{% static 'a' %}", "t:1: unknown tag 'static'; write {% load static %} before it"),
        (
            "{% if a %}\n\n{% for x in y %}",
            "t:3: unclosed tag 'for'; close it with {% empty %} or {% endfor %}",
        ),
        (
            "{% if a %}{% endfor %}",
            "t:1: unknown tag 'endfor', expected {% elif %} or {% else %} or {% endif %}; remove it, or open the block that it ends",
        ),
        ("{{ a|uper }}", "t:1: unknown filter 'uper'; did you mean 'upper'?"),
        ("{{ a|intcomma }}", "t:1: unknown filter 'intcomma'; write {% load humanize %} before it"),
        ("{{ a|upper:'x' }}", "t:1: the filter 'upper' takes no argument; remove it"),
        ("{{ a|cut }}", "t:1: the filter 'cut' needs an argument; write |cut:\"…\""),
        ("{{ a|nothing_alike }}", "t:1: unknown filter 'nothing_alike'; register it with Engine::filter"),
        (
            "{% load polls %}",
            "t:1: 'polls' is not a known library; register its tags and filters, and its name with Engine::library(\"polls\")",
        ),
        ("\n{{ a b }}", "t:2: could not parse the remainder \" b\" of \"a b\""),
        (
            "{{ a._b }}",
            "t:1: variables and attributes may not begin with underscores: \"a._b\"; give the value another name in the context",
        ),
        ("{% for x of y %}{% endfor %}", "t:1: malformed tag 'for x of y'; write {% for x in list %}"),
        (
            "{% comment %}\n{% load static %}{% endcomment %}{% static 'a' %}",
            "t:2: unknown tag 'static'; write {% load static %} before it",
        ),
        (
            "{% block a %}{% endblock %}\n{% block a %}{% endblock %}",
            "t:2: the block 'a' appears more than once; give one another name",
        ),
        ("{# a #}{{ b }}{% extends 'c' %}", "t:1: {% extends %} must be the first tag of the template"),
        (
            "{% if a b %}{% endif %}",
            "t:1: unused \"b\" at the end of the condition; write 'and' or 'or' before it",
        ),
        (
            "{% load i18n %}{% get_language_info for 'de' as l %}",
            "t:1: the tag 'get_language_info' is not supported; put what you need to know of the language into the context",
        ),
    ];
    for (template, expected) in cases {
        let folder = folder(&[("t", template)]);
        let error = engine(&folder).render("t", context! {}).unwrap_err();
        assert_eq!(error.to_string(), expected, "{template}");
        assert_eq!(*error.kind(), TemplateErrorKind::Syntax);
    }
}

#[test]
fn an_error_while_rendering_has_the_line_of_the_innermost_template() {
    let folder = folder(&[
        (
            "page.html",
            "{% extends 'base.html' %}\n\n{% block body %}\n{% include 'part.html' %}{% endblock %}",
        ),
        ("base.html", "<p>\n{% block body %}{% endblock %}"),
        (
            "part.html",
            "{% comment %}\nlong\n{% endcomment %}\n{% verbatim %}\n{{ x\n{% endverbatim %}\n{{ a|default:missing }}\n",
        ),
    ]);
    let error = engine(&folder).render("page.html", context! {}).unwrap_err();
    assert_eq!(*error.kind(), TemplateErrorKind::MissingVariable);
    assert_eq!((error.name(), error.line()), (Some("part.html"), Some(7)));
    let shown = error.surroundings().iter().find(|line| line.number == 7).unwrap();
    assert_eq!(shown.text, "{{ a|default:missing }}");
    assert_eq!(error.surroundings().len(), 7);
}

#[test]
fn a_loop_over_no_list_says_where() {
    let folder = folder(&[("t", "a\n{% for x in n %}\n{% endfor %}")]);
    let error = engine(&folder).render("t", context! { n => 5 }).unwrap_err();
    assert_eq!((error.name(), error.line()), (Some("t"), Some(2)));
    assert_eq!(*error.kind(), TemplateErrorKind::Render);
    assert!(error.source().is_some());
}

#[test]
fn a_template_that_is_missing_says_where_it_was_looked_for() {
    let folder = folder(&[("t", "\n{% include 'gone.html' %}"), ("u", "{% extends gone %}")]);
    let engine = engine(&folder);
    let place = folder.path().join("gone.html").display().to_string();
    let error = engine.render(["gone.html", "none.html"], context! {}).unwrap_err();
    let TemplateErrorKind::DoesNotExist { tried } = error.kind() else { panic!("{error}") };
    assert_eq!(tried[0], place);
    assert_eq!(error.message(), "there is no template of 'gone.html', 'none.html'");
    let error = engine.render("t", context! {}).unwrap_err();
    assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { tried } if *tried == [place.clone()]));
    assert_eq!((error.name(), error.line()), (Some("t"), Some(2)));
    let error = engine.render("u", context! { gone => ["gone.html"] }).unwrap_err();
    assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. }), "{error}");
}

#[test]
fn a_context_has_names() {
    let engine = Engine::new();
    assert_eq!(engine.render_str("{{ a }}", ()).unwrap(), "");
    let error = engine.render_str("{{ a }}", Value::from(vec![1])).unwrap_err();
    assert_eq!(error.to_string(), "a context is no sequence; write context! { name => value }");
}

#[test]
fn a_file_that_is_no_text_is_an_error() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("t"), b"\xff").unwrap();
    let error = engine(&folder).render("t", context! {}).unwrap_err();
    assert!(error.to_string().starts_with("t: the template 't' cannot be read"), "{error}");
}
