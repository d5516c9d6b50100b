//! Projects with everything wrong that `check` finds.
//!
//! Snapshots hold the line numbers of the routes below.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::project::VisitsMiddleware;

async fn show(_request: HttpRequest, year: u32) -> Result {
    Ok(HttpResponse::new(year.to_string()))
}

async fn index(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("index"))
}

/// Routes that cannot work, and middleware in the wrong order.
pub(crate) fn urls_and_middleware(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings).middleware(VisitsMiddleware).middleware(SessionMiddleware::new()).urls(urlconf([
        path("", index),
        path("<int:year>/<slug:slug>/", show),
        path("<slug:year>/", show),
        path("<year:year>/", show),
        re_path(r"^a(?=b)/$", index),
    ]))
}

/// Routes that work, though not as somebody meant.
pub(crate) fn doubtful_urls(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings).urls(urlconf([
        path("/about/", index),
        path("<str:page>/", |request: HttpRequest, _page: String| index(request)),
        path("contact/", index).name("site:contact"),
    ]))
}

/// No middleware at all.
pub(crate) fn bare(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings).urls(urlconf([path("", index)]))
}

/// Nothing at all.
pub(crate) fn empty(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
}
