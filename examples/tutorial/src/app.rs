//! The application: settings, middleware, URLs.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::inspector::Inspector;
use crate::quota::UploadQuota;
use crate::templates::TEMPLATES;
use crate::urls::urls;

// ANCHOR: app
/// The site. Without `sessions` its session views answer with an error that says what is missing.
pub fn app(settings: Settings, sessions: Option<SessionMiddleware>) -> App<Chain<impl Layers, impl Sized>> {
    // Messages that do not fit a cookie go to the session.
    let messages = sessions.as_ref().map(|_| MessageMiddleware::new());
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(Inspector)
        .middleware(UploadQuota(1 << 30))
        .middleware(sessions)
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .middleware(messages)
        .middleware(XFrameOptionsMiddleware::new())
        .templates(|engine| engine.embedded(TEMPLATES))
        .urls(urls())
}
// ANCHOR_END: app
