//! A site with what protects ordinary sites: CSRF, messages, compressed and cached pages.

use std::sync::atomic::{AtomicU64, Ordering};

use nuages::decorators::{cache_page, csrf_exempt};
use nuages::middleware::csrf::rotate_token;
use nuages::middleware::{Chain, Layers, RequestIdMiddleware};
use nuages::prelude::*;

/// The site.
pub fn protected_app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(RequestIdMiddleware::new())
        .middleware(SecurityMiddleware::new())
        .middleware(GZipMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .middleware(MessageMiddleware::new())
        .urls(urlconf([
            path("form", form),
            path("exempt", csrf_exempt(form)),
            path("login", csrf_exempt(login)),
            path("messages", messages),
            path("secret", secret),
            path("page", cache_page(60, page)),
        ]))
}

/// How often views have changed something.
#[derive(Default)]
struct Changes(AtomicU64);

/// A GET gives a token; anything else changes something, if it gets here.
async fn form(request: HttpRequest) -> Result {
    let changes = request.site().extensions().get_or_insert_with(Changes::default);
    if request.method == "GET" {
        return Ok(HttpResponse::new(get_token(&request)));
    }
    if request.method == "HEAD" {
        return Ok(HttpResponse::new(""));
    }
    let count = changes.0.fetch_add(1, Ordering::Relaxed).saturating_add(1);
    Ok(HttpResponse::new(format!("changes: {count}")))
}

async fn login(request: HttpRequest) -> Result {
    request.session().await?.cycle_key()?;
    rotate_token(&request);
    Ok(HttpResponse::new(get_token(&request)))
}

/// Leaves a message if the query has one, and shows those that there are if it has none.
async fn messages(request: HttpRequest) -> Result {
    let messages = request.messages()?;
    if let Some(text) = request.GET.get("add") {
        messages.info(text);
        return Ok(HttpResponse::new("added"));
    }
    let shown: Vec<String> = messages.read().await?.iter().map(|message| message.text().to_owned()).collect();
    Ok(HttpResponse::new(format!("messages: {}", shown.join(","))))
}

/// A page with a secret, beside what the query says: what an attacker on the line measures the length of.
async fn secret(request: HttpRequest) -> Result {
    let echo = request.GET.get("q").unwrap_or("");
    Ok(HttpResponse::new(format!("{}{echo} secret=3f9a2c81d7", "some text of the page. ".repeat(40))))
}

/// A page that is cached, with a number that tells one making of it from another, and what its query asks for.
async fn page(request: HttpRequest) -> Result {
    let made = request.site().extensions().get_or_insert_with(Changes::default);
    let number = made.0.fetch_add(1, Ordering::Relaxed);
    let mut response = HttpResponse::new(format!("made {number}"));
    for name in ["Vary", "Cache-Control"] {
        if let Some(value) = request.GET.get(name) {
            response.set_header(name, value)?;
        }
    }
    match request.GET.get("does") {
        Some("session") => drop(request.session().await?.get::<String>("name")?),
        Some("cookie") => drop(response.set_cookie("theme", "dark")),
        Some("raw-cookie") => drop(response.set_header("Set-Cookie", "theme=dark")?),
        Some("token") => drop(get_token(&request)),
        Some("messages") => drop(request.messages()?.read().await?),
        Some("error") => drop(response.set_status(StatusCode::NOT_FOUND)),
        _ => {}
    }
    Ok(response)
}
