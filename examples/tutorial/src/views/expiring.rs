//! A cookie that ends at a moment, and one with all attributes.

use chrono::{TimeDelta, Utc};
use nuages::prelude::*;

// ANCHOR: set_expires
/// Ends ten seconds from now.
pub(crate) async fn set_expires(_request: HttpRequest) -> Result {
    let current_time = Utc::now();
    let expires_time = current_time + TimeDelta::seconds(10);
    let mut response = HttpResponse::new(format!("Set until {}", expires_time.format("%H:%M:%S UTC")));
    response.set_cookie("key", "value").expires(expires_time);
    Ok(response)
}
// ANCHOR_END: set_expires

/// Whether the browser still sends it.
pub(crate) async fn check_expires(request: HttpRequest) -> Result {
    let answer = match request.COOKIES.get("key") {
        Some(value) => format!("The browser still sends key={}", escape(&value)),
        None => "The browser does not send the cookie any more".to_owned(),
    };
    Ok(HttpResponse::new(answer))
}

// ANCHOR: set_attributes
/// Every attribute at once.
pub(crate) async fn set_attributes(request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("A cookie with all attributes");
    response
        .set_cookie("attributes", "all of them")
        .max_age(Duration::from_secs(3600)) // one hour; `expires` is computed from it
        .path("/set_attributes/") // sent back to this page alone
        .secure(request.is_secure()) // over HTTPS only, once the site has it
        .http_only(true) // hidden from JavaScript
        .same_site(SameSite::Lax); // not with what other sites' pages load from here
    Ok(response)
}
// ANCHOR_END: set_attributes
