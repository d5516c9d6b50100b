//! What a request says.

use nuages::prelude::*;

// ANCHOR: query
/// `/search/?q=rust&tag=web&tag=async&page=2`
async fn search(request: HttpRequest) -> Result {
    let words = request.GET.get("q").unwrap_or_default();
    let page: u32 = request.GET.get("page").and_then(|text| text.parse().ok()).unwrap_or(1);
    let tags = request.GET.getlist("tag");

    // A copy may be changed: the same search, one page on.
    let mut next = request.GET.copy();
    next.set("page", page.saturating_add(1).to_string())?;

    let answer = format!("{words} in {}, page {page}, next ?{}", tags.join(" and "), next.urlencode()?);
    Ok(HttpResponse::new(escape(&answer).into_owned()))
}
// ANCHOR_END: query

// ANCHOR: typed
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Order {
    product: String,
    pieces: u32,
}

#[derive(Serialize)]
struct Receipt {
    product: String,
    cents: u64,
}

/// JSON comes in and goes out as types. What does not fit is answered with 400, which names the field.
async fn order(request: HttpRequest) -> Result {
    let order: Order = request.json().await?;
    let cents = u64::from(order.pieces).saturating_mul(250);
    HttpResponse::json(&Receipt { product: order.product, cents })
}

/// The same of a form, `product=pen&pieces=3`.
async fn order_form(request: HttpRequest) -> Result {
    let order: Order = request.form().await?;
    Ok(HttpResponse::new(format!("{} times {}", order.pieces, escape(&order.product))))
}
// ANCHOR_END: typed

// ANCHOR: fields
async fn about(request: HttpRequest) -> Result {
    let language = request.headers.get("Accept-Language").unwrap_or("any language".into());
    let address = request.META.get("REMOTE_ADDR").unwrap_or_default();
    let lines = [
        format!("{} {}", request.method, request.get_full_path()),
        format!("to {} over {}", request.get_host()?, request.scheme),
        format!("from {address}, in {language}"),
        format!("this page is {}", request.build_absolute_uri("/about/")?),
    ];
    Ok(HttpResponse::new(escape(&lines.join("\n")).into_owned())
        .with_content_type("text/plain; charset=utf-8")?)
}
// ANCHOR_END: fields

// ANCHOR: extensions
/// What a layer found out, for views and layers further in.
struct Weekday(&'static str);

async fn weekday(request: HttpRequest) -> Result {
    request.extensions().get_or_insert_with(|| Weekday("Friday"));
    let Some(Weekday(name)) = request.extensions().get() else { return redirect("/about/") };
    Ok(HttpResponse::new(*name))
}
// ANCHOR_END: extensions

/// A page for each.
pub fn request_urls() -> UrlConf {
    urlconf([
        path("search/", search),
        path("order/", order),
        path("order_form/", order_form),
        path("about/", about),
        path("weekday/", weekday),
    ])
}
