//! The site inside: it knows of no layer.

use nuages::decorators::require_POST;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

pub(crate) fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(CommonMiddleware::new())
        .urls(urlconf([path("", who), path("count/", require_POST(count))]))
}

/// Says who asks: the server tells it to the site through the layers.
async fn who(request: HttpRequest) -> Result {
    let address = request.META.get("REMOTE_ADDR").unwrap_or_default();
    HttpResponse::json(&[&*address])
}

/// Counts the bytes that it was sent.
async fn count(request: HttpRequest) -> Result {
    HttpResponse::json(&request.body().await?.len())
}
