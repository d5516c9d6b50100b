//! Cookies beyond the tutorial.

use nuages::prelude::*;

// ANCHOR: prefixes
/// The names make promises that browsers hold the site to.
async fn prefixes(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("Two cookies with prefixes");
    response.set_cookie("__Host-id", "1").http_only(true); // Secure and Path=/ are added
    response.set_cookie("__Secure-id", "2").path("/shop/"); // Secure is added
    Ok(response)
}
// ANCHOR_END: prefixes

// ANCHOR: partitioned
/// For a page that other sites show in a frame: each of those sites has a cookie of its own.
async fn embedded(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("A cookie for each site around this one");
    response.set_cookie("chat", "open").secure(true).same_site(SameSite::None).partitioned(true);
    Ok(response)
}
// ANCHOR_END: partitioned

// ANCHOR: checked
/// A name that comes from elsewhere may be none that a cookie can have.
async fn named(request: HttpRequest) -> Result {
    let name = request.GET.get("name").unwrap_or("colour");
    let mut response = HttpResponse::new("Set");
    response.set_cookie(name, "blue");
    // Without this line the answer would be 500, and the log would say why; in no case is a header written.
    response.check_cookies().or_400()?;
    Ok(response)
}
// ANCHOR_END: checked

// ANCHOR: expiring
/// A signed cookie that is no good after a minute, however long the browser keeps it.
async fn ticket(request: HttpRequest) -> Result {
    match request.signed_cookie("ticket").salt("cinema").max_age(60).get() {
        Ok(seat) => Ok(HttpResponse::new(format!("Seat {}", escape(&seat)))),
        Err(SignedCookieError::SignatureExpired) => Ok(HttpResponse::gone("The ticket is too old")),
        Err(_) => {
            let mut response = HttpResponse::new("Here is a ticket");
            response.set_signed_cookie("ticket", 7).salt("cinema").max_age(60).http_only(true);
            Ok(response)
        }
    }
}
// ANCHOR_END: expiring

/// A page for each.
pub fn cookie_urls() -> UrlConf {
    urlconf([
        path("prefixes/", prefixes),
        path("embedded/", embedded),
        path("named/", named),
        path("ticket/", ticket),
    ])
}
