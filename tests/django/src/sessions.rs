//! What a site does with a session.

use nuages::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::done;

/// A name, and a value as JSON text.
#[derive(Deserialize)]
pub(crate) struct Pair {
    name: String,
    value: String,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

/// `seconds`, which may be empty, or `moment`: so many seconds from now, as a time.
#[derive(Deserialize)]
pub(crate) struct When {
    #[serde(default)]
    seconds: String,
    moment: Option<i64>,
}

pub(crate) async fn show(request: HttpRequest) -> Result {
    let session = request.session().await?;
    HttpResponse::json(
        &json!({"items": session.items(), "browser_close": session.get_expire_at_browser_close()}),
    )
}

pub(crate) async fn set(request: HttpRequest) -> Result {
    let pair: Pair = request.form().await?;
    request.session().await?.set(&pair.name, serde_json::from_str::<Value>(&pair.value)?)?;
    done()
}

pub(crate) async fn append(request: HttpRequest) -> Result {
    let pair: Pair = request.form().await?;
    let value: Value = serde_json::from_str(&pair.value)?;
    let session = request.session().await?;
    let mut list: Vec<Value> = session.get(&pair.name)?.unwrap_or_default();
    list.push(value);
    session.set(&pair.name, list)?;
    done()
}

pub(crate) async fn delete(request: HttpRequest) -> Result {
    let name: Name = request.form().await?;
    match request.session().await?.remove(&name.name) {
        Ok(()) => done(),
        Err(_) => HttpResponse::json(&json!({"error": "missing"})),
    }
}

pub(crate) async fn expiry(request: HttpRequest) -> Result {
    let when: When = request.form().await?;
    let session = request.session().await?;
    match when.moment {
        Some(seconds) => session.set_expiry(chrono::Utc::now() + chrono::TimeDelta::seconds(seconds))?,
        None if when.seconds.is_empty() => session.set_expiry(Expiry::Default)?,
        None => session.set_expiry(when.seconds.parse::<i64>()?)?,
    }
    HttpResponse::json(&json!({"done": true, "age": session.get_expiry_age()?}))
}

pub(crate) async fn cycle(request: HttpRequest) -> Result {
    request.session().await?.cycle_key()?;
    done()
}

pub(crate) async fn clear(request: HttpRequest) -> Result {
    request.session().await?.clear();
    done()
}

pub(crate) async fn flush(request: HttpRequest) -> Result {
    request.session().await?.flush();
    done()
}

pub(crate) async fn login(request: HttpRequest) -> Result {
    let session = request.session().await?;
    if request.method == "POST" {
        let worked = session.test_cookie_worked();
        if worked {
            session.delete_test_cookie()?;
        }
        return HttpResponse::json(&json!({"cookies": worked}));
    }
    session.set_test_cookie()?;
    done()
}
