//! The session: set, shown, counted, deleted, ended.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use nuages::db::Database;
use nuages::prelude::*;

// ANCHOR: set_session
/// The first visit stores a value, the second one shows it.
pub(crate) async fn set_session(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let Some(session_data) = session.get::<String>("test_id")? else {
        session.set("test_id", "TEST")?;
        return Ok(HttpResponse::new("Set Session"));
    };
    let session_key = session.session_key();
    let session_key = session_key.as_ref().map_or("None", |key| key.as_str());
    let expire_time = Utc::now() + TimeDelta::seconds(session.get_expiry_age()?);
    Ok(HttpResponse::new(format!(
        "<div>SessionID : {}</div><div>Session : {}</div><div>ExpireTime : {}</div>",
        escape(session_key),
        escape(&session_data),
        expire_time.format("%Y-%m-%d %H:%M:%S"),
    )))
}
// ANCHOR_END: set_session

// ANCHOR: get_session
/// `request.session["test_id"]`, which is an error if there is none.
pub(crate) async fn get_session(request: HttpRequest) -> Result {
    let session_data: String = request.session().await?.require("test_id")?;
    Ok(HttpResponse::new(format!("Session : {}", escape(&session_data))))
}
// ANCHOR_END: get_session

// ANCHOR: delete_session
/// `del request.session["test_id"]`, with both answers.
pub(crate) async fn delete_session(request: HttpRequest) -> Result {
    let session = request.session().await?;
    if !session.contains("test_id") {
        return Ok(HttpResponse::new("There is nothing to delete at present session"));
    }
    session.remove("test_id")?;
    Ok(HttpResponse::new("Session Deleted"))
}
// ANCHOR_END: delete_session

// ANCHOR: clear_and_flush
/// Empties the dictionary.
pub(crate) async fn clear_session(request: HttpRequest) -> Result {
    request.session_handle()?.clear();
    Ok(HttpResponse::new("Session cleared"))
}

/// Ends the session: its row is deleted, and the cookie with it.
pub(crate) async fn flush_session(request: HttpRequest) -> Result {
    request.session_handle()?.flush();
    Ok(HttpResponse::new("Session flushed"))
}
// ANCHOR_END: clear_and_flush

// ANCHOR: typed_key
const VISITS: Key<u32> = Key::new("visits");

/// Counts without losing one, however many requests come at once.
pub(crate) async fn count_session(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let visits = session.modify(VISITS, |visits| visits.saturating_add(1))?;
    Ok(HttpResponse::new(format!("Visit number {visits} of this session")))
}
// ANCHOR_END: typed_key

// ANCHOR: set_expiry
/// The four forms of Django's `set_expiry`, and a duration.
pub(crate) async fn set_expiry(request: HttpRequest, form: String) -> Result {
    let session = request.session().await?;
    match &*form {
        "integer" => session.set_expiry(300)?, // after 300 seconds without a change
        "zero" => session.set_expiry(0)?,      // when the browser is closed
        "none" => session.set_expiry(None)?,   // as the settings say
        "datetime" => session.set_expiry(Utc::now() + TimeDelta::minutes(10))?,
        "timedelta" => session.set_expiry(TimeDelta::hours(1))?,
        _ => return Err(Error::new(ErrorKind::NotFound, "no such form of set_expiry")),
    }
    Ok(HttpResponse::new(format!(
        "<div>Ends in {} seconds</div><div>ExpireTime : {}</div><div>Ends when the browser is closed : {}</div>",
        session.get_expiry_age()?,
        session.get_expiry_date()?.format("%Y-%m-%d %H:%M:%S"),
        session.get_expire_at_browser_close(),
    )))
}
// ANCHOR_END: set_expiry

// ANCHOR: stored_session
/// The text in the table `django_session`, beside the data that is in it.
pub(crate) async fn stored_session(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let database = request.site().extensions().get::<Database>();
    let (Some(database), Some(key)) = (database, session.session_key()) else {
        return Ok(HttpResponse::new("There is no session in the database yet; visit set_session first"));
    };
    let Some(row) = database.sessions().load(key.as_str(), Utc::now()).await? else {
        return Ok(HttpResponse::new("The session is not in the database any more"));
    };
    // data:timestamp:signature; a dot in front says that the data is compressed as well.
    let data = row.session_data.split(':').next().unwrap_or_default();
    let by_hand = match data.starts_with('.') {
        true => "(compressed)".into(),
        false => String::from_utf8(URL_SAFE_NO_PAD.decode(data)?)?,
    };
    let by_engine = session.engine().decode(&row.session_data).to_json()?;
    Ok(HttpResponse::new(format!(
        "<div>Stored :</div><pre>{}</pre>\
         <div>Its first part by b64decode() :</div><pre>{}</pre>\
         <div>As the session engine reads it, when the signature is right :</div><pre>{}</pre>",
        escape(&row.session_data),
        escape(&by_hand),
        escape(&by_engine),
    )))
}
// ANCHOR_END: stored_session
