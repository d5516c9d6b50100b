//! Which template a name means, and which names mean none.

use nuages_templates::{Embedded, Engine, TemplateErrorKind, context};

use crate::{engine, folder};

#[test]
fn folders_come_before_the_folders_of_apps_and_before_the_binary() {
    let first = folder(&[("a", "first a")]);
    let second = folder(&[("a", "second a"), ("b", "second b")]);
    let app = folder(&[("a", "app a"), ("b", "app b"), ("c", "app c")]);
    let engine = Engine::new()
        .embedded(Embedded(&[("c", "binary c"), ("d", "binary d")]))
        .app_dir(app.path())
        .dir(first.path())
        .dir(second.path());
    for (name, expected) in [("a", "first a"), ("b", "second b"), ("c", "app c"), ("d", "binary d")] {
        assert_eq!(engine.render(name, context! {}).unwrap(), expected);
    }
    assert_eq!(engine.select_template(["x", "d", "a"]).unwrap(), "d");
    assert!(engine.get_template("x").is_err());
}

#[test]
fn a_template_extends_the_next_one_of_its_name() {
    let project = folder(&[(
        "admin/base.html",
        "{% extends 'admin/base.html' %}{% block a %}project {{ block.super }}{% endblock %}",
    )]);
    let theme = folder(&[(
        "admin/base.html",
        "{% extends 'admin/base.html' %}{% block a %}theme {{ block.super }}{% endblock %}",
    )]);
    let engine = Engine::new()
        .dir(project.path())
        .dir(theme.path())
        .embedded(Embedded(&[("admin/base.html", "<{% block a %}django{% endblock %}>")]));
    assert_eq!(engine.render("admin/base.html", context! {}).unwrap(), "<project theme django>");
    // One that extends itself has nobody to extend.
    let alone = folder(&[("a.html", "{% extends 'a.html' %}")]);
    let error = crate::engine(&alone).render("a.html", context! {}).unwrap_err();
    assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. }), "{error}");
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_no_template() {
    let outer = folder(&[("secret.txt", "secret"), ("in/page.html", "page"), ("in/sub/x.html", "x")]);
    let engine = Engine::new().dir(outer.path().join("in"));
    let absolute = outer.path().join("secret.txt").display().to_string();
    let names = [
        "../secret.txt",
        "sub/../../secret.txt",
        absolute.as_str(),
        "/secret.txt",
        "..\\secret.txt",
        "page.html\0",
        "page.html\0-0",
        "\0",
        "",
        ".",
        "..",
        "sub",
        "sub/",
        "page.html/",
        "./../secret.txt",
        "sub/./../../secret.txt",
    ];
    for name in names {
        let error = engine.render(name, context! {}).unwrap_err();
        assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. }), "{name:?}: {error}");
        // The same for a name that comes out of the context.
        for template in ["{% include name %}", "{% extends name %}", "{% include name only %}"] {
            let error = engine.render_str(template, context! { name }).unwrap_err();
            let refused =
                matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. } | TemplateErrorKind::Syntax);
            assert!(refused, "{template} {name:?}: {error}");
        }
    }
    assert_eq!(engine.render("sub/../page.html", context! {}).unwrap(), "page");
}

#[test]
fn escaping_that_is_off_goes_into_what_is_included() {
    let folder = folder(&[
        ("a", "{{ x }}{% autoescape off %}{% include 'b' %}{% endautoescape %}{% include 'b' %}"),
        ("b", "{{ x }}{% include 'c' only %}{% include 'd' %}"),
        ("c", "{% autoescape on %}{{ '<' }}{% endautoescape %}"),
        ("d", "{% extends 'e' %}{% block q %}{{ x }}{% endblock %}"),
        ("e", "{% block q %}{% endblock %}"),
    ]);
    let shown = engine(&folder).render("a", context! { x => "&" }).unwrap();
    assert_eq!(shown, "&amp;&<&&amp;<&amp;");
}

#[test]
fn line_ends_of_files_become_one_letter_as_in_python() {
    let folder = folder(&[("a", "1\r\n2\r3\n")]);
    assert_eq!(engine(&folder).render("a", context! {}).unwrap(), "1\n2\n3\n");
}
