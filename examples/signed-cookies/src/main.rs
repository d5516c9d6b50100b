//! A shop whose vouchers are in signed cookies: `cargo run -p signed-cookies` serves it.

mod views;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::prelude::*;

// ANCHOR: app
fn app(settings: Settings) -> App {
    App::new(settings).urls(urlconf([
        path("", views::basket).name("basket"),
        path("voucher/<int:percent>/", views::voucher),
        path("tamper/", views::tamper),
    ]))
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
