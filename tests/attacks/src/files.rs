//! A site with files: collected static ones, and those that users have uploaded.

use nuages::contrib::staticfiles::serve;
use nuages::decorators::require_GET;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

/// The site. Uploaded files lie in the folder `media` beside STATIC_ROOT.
pub fn files_app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(StaticFilesMiddleware::new())
        .middleware(CommonMiddleware::new())
        .urls(urlconf([
            path("", require_GET(index)),
            path("media/<path:path>", media),
            path("fails", fails),
            path("json", json),
        ]))
}

async fn index(_: HttpRequest) -> Result {
    Ok(HttpResponse::new("index"))
}

async fn media(request: HttpRequest, path: String) -> Result {
    let root = request.settings().STATIC_ROOT.clone().unwrap_or_default();
    serve(std::path::Path::new(&root).join("../media")).answer(&request, &path).await
}

/// Fails with words that no visitor may read.
async fn fails(_: HttpRequest) -> Result {
    Err("could not open /srv/secret/place with the password hunter2".into())
}

async fn json(request: HttpRequest) -> Result {
    let _value: serde_json::Value = request.json().await?;
    Ok(HttpResponse::new("read"))
}
