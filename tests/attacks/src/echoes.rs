//! Views that tell what they were asked, and do what they are told.

use std::collections::BTreeMap;

use nuages::prelude::*;

pub(crate) async fn index(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("served"))
}

pub(crate) async fn body(request: HttpRequest) -> Result {
    Ok(HttpResponse::new(request.body().await?.clone()))
}

pub(crate) async fn rest(_request: HttpRequest, rest: String) -> Result {
    Ok(HttpResponse::new(escape(&rest).to_string()))
}

pub(crate) async fn int(_request: HttpRequest, number: i64) -> Result {
    Ok(HttpResponse::new(number.to_string()))
}

pub(crate) async fn slug(_request: HttpRequest, slug: String) -> Result {
    Ok(HttpResponse::new(slug))
}

pub(crate) async fn sleep(_request: HttpRequest, milliseconds: u64) -> Result {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Ok(HttpResponse::new("slept"))
}

/// The query as Django's `dict(request.GET.lists())`.
pub(crate) async fn query(request: HttpRequest) -> Result {
    let lists: BTreeMap<&str, &[String]> = request.GET.lists().collect();
    HttpResponse::json(&lists)
}

pub(crate) async fn form(request: HttpRequest) -> Result {
    let form = request.POST().await?;
    Ok(HttpResponse::new(form.len().to_string()))
}

/// Every name in META and every header that can be asked for.
pub(crate) async fn meta(request: HttpRequest) -> Result {
    let mut found = BTreeMap::new();
    for (name, value) in request.headers.iter() {
        found.insert(name, value.into_owned());
    }
    for name in ["HTTP_X_REMOTE_USER", "HTTP_X_ADMIN", "REMOTE_USER", "HTTP_HOST"] {
        if let Some(value) = request.META.get(name) {
            found.insert(name.to_owned(), value.into_owned());
        }
    }
    HttpResponse::json(&found)
}

pub(crate) async fn whereabouts(request: HttpRequest) -> Result {
    Ok(HttpResponse::new(request.build_absolute_uri("/")?))
}

/// To where the query says, or a form, which may be longer.
pub(crate) async fn redirect_to(request: HttpRequest) -> Result {
    let posted = request.POST().await?.get("to");
    redirect(posted.or(request.GET.get("to")).unwrap_or("/"))
}

pub(crate) async fn hostile(_request: HttpRequest, _last: String) -> Result {
    Ok(HttpResponse::new("matched"))
}

/// The names and values, in order.
pub(crate) async fn cookies(request: HttpRequest) -> Result {
    let pairs: Vec<_> = request.COOKIES.iter().map(|(name, value)| [name, value]).collect();
    HttpResponse::json(&pairs)
}

/// Sets the cookie that the query describes.
pub(crate) async fn set_cookie(request: HttpRequest) -> Result {
    let get = |name: &str| request.GET.get(name);
    let mut response = HttpResponse::new("set");
    let cookie = response.set_cookie(get("name").unwrap_or("c"), get("value").unwrap_or("v"));
    let cookie = if let Some(path) = get("path") { cookie.path(path) } else { cookie };
    let cookie = if let Some(domain) = get("domain") { cookie.domain(domain) } else { cookie };
    if let Some(seconds) = get("max_age").and_then(|text| text.parse::<i64>().ok()) {
        cookie.max_age(seconds);
    }
    if request.GET.contains("check") {
        response.check_cookies()?;
    }
    Ok(response)
}

/// Sets two cookies to what a form says, which no log of requests shows.
pub(crate) async fn keep_cookies(request: HttpRequest) -> Result {
    let value = request.POST().await?.get("value").unwrap_or_default();
    let mut response = HttpResponse::new("kept");
    response.set_cookie("plain", value);
    response.set_signed_cookie("kept", value).salt("s");
    Ok(response)
}

pub(crate) async fn set_signed(request: HttpRequest) -> Result {
    let get = |name: &str| request.GET.get(name).unwrap_or_default();
    let mut response = HttpResponse::new("set");
    response.set_signed_cookie(get("name"), get("value")).salt(get("salt"));
    Ok(response)
}

pub(crate) async fn get_signed(request: HttpRequest) -> Result {
    let get = |name: &str| request.GET.get(name).unwrap_or_default();
    let mut cookie = request.signed_cookie(get("name")).salt(get("salt"));
    if let Ok(seconds) = get("max_age").parse::<i64>() {
        cookie = cookie.max_age(seconds);
    }
    Ok(match cookie.get() {
        Ok(value) => HttpResponse::new(value),
        Err(SignedCookieError::Missing) => HttpResponse::not_found("Missing"),
        Err(SignedCookieError::SignatureExpired) => HttpResponse::forbidden("SignatureExpired"),
        Err(_) => HttpResponse::forbidden("BadSignature"),
    })
}
