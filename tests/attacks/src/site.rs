//! The site: settings, middleware, URLs.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::bomb::Bomb;
use crate::record::Record;
use crate::{bomb, echoes, sessions, uploads};

/// The site. `record` is told of every request, from before the first middleware until after the last.
pub fn app(
    settings: Settings,
    sessions: SessionMiddleware,
    record: Record,
) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(record)
        .middleware(SecurityMiddleware::new())
        .middleware(sessions)
        .middleware(Bomb)
        .middleware(CommonMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .urls(urls())
}

fn urls() -> UrlConf {
    urlconf([
        path("", echoes::index),
        path("echo", echoes::body),
        path("path/<path:rest>", echoes::rest),
        path("int/<int:number>/", echoes::int),
        path("slug/<slug:slug>/", echoes::slug),
        path("<path:any>/slash/", echoes::rest),
        re_path("^(a+)+$", echoes::hostile),
        path("query", echoes::query),
        path("form", echoes::form),
        path("meta", echoes::meta),
        path("where", echoes::whereabouts),
        path("redirect", echoes::redirect_to),
        path("cookies", echoes::cookies),
        path("cookies/set", echoes::set_cookie),
        path("cookies/keep", echoes::keep_cookies),
        path("signed/set", echoes::set_signed),
        path("signed/get", echoes::get_signed),
        path("sleep/<int:milliseconds>", echoes::sleep),
        path("panic", bomb::explode),
        path("upload", uploads::upload),
        path("upload/panic", uploads::explode),
        path("json", uploads::json),
        path("broken/<slug:way>", uploads::broken),
        path("session/", include(sessions::urls())),
    ])
}
