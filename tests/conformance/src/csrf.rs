//! CSRF: the token, the check, and views that stand aside.

use nuages::Route;
use nuages::decorators::{csrf_exempt, ensure_csrf_cookie};
use nuages::middleware::csrf::{CsrfReason, rotate_token};
use nuages::prelude::*;
use serde_json::json;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("csrf/token", token).view_path("views.csrf_token"),
        path("csrf/untouched", untouched).view_path("views.csrf_untouched"),
        path("csrf/ensure", ensure_csrf_cookie(untouched)).view_path("views.csrf_ensure"),
        path("csrf/protected", protected).view_path("views.csrf_protected"),
        path("csrf/exempt", csrf_exempt(protected)).view_path("views.csrf_open"),
        path("csrf/rotate", csrf_exempt(rotate)).view_path("views.csrf_rotate"),
    ]
}

/// The answer to a request that was refused.
pub(crate) async fn failure(_: HttpRequest, reason: CsrfReason) -> Result {
    let response = HttpResponse::json(&json!({"reason": reason.to_string()}))?;
    Ok(response.with_status(StatusCode::FORBIDDEN))
}

async fn token(request: HttpRequest) -> Result {
    HttpResponse::json(&json!({"token": get_token(&request)}))
}

async fn untouched(_: HttpRequest) -> Result {
    HttpResponse::json(&json!({"ok": true}))
}

async fn protected(request: HttpRequest) -> Result {
    HttpResponse::json(&json!({"ok": true, "method": request.method.as_str()}))
}

async fn rotate(request: HttpRequest) -> Result {
    rotate_token(&request);
    HttpResponse::json(&json!({"token": get_token(&request)}))
}
