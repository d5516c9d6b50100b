//! A template that changes while the site runs.

use nuages_templates::{Engine, Reload, context};

use crate::{folder, write};

#[test]
fn the_next_render_sees_a_change() {
    let first = folder(&[]);
    let second = folder(&[
        ("base", "[{% block a %}{% endblock %}]"),
        ("page", "{% extends 'base' %}{% block a %}1{% endblock %}"),
    ]);
    let engine = Engine::new().dir(first.path()).dir(second.path()).reload(Reload::OnChange);
    let page = || engine.render("page", context! {});
    assert_eq!(page().unwrap(), "[1]");
    write(second.path(), "page", "{% extends 'base' %}{% block a %}two{% endblock %}");
    assert_eq!(page().unwrap(), "[two]");
    write(second.path(), "base", "({% block a %}{% endblock %})");
    assert_eq!(page().unwrap(), "(two)");
    // A template that is broken is an error, and mended it is well.
    write(second.path(), "base", "\n{% blok a %}");
    let error = page().unwrap_err();
    assert_eq!((error.name(), error.line()), (Some("base"), Some(2)));
    write(second.path(), "base", "<{% block a %}{% endblock %}>");
    assert_eq!(page().unwrap(), "<two>");
    // One in a folder before, and away again.
    write(first.path(), "page", "first");
    assert_eq!(page().unwrap(), "first");
    std::fs::remove_file(first.path().join("page")).unwrap();
    assert_eq!(page().unwrap(), "<two>");
    std::fs::remove_file(second.path().join("page")).unwrap();
    assert!(page().is_err());
}

#[test]
fn without_reload_a_template_is_read_once() {
    let folder = folder(&[("page", "1")]);
    let engine = Engine::new().dir(folder.path()).reload(Reload::Never);
    assert_eq!(engine.render("page", context! {}).unwrap(), "1");
    write(folder.path(), "page", "two");
    assert_eq!(engine.render("page", context! {}).unwrap(), "1");
    // A clone is the same engine; one that is configured anew is another.
    assert_eq!(engine.clone().render("page", context! {}).unwrap(), "1");
    assert_eq!(engine.reload(Reload::OnChange).render("page", context! {}).unwrap(), "two");
}
