//! The application. Nothing in it knows that it runs several times: that is a matter of settings.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::members;

// ANCHOR: app
/// The tutorial's pages, and those for members.
pub fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .templates(|engine| engine.embedded(tutorial::TEMPLATES))
        .urls(urlconf([path("member/", include(members::urls())), path("", include(tutorial::urls()))]))
}
// ANCHOR_END: app
