//! Routes, names and namespaces.

// ANCHOR: captures
use nuages::prelude::*;
use nuages::view::Kwargs;

/// Captures arrive typed, in order.
async fn post(_request: HttpRequest, year: u32, slug: String) -> Result {
    Ok(HttpResponse::new(format!("{} of {year}", escape(&slug))))
}

/// The text of a group of a regular expression becomes a number here, too; one that does not fit is no match but a 404.
async fn page(_request: HttpRequest, number: u16) -> Result {
    Ok(HttpResponse::new(format!("page {number}")))
}

/// For routes of several shapes: all captures, by name.
async fn list(_request: HttpRequest, captures: Kwargs) -> Result {
    let year = captures.get("year").map_or("all years".to_owned(), |year| year.to_string());
    Ok(HttpResponse::new(year))
}
// ANCHOR_END: captures

// ANCHOR: urlconf
fn blog() -> UrlConf {
    urlconf([
        path("", list).name("list"),
        path("<int:year>/", list).name("year"),
        path("<int:year>/<slug:slug>/", post).name("post"),
        re_path(r"^page-(?P<number>[0-9]+)/$", page).name("page"),
    ])
    .app_name("blog")
}

/// The routes of the whole site.
pub fn shop_urls() -> UrlConf {
    urlconf([
        path("blog/", include(blog())),
        path("latest/", latest),
        path("first/", first),
        path("where/", place),
    ])
}
// ANCHOR_END: urlconf

// ANCHOR: reverse
/// From a name to its URL.
async fn latest(request: HttpRequest) -> Result {
    let year = request.reverse("blog:year").kwarg("year", 2026).url()?; // "/blog/2026/"
    redirect(year)
}

/// The same in one step, for a redirect.
async fn first(request: HttpRequest) -> Result {
    redirect_to(&request, "blog:post").arg(2026).arg("hello").response()
}
// ANCHOR_END: reverse

// ANCHOR: matched
/// From a URL to its route.
async fn place(request: HttpRequest) -> Result {
    let matched = request.resolve("/blog/2026/hello/")?;
    Ok(HttpResponse::new(format!("{} by {}", matched.view_name(), matched.route())))
}
// ANCHOR_END: matched
