//! Cookies: `set_cookie`, `delete_cookie`, `set_signed_cookie`, `get_signed_cookie`, `COOKIES`.

use std::collections::BTreeMap;

use nuages::Route;
use nuages::prelude::*;
use nuages::signing::Clock;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::given::given;
use crate::outcome::{Exception, Outcome, answer};
use crate::scalar::Scalar;
use crate::times::Time;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("cookies/set", cookies_set).view_path("views.cookies_set"),
        path("cookies/delete", cookies_delete).view_path("views.cookies_delete"),
        path("cookies/read", cookies_read).view_path("views.cookies_read"),
        path("cookies/set-signed", cookies_set_signed).view_path("views.cookies_set_signed"),
        path("cookies/get-signed", cookies_get_signed).view_path("views.cookies_get_signed"),
    ]
}

#[derive(Deserialize)]
struct Cookies<C> {
    cookies: Vec<C>,
}

/// The arguments of `set_cookie`.
#[derive(Deserialize)]
pub(crate) struct Cookie {
    key: String,
    #[serde(default)]
    value: Scalar,
    #[serde(flatten)]
    attributes: Attributes,
}

/// The arguments of `set_signed_cookie`.
#[derive(Deserialize)]
struct SignedCookie {
    key: String,
    value: Scalar,
    #[serde(default)]
    salt: String,
    at: Option<f64>,
    #[serde(flatten)]
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    max_age: Option<Time>,
    expires: Option<Time>,
    #[serde(default, deserialize_with = "given")]
    path: Option<Option<String>>,
    domain: Option<String>,
    secure: Option<bool>,
    httponly: Option<bool>,
    samesite: Option<String>,
}

/// Sets on a guard what was given. Both guards have these methods.
macro_rules! set_attributes {
    ($guard:expr, $attributes:expr) => {{
        let (mut guard, attributes) = ($guard, $attributes);
        if let Some(age) = attributes.max_age {
            guard = guard.max_age(age.cookie_age()?);
        }
        if let Some(expires) = attributes.expires {
            guard = guard.expires(expires.cookie_expires()?);
        }
        if let Some(path) = attributes.path {
            guard = guard.path(path.as_deref());
        }
        if let Some(domain) = attributes.domain {
            guard = guard.domain(domain);
        }
        if let Some(samesite) = attributes.samesite {
            guard = guard.same_site(samesite);
        }
        guard.secure(attributes.secure.unwrap_or(false)).http_only(attributes.httponly.unwrap_or(false));
    }};
}

impl Cookie {
    /// Sets this cookie.
    pub(crate) fn set_on(self, response: &mut HttpResponse) -> Result<(), Exception> {
        set_attributes!(response.set_cookie(&self.key, self.value), self.attributes);
        Ok(response.check_cookies()?)
    }
}

impl SignedCookie {
    fn set_on(self, response: &mut HttpResponse) -> Result<(), Exception> {
        let mut guard = response.set_signed_cookie(&self.key, self.value).salt(self.salt);
        if let Some(at) = self.at {
            guard = guard.clock(Clock::at(at));
        }
        set_attributes!(guard, self.attributes);
        Ok(response.check_cookies()?)
    }
}

/// The arguments of `delete_cookie`.
#[derive(Deserialize)]
struct Deletion {
    key: String,
    #[serde(default, deserialize_with = "given")]
    path: Option<Option<String>>,
    domain: Option<String>,
    samesite: Option<String>,
}

impl Deletion {
    fn set_on(self, response: &mut HttpResponse) -> Result<(), Exception> {
        let mut guard = response.delete_cookie(&self.key).domain(self.domain.as_deref());
        if let Some(path) = self.path {
            guard = guard.path(path.as_deref());
        }
        if let Some(samesite) = self.samesite {
            guard.same_site(samesite);
        }
        Ok(response.check_cookies()?)
    }
}

/// A response with all of these cookies or, after an error, with none.
fn reply(set: impl FnOnce(&mut HttpResponse) -> Result<(), Exception>) -> Result {
    let mut response = HttpResponse::json(&json!({"ok": true}))?;
    match set(&mut response) {
        Ok(()) => Ok(response),
        Err(Exception(name)) => HttpResponse::json(&json!({"error": name})),
    }
}

async fn cookies_set(request: HttpRequest) -> Result {
    let wanted: Cookies<Cookie> = request.json().await?;
    reply(|response| wanted.cookies.into_iter().try_for_each(|cookie| cookie.set_on(response)))
}

async fn cookies_delete(request: HttpRequest) -> Result {
    let wanted: Cookies<Deletion> = request.json().await?;
    reply(|response| wanted.cookies.into_iter().try_for_each(|deletion| deletion.set_on(response)))
}

async fn cookies_set_signed(request: HttpRequest) -> Result {
    let cookie: SignedCookie = request.json().await?;
    reply(|response| cookie.set_on(response))
}

/// The arguments of `get_signed_cookie`.
#[derive(Deserialize)]
struct Reading {
    key: String,
    #[serde(default)]
    salt: String,
    max_age: Option<Time>,
    #[serde(default, deserialize_with = "given")]
    default: Option<Box<RawValue>>,
    at: Option<f64>,
}

async fn cookies_get_signed(request: HttpRequest) -> Result {
    let reading: Reading = request.json().await?;
    HttpResponse::json(&Outcome::from(read_signed(&request, reading)))
}

fn read_signed(request: &HttpRequest, reading: Reading) -> Result<Box<RawValue>, Exception> {
    let mut cookie = request.signed_cookie(&reading.key).salt(&reading.salt);
    if let Some(age) = reading.max_age.map_or(Ok(None), Time::max_age)? {
        cookie = cookie.max_age(age);
    }
    if let Some(at) = reading.at {
        cookie = cookie.clock(Clock::at(at));
    }
    match (cookie.get(), reading.default) {
        (Ok(value), _) => answer(&value),
        (Err(_), Some(default)) => Ok(default),
        (Err(error), None) => Err(error.into()),
    }
}

async fn cookies_read(request: HttpRequest) -> Result {
    let cookies: BTreeMap<_, _> = request.COOKIES.iter().collect();
    HttpResponse::json(&json!({"cookies": cookies}))
}
