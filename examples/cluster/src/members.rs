//! What a member's session has to survive: a login, a count, a logout.

use nuages::prelude::*;
use serde::Deserialize;
use serde_json::json;

pub(crate) fn urls() -> UrlConf {
    urlconf([
        path("login/", login),
        path("visit/", visit),
        path("me/", me),
        path("logout/", logout),
        path("process/", process),
    ])
}

#[derive(Deserialize)]
struct Login {
    name: String,
}

// ANCHOR: views
async fn login(request: HttpRequest) -> Result {
    let login: Login = request.form().await?;
    let session = request.session().await?;
    // A key that somebody planted before the login is worth nothing after it.
    session.cycle_key()?;
    session.set("member", &login.name)?;
    HttpResponse::json(&json!({"member": login.name}))
}

/// Whichever process counts, none of the others' counts is lost.
async fn visit(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let visits = session.modify("visits", |visits: u64| visits.saturating_add(1))?;
    HttpResponse::json(&json!({"visits": visits}))
}

async fn logout(request: HttpRequest) -> Result {
    request.session().await?.flush();
    HttpResponse::json(&json!({"member": null}))
}
// ANCHOR_END: views

async fn me(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let (member, visits): (Option<String>, Option<u64>) = (session.get("member")?, session.get("visits")?);
    HttpResponse::json(&json!({"member": member, "visits": visits.unwrap_or(0)}))
}

/// Which process answers.
async fn process(_request: HttpRequest) -> Result {
    HttpResponse::json(&json!({"process": std::process::id()}))
}
