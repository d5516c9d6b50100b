//! Views on the session of the request.

use chrono::{TimeDelta, Utc};
use nuages::prelude::*;
use serde::{Deserialize, Serialize};

pub(crate) fn urls() -> UrlConf {
    urlconf([
        path("items/", items),
        path("get/<str:name>/", get),
        path("set/<str:name>/<str:value>/", set),
        path("keep/", keep),
        path("count/<str:name>/", count),
        path("grow/<str:name>/", grow),
        path("whole/<str:name>/", whole),
        path("slow/<int:milliseconds>/<str:name>/", slow),
        path("end/<str:milliseconds>/", end),
        path("cycle/", cycle),
        path("flush/", flush),
        path("fail/<str:name>/", fail),
        path("panic/<str:name>/", panic),
    ])
}

/// Everything, as JSON.
async fn items(request: HttpRequest) -> Result {
    let text = request.session().await?.items().to_json()?;
    Ok(HttpResponse::new(text))
}

async fn get(request: HttpRequest, name: String) -> Result {
    let value: Option<String> = request.session().await?.get(name.as_str())?;
    Ok(HttpResponse::new(value.unwrap_or_else(|| "None".into())))
}

async fn set(request: HttpRequest, name: String, value: String) -> Result {
    request.session().await?.set(name.as_str(), value)?;
    Ok(HttpResponse::new("set"))
}

/// Keeps what a form says, which no log of requests shows.
async fn keep(request: HttpRequest) -> Result {
    let value = request.POST().await?.get("value").unwrap_or_default();
    request.session().await?.set("kept", value)?;
    Ok(HttpResponse::new("kept"))
}

/// Adds one.
async fn count(request: HttpRequest, name: String) -> Result {
    let n = request.session().await?.modify(name.as_str(), |n: u64| n.saturating_add(1))?;
    Ok(HttpResponse::new(n.to_string()))
}

/// A number and a text whose length follows from it: one of them alone would be half a session.
#[derive(Clone, Default, Deserialize, Serialize)]
struct Grown {
    n: u64,
    text: String,
}

impl Grown {
    fn new(n: u64) -> Self {
        let length = usize::try_from(n.wrapping_mul(977) % 6000).unwrap_or_default();
        Self { n, text: "x".repeat(length) }
    }
}

/// Adds one to a value that is larger or smaller each time.
async fn grow(request: HttpRequest, name: String) -> Result {
    let session = request.session().await?;
    let grown = session.modify(name.as_str(), |grown: Grown| Grown::new(grown.n.saturating_add(1)))?;
    Ok(HttpResponse::new(grown.n.to_string()))
}

/// The number of such a value, if it is whole.
async fn whole(request: HttpRequest, name: String) -> Result {
    let grown: Option<Grown> = request.session().await?.get(name.as_str())?;
    Ok(HttpResponse::new(match grown {
        None => "None".to_owned(),
        Some(grown) if grown.text.len() == Grown::new(grown.n).text.len() => grown.n.to_string(),
        Some(_) => "torn".to_owned(),
    }))
}

/// Reads the session, takes its time, and then sets something.
async fn slow(request: HttpRequest, milliseconds: u64, name: String) -> Result {
    let session = request.session().await?;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    session.modify(name.as_str(), |n: u64| n.saturating_add(1))?;
    Ok(HttpResponse::new("done"))
}

/// Lets the session end so many milliseconds from now, or before.
async fn end(request: HttpRequest, milliseconds: String) -> Result {
    let end = Utc::now() + TimeDelta::milliseconds(milliseconds.parse()?);
    request.session().await?.set_expiry(end)?;
    Ok(HttpResponse::new("set"))
}

async fn cycle(request: HttpRequest) -> Result {
    request.session().await?.cycle_key()?;
    Ok(HttpResponse::new("cycled"))
}

async fn flush(request: HttpRequest) -> Result {
    request.session().await?.flush();
    Ok(HttpResponse::new("flushed"))
}

/// Changes the session, and then fails.
async fn fail(request: HttpRequest, name: String) -> Result {
    request.session().await?.set(name.as_str(), "changed")?;
    Err(Error::new(ErrorKind::Internal, "the view has failed"))
}

/// Changes the session, and then panics, in the midst of another change.
async fn panic(request: HttpRequest, name: String) -> Result {
    let session = request.session().await?;
    session.set(name.as_str(), "changed")?;
    session.modify("other", blow_up)?;
    Ok(HttpResponse::new("unreachable"))
}

#[expect(clippy::panic, reason = "it is what this is for")]
fn blow_up(_: u64) -> u64 {
    panic!("the-text-of-a-panic");
}
