//! The application: settings, middleware, URLs.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::inspector::Inspector;
use crate::quota::UploadQuota;
use crate::urls::urls;

// ANCHOR: app
/// The site. Without `sessions` its session views answer with an error that says what is missing.
pub fn app(settings: Settings, sessions: Option<SessionMiddleware>) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(Inspector)
        .middleware(UploadQuota(1 << 30))
        .middleware(sessions)
        .middleware(CommonMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .urls(urls())
}
// ANCHOR_END: app
