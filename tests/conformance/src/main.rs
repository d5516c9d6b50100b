//! The conformance server: the framework's API over HTTP, so that a driver can compare every answer with Django's.
//!
//! It reads its settings, PORT included, from the environment, and has one file for each area of the protocol.

mod cache;
mod cookies;
mod csrf;
mod given;
mod inspect;
mod messages;
mod middleware;
mod operation;
mod outcome;
mod passwords;
mod querydict;
mod request;
mod responses;
mod scalar;
mod session;
mod settings;
mod shortcuts;
mod signing;
mod times;
mod trace;
mod urls;
mod utilities;
mod wsgi;

use std::io::{IsTerminal, stderr};
use std::process::ExitCode;

use nuages::db::Database;
use nuages::decorators::csrf_exempt;
use nuages::management::create_cache_tables;
use nuages::prelude::*;
use nuages::server::{Address, Server, shutdown_signal};
use serde_json::json;

use crate::trace::Recorder;
use crate::wsgi::LikeWsgi;
use nuages::templates::Embedded;

#[tokio::main]
async fn main() -> ExitCode {
    let log = tracing_subscriber::fmt().with_writer(stderr).with_ansi(stderr().is_terminal());
    log.with_max_level(tracing::Level::WARN).init();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<()> {
    let (settings, traced) = (settings::from_environment()?, settings::has_extra("trace"));
    let application = App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(settings::has_extra("gzip").then(GZipMiddleware::new))
        .middleware(settings::has_extra("conditional").then(ConditionalGetMiddleware::new))
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new().failure_view(csrf::failure))
        .middleware(MessageMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .middleware(traced.then(|| Recorder::new("outer")))
        .middleware(traced.then(|| Recorder::new("middle")))
        .middleware(traced.then(|| Recorder::new("inner")))
        .templates(|engine| engine.embedded(Embedded(shortcuts::TEMPLATES)))
        .urls(urls())
        .build()?;
    if let Some(database) = application.site().extensions().get::<Database>() {
        database.migrate().await?;
        create_cache_tables(application.site().settings(), database).await?;
    }
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let address: Address = format!("127.0.0.1:{port}").parse()?;
    Server::new().bind(address)?.serve(LikeWsgi(application), shutdown_signal()).await?;
    Ok(())
}

/// Every endpoint: those of CSRF, and the others, which are exempt from its checks.
fn urls() -> UrlConf {
    let mut routes = csrf::routes();
    routes.push(path("", csrf_exempt(include(exempt_urls()))));
    urlconf(routes)
}

/// Routes have no names, so each says what its view is called in Django's server.
fn exempt_urls() -> UrlConf {
    let mut routes = vec![path("ping", ping).view_path("views.ping")];
    routes.extend(cache::routes());
    routes.extend(cookies::routes());
    routes.extend(signing::routes());
    routes.extend(session::routes());
    routes.extend(passwords::routes());
    routes.extend(messages::routes());
    routes.extend(request::routes());
    routes.extend(querydict::routes());
    routes.extend(responses::routes());
    routes.extend(utilities::routes());
    routes.extend(middleware::routes());
    routes.extend(trace::routes());
    routes.extend(shortcuts::routes());
    routes.extend(urls::routes());
    urlconf(routes).converter("hex", urls::Hex).converter("even", urls::Even)
}

async fn ping(_: HttpRequest) -> Result {
    HttpResponse::json(&json!({"pong": true}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_fit_their_views() {
        let settings = Settings { SECRET_KEY: "key".into(), ..Settings::default() };
        let built = App::new(settings).urls(urls()).build();
        assert!(built.is_ok(), "{}", built.err().map(|errors| errors.to_string()).unwrap_or_default());
    }
}
