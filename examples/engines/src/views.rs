//! A visit that is counted, and a visitor who is forgotten.

use nuages::prelude::*;
use nuages::sessions::EngineName;

// ANCHOR: visit
const VISITS: Key<u32> = Key::new("visits");

/// Counts, and says where the number is kept.
pub(crate) async fn visit(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let visits = session.modify(VISITS, |visits| visits.saturating_add(1))?;
    let engine: EngineName = request.settings().SESSION_ENGINE.parse()?;
    Ok(HttpResponse::new(format!(
        "<p>Visit number {visits}, kept by {}: {}.</p>\
         <form method=\"post\" action=\"/forget/\">\
         <input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\"><button>Forget me</button></form>",
        engine.as_str(),
        place(engine),
        get_token(&request),
    )))
}
// ANCHOR_END: visit

fn place(engine: EngineName) -> &'static str {
    match engine {
        EngineName::Db => "in a row of the table django_session",
        EngineName::CachedDb => "in a row of the table django_session, and in the cache before it",
        EngineName::Cache => "in the cache, for as long as the cache keeps it",
        EngineName::File => "in a file on this machine",
        EngineName::SignedCookies => "in the cookie itself, which you can read and not change",
        _ => "where this page knows nothing of",
    }
}

// ANCHOR: forget
/// Ends the session.
pub(crate) async fn forget(request: HttpRequest) -> Result {
    request.session_handle()?.flush();
    redirect_to(&request, "visit").response()
}
// ANCHOR_END: forget
