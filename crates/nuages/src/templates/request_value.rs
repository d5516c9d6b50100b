//! The request as templates see it: what costs no waiting, and what has been waited for.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Serde, Value};
use nuages_http::{Captured, HttpRequest, ResolverMatch};
use nuages_sessions::RequestSession;

use super::poll_once::poll_once;
use super::query_value::QueryValue;
use super::waits::{Wait, Waits};

/// `request` (`django.template.context_processors.request`).
pub(super) struct RequestValue {
    pub(super) request: HttpRequest,
    pub(super) waits: Arc<Waits>,
}

impl RequestValue {
    fn form(&self) -> Value {
        // A form that is half read cannot be left again, so the first look waits.
        if self.request.method != nuages_http::Method::POST || self.waits.form_is_there() {
            let form = poll_once(self.request.POST()).and_then(Result::ok).cloned();
            return Value::from_object(QueryValue(form.unwrap_or_default()));
        }
        self.waits.want(Wait::Form);
        Value::UNDEFINED
    }

    fn session(&self) -> Value {
        // Without the middleware there is none, as in Django.
        if self.request.session_handle().is_err() {
            return Value::UNDEFINED;
        }
        let Some(session) = poll_once(self.request.session()) else {
            self.waits.want(Wait::Session);
            return Value::UNDEFINED;
        };
        match session {
            Ok(session) => {
                serde_json::from_str::<serde_json::Value>(&session.items().to_json().unwrap_or_default())
                    .map_or(Value::UNDEFINED, |data| Value::from(Serde(data)))
            }
            // What is wrong shows when it is waited for.
            Err(_) => {
                self.waits.want(Wait::Session);
                Value::UNDEFINED
            }
        }
    }
}

impl Object for RequestValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let request = &self.request;
        Some(match key {
            "method" => Value::from(request.method.as_str()),
            "path" => Value::from(&*request.path),
            "path_info" => Value::from(&*request.path_info),
            "scheme" => Value::from(request.scheme),
            "content_type" => Value::from(&*request.content_type),
            "encoding" => request.encoding().map_or(Value::from(()), Value::from),
            "GET" => Value::from_object(QueryValue((*request.GET).clone())),
            "POST" => self.form(),
            "COOKIES" => Value::from_pairs(
                request.COOKIES.iter().map(|(name, value)| (name.into_owned(), value.into_owned())),
            ),
            "META" => Value::from_object(MetaValue(request.clone())),
            "headers" => Value::from_object(HeadersValue(request.clone())),
            "session" => self.session(),
            "resolver_match" => request.resolver_match().map_or(Value::from(()), resolver_match),
            "get_full_path" => Value::from(&*request.get_full_path()),
            "get_full_path_info" => Value::from(&*request.get_full_path_info()),
            "get_host" => Value::from(&*request.get_host().ok()?),
            "get_port" => Value::from(&*request.get_port()),
            "is_secure" => Value::from(request.is_secure()),
            "build_absolute_uri" => Value::from(request.absolute_uri().ok()?),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<HttpRequest: {} '{}'>", self.request.method, &*self.request.get_full_path())
    }
}

/// Neither headers nor values of the session.
impl fmt::Debug for RequestValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<HttpRequest: {} {:?}>", self.request.method, &*self.request.path)
    }
}

fn resolver_match(matched: &dyn ResolverMatch) -> Value {
    let kwargs: Value =
        Value::from_pairs(matched.kwargs().into_iter().map(|(name, value)| (name, captured(value))));
    Value::from_pairs([
        ("route", Value::from(matched.route())),
        ("url_name", matched.url_name().map_or(Value::from(()), Value::from)),
        ("view_name", Value::from(matched.view_name())),
        ("app_name", Value::from(matched.app_names().join(":"))),
        ("app_names", matched.app_names().into_iter().map(Value::from).collect()),
        ("namespace", Value::from(matched.namespaces().join(":"))),
        ("namespaces", matched.namespaces().into_iter().map(Value::from).collect()),
        ("args", matched.args().into_iter().map(captured).collect()),
        ("kwargs", kwargs),
    ])
}

fn captured(value: Captured) -> Value {
    match value {
        Captured::Bool(truth) => Value::from(truth),
        Captured::Float(number) => Value::from(number),
        Captured::Int(number) => Value::from(number),
        Captured::Text(text) => Value::from(&*text),
        Captured::Uuid(bits) => Value::from(uuid::Uuid::from_u128(bits).to_string()),
        _ => Value::from(()),
    }
}

struct MetaValue(HttpRequest);

impl Object for MetaValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.META.get(key.as_str()?).map(|value| Value::from(&*value))
    }
}

impl fmt::Debug for MetaValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<META>")
    }
}

struct HeadersValue(HttpRequest);

impl Object for HeadersValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        // Templates cannot write a hyphen: `request.headers.user_agent`.
        let key = key.as_str()?.replace('_', "-");
        self.0.headers.get(&key).map(|value| Value::from(&*value))
    }
}

impl fmt::Debug for HeadersValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<headers>")
    }
}
