//! Plays operations by Django's names on a session: what a conformance server does, through the public interface only.

use chrono::DateTime;
use nuages_sessions::{Expiry, ExpiryArguments, SessionError, SessionErrorKind, SessionHandle, isoformat};
use serde_json::{Value, json};

/// An error as it is named on the wire.
pub(crate) fn name(error: &SessionError) -> Value {
    json!(error.kind().django_name())
}

fn expiry(value: &Value) -> Expiry {
    match value {
        Value::Null => Expiry::Default,
        Value::Object(object) => {
            DateTime::parse_from_rfc3339(object["datetime"].as_str().unwrap()).unwrap().into()
        }
        seconds => seconds.as_i64().unwrap().into(),
    }
}

fn arguments(value: Option<&Value>) -> ExpiryArguments {
    match value.and_then(|value| value.get("expiry")) {
        Some(value) => ExpiryArguments::new().expiry(expiry(value)),
        None => ExpiryArguments::new(),
    }
}

/// The outcome of one operation.
pub(crate) async fn play(handle: &SessionHandle, operation: &[Value]) -> Result<Value, SessionError> {
    let name = operation[0].as_str().unwrap();
    let text = |index: usize| operation.get(index).and_then(Value::as_str);
    let null = Ok(Value::Null);
    match name {
        "clear" => handle.clear(),
        "flush" => handle.flush(),
        "create" => handle.create().await?,
        "save" if operation.get(1) == Some(&json!(true)) => handle.save_new().await?,
        "save" => handle.save().await?,
        "load" => return Ok(serde_json::to_value(handle.load().await?).unwrap()),
        "delete" => handle.delete(text(1)).await?,
        "exists" => return Ok(json!(handle.exists(text(1)).await?)),
        "is_empty" => return Ok(json!(handle.is_empty())),
        "session_key" => return Ok(json!(handle.session_key().as_ref().map(|key| key.as_str().to_owned()))),
        "modified" => return Ok(json!(handle.modified())),
        "accessed" => return Ok(json!(handle.accessed())),
        "set_modified" => handle.set_modified(operation[1].as_bool().unwrap()),
        "clear_expired" => drop(handle.engine().clear_expired().await?),
        "get_session_cookie_age" => return Ok(json!(handle.engine().config().cookie_age)),
        "get_expiry_age" => {
            return Ok(json!(handle.get_expiry_age_with(&arguments(operation.get(1))).await?));
        }
        "get_expiry_date" => {
            let date = handle.get_expiry_date_with(&arguments(operation.get(1))).await?;
            return Ok(json!(isoformat(date)));
        }
        _ => {
            let session = handle.session().await?;
            let key = text(1).unwrap_or_default();
            match name {
                "get" => {
                    let value = session.get::<Value>(key)?;
                    return Ok(value.or_else(|| operation.get(2).cloned()).unwrap_or_default());
                }
                "getitem" => return session.require(key),
                "contains" | "has_key" => return Ok(json!(session.has_key(key))),
                "set" => session.set(key, &operation[2])?,
                "del" => session.remove(key)?,
                "pop" => {
                    return match operation.get(2) {
                        Some(default) => session.pop_or(key, default.clone()),
                        None => session.pop(key),
                    };
                }
                "setdefault" => return session.setdefault(key, operation[2].clone()),
                "update" => session.update(operation[1].as_object().unwrap())?,
                "append" => {
                    session.change_unnoticed(key, |list: &mut Vec<Value>| list.push(operation[2].clone()))?
                }
                "keys" => return Ok(json!(session.keys())),
                "values" => return Ok(serde_json::to_value(session.values()).unwrap()),
                "items" => {
                    let items = session.items();
                    let pairs = items.iter().map(|(name, raw)| json!([name, raw]));
                    return Ok(pairs.collect());
                }
                "set_expiry" => session.set_expiry(expiry(&operation[1]))?,
                "get_expire_at_browser_close" => return Ok(json!(session.get_expire_at_browser_close())),
                "set_test_cookie" => session.set_test_cookie()?,
                "test_cookie_worked" => return Ok(json!(session.test_cookie_worked())),
                "delete_test_cookie" => session.delete_test_cookie()?,
                "cycle_key" => session.cycle_key()?,
                other => panic!("unknown operation {other}"),
            }
        }
    }
    null
}

#[test]
fn errors_have_the_names_of_django() {
    for (kind, name) in [
        (SessionErrorKind::KeyError, "KeyError"),
        (SessionErrorKind::CreateError, "CreateError"),
        (SessionErrorKind::UpdateError, "UpdateError"),
        (SessionErrorKind::InvalidSessionKey, "InvalidSessionKey"),
    ] {
        assert_eq!(kind.django_name(), name);
    }
}
