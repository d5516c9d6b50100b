//! The layers of tower-http around a site: `cargo run -p tower-layers` serves it.

mod layers;
mod site;

#[cfg(test)]
mod tests;

// ANCHOR: main
use std::error::Error;

use nuages::configuration::{Configuration, Sources};
use nuages::server::{Address, Server, shutdown_signal};

/// What `runserver` does, with something around the application.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Configuration::load(&Sources::from_process())?.into_settings();
    let application = site::app(settings).build()?;
    let address: Address = std::env::args().nth(1).as_deref().unwrap_or("127.0.0.1:8000").parse()?;
    let bound = Server::new().bind(address)?;
    announce(bound.local_addr());
    bound.serve(layers::around(application), shutdown_signal()).await?;
    Ok(())
}
// ANCHOR_END: main

#[expect(clippy::print_stdout, reason = "the program's own output")]
fn announce(address: &Address) {
    println!("Serving at http://{address}/ (Ctrl-C ends it)");
}
