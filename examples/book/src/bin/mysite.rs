//! The smallest project: one file, its own `manage.py`.

// ANCHOR: main
use std::process::ExitCode;

use nuages::prelude::*;

async fn index(request: HttpRequest) -> Result {
    let visits = request.session().await?.modify("visits", |visits: u32| visits.saturating_add(1))?;
    Ok(HttpResponse::new(format!("Hello. This is visit number {visits}.")))
}

fn main() -> ExitCode {
    nuages::management::run(|settings| {
        App::new(settings)
            .middleware(SecurityMiddleware::new())
            .middleware(SessionMiddleware::new())
            .middleware(CommonMiddleware::new())
            .urls(urlconf([path("", index).name("index")]))
    })
}
// ANCHOR_END: main
