//! Templates with a filter and tags of one's own.

// ANCHOR: engine
use nuages::prelude::*;
use nuages::templates::{Embedded, Engine};

/// What the templates of the shop may use beyond Django's, and those that are in the binary.
pub fn shop_templates(engine: Engine) -> Engine {
    engine
        // {{ book.cents|euros }}
        .filter("euros", |cents: i64| format!("{}.{:02} €", cents / 100, cents % 100))
        // {% this_year %}
        .simple_tag("this_year", || 2026)
        // {% stars 3 %} renders stars.html with this context
        .inclusion_tag("stars", "stars.html", |count: i64| context! { count, places => [1, 2, 3, 4, 5] })
        // {% load shop %} is nothing to do, and no mistake
        .library("shop")
        .embedded(Embedded(&[
            ("base.html", include_str!("../shop/base.html")),
            ("shelf.html", include_str!("../shop/shelf.html")),
            ("stars.html", include_str!("../shop/stars.html")),
        ]))
}
// ANCHOR_END: engine
