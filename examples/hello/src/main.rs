//! The smallest site: `cargo run -p hello` serves it.

use std::process::ExitCode;

use nuages::prelude::*;

// ANCHOR: views
/// Greets the world, or whom `?name=` names.
async fn hello(request: HttpRequest) -> Result {
    let name = request.GET.get("name").unwrap_or("world");
    Ok(HttpResponse::new(format!("Hello, {}!", escape(name))))
}

/// Greets as often as the path says.
async fn cheer(_request: HttpRequest, times: u8) -> Result {
    Ok(HttpResponse::new("Hip hip hooray! ".repeat(times.into())))
}
// ANCHOR_END: views

// ANCHOR: app
fn app(settings: Settings) -> App {
    App::new(settings).urls(urlconf([path("", hello), path("cheer/<int:times>/", cheer)]))
}

fn main() -> ExitCode {
    nuages::management::run(app)
}
// ANCHOR_END: app

#[cfg(test)]
mod tests {
    use nuages::test::{self, Client};

    // ANCHOR: test
    #[tokio::test]
    async fn it_greets() {
        let mut client = Client::new(super::app(test::settings()).build().unwrap());
        client.get("/").await.assert_status(200).assert_contains("Hello, world!");
        client.get("/?name=<Ada>").await.assert_contains("Hello, &lt;Ada&gt;!");
        client.get("/cheer/3/").await.assert_contains("hooray! Hip hip hooray! Hip hip hooray!");
        client.get("/cheer/often/").await.assert_status(404);
        client.get("/cheer/256/").await.assert_status(404);
    }
    // ANCHOR_END: test
}
