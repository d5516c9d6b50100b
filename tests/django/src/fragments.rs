//! Fragments of pages, which both sites find in one cache.

use nuages::prelude::*;
use nuages::templates::{Embedded, make_template_fragment_key};

pub(super) const TEMPLATES: Embedded = Embedded(&[(
    "fragment.html",
    "{% load cache %}{% cache 60 shared who %}<b>{{ n }} {{ who }}</b>{% endcache %}",
)]);

pub(super) async fn show(request: HttpRequest) -> Result {
    let (n, who) = (request.GET.get("n").unwrap_or_default(), request.GET.get("who").unwrap_or_default());
    let page = render_to_string(&request, "fragment.html", context! { n, who }).await?;
    HttpResponse::json(&serde_json::json!({"fragment": page}))
}

pub(super) async fn forget(request: HttpRequest) -> Result {
    let who = request.POST().await?.get("who").unwrap_or_default().to_owned();
    let found = request.cache().delete(&make_template_fragment_key("shared", [who])).await?;
    HttpResponse::json(&serde_json::json!({"done": true, "found": found}))
}
