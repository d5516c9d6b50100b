//! A gallery that looks at pictures while they arrive: `cargo run -p uploads` serves it.

mod gallery;
mod handlers;
mod views;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::handlers::PictureUploads;

// ANCHOR: app
/// The handlers are added before the check of the token, which reads the form.
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(PictureUploads)
        .middleware(CsrfViewMiddleware::new())
        .urls(urlconf([
            path("", views::gallery).name("gallery"),
            path("pictures/<uuid:id>/", views::picture),
            path("progress/<uuid:upload>/", views::progress),
        ]))
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
