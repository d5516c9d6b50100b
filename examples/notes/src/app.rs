//! Middleware and routes.

use nuages::decorators::{
    CachePage, cache_page, condition, csrf_exempt, never_cache, require_POST, require_http_methods,
    require_safe, xframe_options_sameorigin,
};
use nuages::middleware::{Chain, Layers, RequestIdMiddleware};
use nuages::prelude::*;
use nuages::user_passes_test;

use crate::maintenance::Maintenance;
use crate::views;

// ANCHOR: app
/// The site.
pub fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(RequestIdMiddleware::new())
        .middleware(SecurityMiddleware::new())
        .middleware(GZipMiddleware::new())
        .middleware(Maintenance { on: false })
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .middleware(MessageMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .urls(urls())
}
// ANCHOR_END: app

// ANCHOR: urls
fn urls() -> UrlConf {
    urlconf([
        path("", require_http_methods(["GET", "HEAD", "POST"], views::board)).name("board"),
        path("<int:number>/", require_safe(views::note)).name("note"),
        path("about/", cache_page(60 * 15, views::about)),
        path("feed.txt", condition(views::feed_tag, views::feed_changed, views::feed)),
        path("hook/", csrf_exempt(require_POST(never_cache(views::hook)))),
        path(
            "frame/",
            xframe_options_sameorigin(cache_page(CachePage::seconds(60).key_prefix("frame"), views::about)),
        ),
        path("mine/", user_passes_test(views::has_written, views::mine)),
    ])
}
// ANCHOR_END: urls
