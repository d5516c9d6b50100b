//! The templates of the book.

use book_snippets::shop_templates;
use nuages::templates::{Embedded, Engine, context};

// ANCHOR: render
#[test]
fn a_shelf() {
    let engine = shop_templates(Engine::new());
    assert!(engine.check_all().is_empty(), "{:?}", engine.check_all());
    let books = [context! { title => "Notes <of 1843>", cents => 1250, stars => 1 }];
    let page = engine.render("shelf.html", context! { shelf => "old books", books }).unwrap();
    assert!(page.contains("<title>Old Books – The shop</title>"), "{page}");
    assert!(page.contains("1. Notes &lt;of 1843&gt;, 12.50 € <b title=\"1 star\">*....</b>"), "{page}");
}
// ANCHOR_END: render

#[test]
fn an_empty_shelf() {
    let page = shop_templates(Engine::new()).render("shelf.html", context! { shelf => "new" }).unwrap();
    assert!(page.contains("Nothing here, in 2026."), "{page}");
}

/// The mistakes that the page shows.
#[test]
fn mistakes_name_their_place() {
    let engine = Engine::new().embedded(Embedded(&[
        ("list.html", "<ul>\n{% fro book in books %}\n</ul>"),
        ("page.html", "{% extends 'bass.html' %}"),
        ("price.html", "{{ cents|euro }}"),
    ]));
    let said: Vec<String> = engine.check_all().iter().map(ToString::to_string).collect();
    let page = include_str!("../../../../docs/src/topics/templates.md");
    assert_eq!(said.len(), 3, "{said:?}");
    for message in said {
        assert!(page.contains(&message), "docs/src/topics/templates.md does not show: {message}");
    }
}
