//! Sessions: the dictionary, its expiry, its key and its store.

use std::collections::BTreeMap;

use nuages::Route;
use nuages::prelude::*;
use nuages::sessions::{
    ExpiryArguments, Session, SessionData, SessionErrorKind, SessionHandle, SessionValue, isoformat,
};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;
use serde_json::value::RawValue;

use crate::given::given;
use crate::operation::Operation;
use crate::outcome::{Exception, Outcome, Results, answer};
use crate::times::Time;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("session", session).view_path("views.session"),
        path("session/store", session_store).view_path("views.session_store"),
        path("session/touch", session_touch).view_path("views.session_touch"),
        path("session/read", session_read).view_path("views.session_read"),
        path("session/clear-expired", session_clear_expired).view_path("views.session_clear_expired"),
        path("session/status500", session_status500).view_path("views.session_status500"),
        path("session/delete-row", session_delete_row).view_path("views.session_delete_row"),
    ]
}

#[derive(Deserialize)]
struct Operations {
    ops: Vec<Operation>,
    session_key: Option<String>,
}

async fn session(request: HttpRequest) -> Result {
    let operations: Operations = request.json().await?;
    run_all(request.session_handle()?, &operations.ops).await
}

async fn session_store(request: HttpRequest) -> Result {
    let operations: Operations = request.json().await?;
    let session = request.session_handle()?.engine().session(operations.session_key.as_deref());
    let response = run_all(&session, &operations.ops).await;
    // It is not the request's, so nobody ends it.
    session.settle().await?;
    response
}

async fn run_all(handle: &SessionHandle, operations: &[Operation]) -> Result {
    let mut results = Vec::with_capacity(operations.len());
    for operation in operations {
        results.push(Outcome::from(run(handle, operation).await));
    }
    HttpResponse::json(&Results { results })
}

/// What an operation gives. Values of the session are references, as in Python: the answer, which is written when all
/// operations have run, shows what was done to them in place.
enum Given {
    Json(Box<RawValue>),
    Value(SessionValue),
    Values(Vec<SessionValue>),
    Items(SessionData),
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(json) => json.serialize(serializer),
            Self::Value(value) => value.serialize(serializer),
            Self::Values(values) => values.serialize(serializer),
            Self::Items(items) => serializer.collect_seq(items.iter()),
        }
    }
}

async fn run(handle: &SessionHandle, operation: &Operation) -> Result<Given, Exception> {
    match run_unloaded(handle, operation).await? {
        Some(json) => Ok(Given::Json(json)),
        None => run_loaded(handle.session().await?, operation),
    }
}

/// What needs no values.
async fn run_unloaded(
    handle: &SessionHandle,
    operation: &Operation,
) -> Result<Option<Box<RawValue>>, Exception> {
    Ok(Some(match operation.name.as_str() {
        "is_empty" => answer(&handle.is_empty())?,
        "session_key" => answer(&handle.session_key().as_ref().map(|key| key.as_str()))?,
        "modified" => answer(&handle.modified())?,
        "accessed" => answer(&handle.accessed())?,
        "set_modified" => answer(&handle.set_modified(operation.argument(0)?))?,
        "clear" => answer(&handle.clear())?,
        "flush" => answer(&handle.flush())?,
        "save" if operation.optional(0)?.unwrap_or(false) => answer(&handle.save_new().await?)?,
        "save" => answer(&handle.save().await?)?,
        "create" => answer(&handle.create().await?)?,
        "load" => answer(&handle.load().await?)?,
        "delete" => answer(&handle.delete(key_argument(operation)?.as_deref()).await?)?,
        "exists" => answer(&handle.exists(key_argument(operation)?.as_deref()).await?)?,
        "encode" => answer(&handle.engine().encode(&operation.argument(0)?)?)?,
        "decode" => answer(&handle.engine().decode(&operation.argument::<String>(0)?))?,
        "clear_expired" => answer(&handle.engine().clear_expired().await.map(drop)?)?,
        "get_session_cookie_age" => answer(&handle.engine().config().cookie_age)?,
        "get_expiry_age" => answer(&handle.get_expiry_age_with(&expiry_arguments(operation)?).await?)?,
        "get_expiry_date" => {
            answer(&isoformat(handle.get_expiry_date_with(&expiry_arguments(operation)?).await?))?
        }
        _ => return Ok(None),
    }))
}

fn run_loaded(session: &Session, operation: &Operation) -> Result<Given, Exception> {
    let key = || operation.argument::<String>(0);
    let value = || operation.argument::<Box<RawValue>>(1);
    let default = || operation.optional::<Box<RawValue>>(1);
    let lend = |key: &str| session.value(key).map(Given::Value).ok_or(Exception("KeyError"));
    Ok(Given::Json(match operation.name.as_str() {
        "get" => match lend(&key()?) {
            Ok(value) => return Ok(value),
            Err(_) => answer(&default()?)?,
        },
        "getitem" => return lend(&key()?),
        "setdefault" => {
            session.setdefault(&key()?, value()?)?;
            return lend(&key()?);
        }
        "values" => return Ok(Given::Values(session.values())),
        "items" => return Ok(Given::Items(session.items())),
        "keys" => answer(&session.keys())?,
        "contains" => answer(&session.contains(key()?))?,
        "has_key" => answer(&session.has_key(key()?))?,
        "set" => answer(&session.set(&key()?, value()?)?)?,
        "del" => answer(&session.remove(key()?)?)?,
        "pop" => match default()? {
            Some(default) => session.pop_or(&key()?, default)?,
            None => session.pop(&key()?)?,
        },
        "update" => answer(&session.update(operation.argument::<SessionData>(0)?.iter())?)?,
        "append" => append(session, &key()?, value()?)?,
        "cycle_key" => answer(&session.cycle_key()?)?,
        "set_expiry" => answer(&session.set_expiry(operation.argument::<Time>(0)?.expiry()?)?)?,
        "get_expire_at_browser_close" => answer(&session.get_expire_at_browser_close())?,
        "set_test_cookie" => answer(&session.set_test_cookie()?)?,
        "test_cookie_worked" => answer(&session.test_cookie_worked())?,
        "delete_test_cookie" => answer(&session.delete_test_cookie()?)?,
        _ => return Err(Exception("ValueError")),
    }))
}

/// Changes a nested list in place; the session does not notice.
fn append(session: &Session, key: &str, value: Box<RawValue>) -> Result<Box<RawValue>, Exception> {
    match session.change_unnoticed(key, |list: &mut Vec<Box<RawValue>>| list.push(value)) {
        // What is no list has no `append`.
        Err(error) if error.kind() == SessionErrorKind::TypeError => Err(Exception("AttributeError")),
        result => answer(&result?),
    }
}

fn key_argument(operation: &Operation) -> Result<Option<String>, Exception> {
    Ok(operation.optional::<Option<String>>(0)?.flatten())
}

/// The keyword arguments of the readers of an expiry.
#[derive(Default, Deserialize)]
struct Keywords {
    modification: Option<Time>,
    #[serde(default, deserialize_with = "given")]
    expiry: Option<Time>,
}

fn expiry_arguments(operation: &Operation) -> Result<ExpiryArguments, Exception> {
    let keywords: Keywords = operation.optional(0)?.unwrap_or_default();
    let mut arguments = ExpiryArguments::new();
    if let Some(modification) = keywords.modification {
        arguments = arguments.modification(modification.moment()?);
    }
    if let Some(expiry) = keywords.expiry {
        arguments = arguments.expiry(expiry.expiry()?);
    }
    Ok(arguments)
}

async fn session_touch(_: HttpRequest) -> Result {
    HttpResponse::json(&json!({"ok": true}))
}

async fn session_read(request: HttpRequest) -> Result {
    let items = request.session().await?.items();
    HttpResponse::json(&BTreeMap::from([("items", items.iter().collect::<Vec<_>>())]))
}

async fn session_clear_expired(request: HttpRequest) -> Result {
    let cleared = request.session_handle()?.engine().clear_expired().await;
    HttpResponse::json(&Outcome::from(cleared.map(drop).map_err(Exception::from)))
}

async fn session_status500(request: HttpRequest) -> Result {
    request.session().await?.set("status500", true)?;
    Ok(HttpResponse::json(&json!({"status": 500}))?.with_status(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn session_delete_row(request: HttpRequest) -> Result {
    let session = request.session().await?;
    session.get::<bool>("any")?;
    let another = session.engine().session(None);
    another.delete(session.session_key().as_ref().map(|key| key.as_str())).await?;
    session.set("after", "delete")?;
    HttpResponse::json(&json!({"ok": true}))
}
