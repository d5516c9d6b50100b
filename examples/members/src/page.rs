//! The frame of every page.

use nuages::prelude::*;

// ANCHOR: page
/// A page of the site. `static_url` gives the name with the hash of the content, once `collectstatic` has run.
pub(crate) fn page(request: &HttpRequest, title: &str, body: &str) -> Result {
    let style = request.static_url("site.css")?;
    Ok(HttpResponse::new(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"{style}\"><h1>{title}</h1>{body}</html>",
        title = escape(title),
        style = escape(&style),
    )))
}
// ANCHOR_END: page
