//! Plain cookies: set, read, counted, deleted.

use nuages::prelude::*;

// ANCHOR: add_cookie_first
/// The first version: one cookie, until the browser is closed.
pub(crate) async fn add_cookie_first(_request: HttpRequest) -> Result {
    let mut html = HttpResponse::new("Codeunderscored Django Cookie Tutorial");
    html.set_cookie("codeunderscored", " Here is your Cookies").max_age(None);
    Ok(html)
}
// ANCHOR_END: add_cookie_first

// ANCHOR: show_cookie_first
/// The first version: `request.COOKIES["codeunderscored"]`, which is an error if there is none.
pub(crate) async fn show_cookie_first(request: HttpRequest) -> Result {
    let show = request.COOKIES.require("codeunderscored")?;
    Ok(HttpResponse::new(format!(" New Page{}", escape(&show))))
}
// ANCHOR_END: show_cookie_first

// ANCHOR: add_cookie
/// The second version: welcomes, and counts visits.
pub(crate) async fn add_cookie(request: HttpRequest) -> Result {
    let mut html = HttpResponse::new(" Codeunderscored Django Cookies Tutorial ");
    if let Some(value) = visits(&request) {
        html.set_cookie("codeunderscored", "Welcome Back");
        html.set_cookie("visits", value.saturating_add(1));
    } else {
        html.set_cookie("visits", 1);
        html.set_cookie("codeunderscored", "Welcome for the first time");
    }
    Ok(html)
}

/// The cookie is text that anybody can edit: `visits=lots` is no number, and counts as none.
fn visits(request: &HttpRequest) -> Option<u32> {
    request.COOKIES.get("visits")?.parse().ok()
}
// ANCHOR_END: add_cookie

// ANCHOR: show_cookie
/// The second version: goes on counting, or sends the visitor to where counting starts.
pub(crate) async fn show_cookie(request: HttpRequest) -> Result {
    let Some(value) = visits(&request) else { return redirect("/set/cookie") };
    let text = request.COOKIES.get("codeunderscored").unwrap_or("None".into());
    let text = escape(&text);
    let mut html = HttpResponse::new(format!(" {text} You have requested this page {value} times "));
    html.set_cookie("visits", value.saturating_add(1));
    Ok(html)
}
// ANCHOR_END: show_cookie

// ANCHOR: delete_visits
/// The first tutorial's `delete_cookie`, with both of its answers.
pub(crate) async fn delete_visits(request: HttpRequest) -> Result {
    if !request.COOKIES.contains("visits") {
        return Ok(HttpResponse::new(" codeunderscored need to create cookie before deleting"));
    }
    let mut response = HttpResponse::new(" codeunderscored Cookie deleted ");
    response.delete_cookie("visits");
    Ok(response)
}
// ANCHOR_END: delete_visits

// ANCHOR: setcookie
pub(crate) async fn setcookie(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("Cookie Set");
    response.set_cookie("Django-Cookie-Tutorial", "");
    Ok(response)
}

pub(crate) async fn getcookie(request: HttpRequest) -> Result {
    let article = request.COOKIES.require("Django-Cookie-Tutorial")?;
    Ok(HttpResponse::new(format!("Codeunderscored Articles @: {}", escape(&article))))
}
// ANCHOR_END: setcookie

// ANCHOR: set_cookie
pub(crate) async fn set_cookie(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("This is about cookie Test of");
    response.set_cookie("test", "hello cookie");
    Ok(response)
}

/// Also answers `check_cookie/`. Python prints `None` for a cookie that is not there.
pub(crate) async fn get_cookie(request: HttpRequest) -> Result {
    let cookie_data = request.COOKIES.get("test").unwrap_or("None".into());
    Ok(HttpResponse::new(format!("Cookie Value is:{}", escape(&cookie_data))))
}
// ANCHOR_END: set_cookie

// ANCHOR: delete_cookie
/// The second tutorial's `delete_cookie`: a redirect carries cookies like any other answer.
pub(crate) async fn delete_cookie(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::redirect("/check_cookie/")?;
    response.delete_cookie("test");
    Ok(response)
}
// ANCHOR_END: delete_cookie
