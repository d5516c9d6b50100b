//! Plain and signed cookies.

use nuages::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::{SALT, done};

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
    max_age: Option<i64>,
}

#[derive(Deserialize)]
pub(crate) struct Pair {
    name: String,
    value: String,
}

pub(crate) async fn show(request: HttpRequest) -> Result {
    let name: Name = request.query()?;
    HttpResponse::json(&json!({"value": request.COOKIES.get(&name.name)}))
}

pub(crate) async fn set(request: HttpRequest) -> Result {
    let pair: Pair = request.form().await?;
    let mut response = done()?;
    response.set_cookie(&pair.name, &pair.value).max_age(3600).http_only(true).same_site(SameSite::Strict);
    Ok(response)
}

pub(crate) async fn delete(request: HttpRequest) -> Result {
    let name: Name = request.form().await?;
    let mut response = done()?;
    response.delete_cookie(&name.name);
    Ok(response)
}

pub(crate) async fn show_signed(request: HttpRequest) -> Result {
    let name: Name = request.query()?;
    let cookie = request.signed_cookie(&name.name).salt(SALT);
    let value = match name.max_age {
        Some(seconds) => cookie.max_age(seconds).get(),
        None => cookie.get(),
    };
    HttpResponse::json(&match value {
        Ok(value) => json!({"value": value}),
        Err(SignedCookieError::Missing) => json!({"error": "missing"}),
        Err(SignedCookieError::SignatureExpired) => json!({"error": "expired"}),
        Err(SignedCookieError::BadSignature) => json!({"error": "bad"}),
    })
}

pub(crate) async fn set_signed(request: HttpRequest) -> Result {
    let pair: Pair = request.form().await?;
    let mut response = done()?;
    response.set_signed_cookie(&pair.name, &pair.value).salt(SALT);
    Ok(response)
}
