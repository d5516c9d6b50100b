//! The context of a page: what its view put there, and behind it what every page has.

use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::value::{Enumerator, Object, ObjectExt, Value};
use nuages_http::HttpRequest;
use nuages_middleware::csrf::get_token;

use super::context_processors::ContextProcessors;
use super::request_value::RequestValue;
use super::waits::Waits;

/// The names that every page has: `request`, `csrf_token`, `messages`, `DEFAULT_MESSAGE_LEVELS` and `STATIC_URL`; each costs something only
/// when a template asks for it.
const EVERYWHERE: &[&str] = &["request", "csrf_token", "messages", "DEFAULT_MESSAGE_LEVELS", "STATIC_URL"];

pub(super) struct Root {
    own: Value,
    request: HttpRequest,
    processors: ContextProcessors,
    /// What the application's processors gave, once it was asked for.
    processed: OnceLock<Vec<Value>>,
    /// The same token on the whole page, as in Django.
    token: OnceLock<String>,
    waits: Arc<Waits>,
}

impl Root {
    pub(super) fn new(
        own: Value,
        request: &HttpRequest,
        processors: &ContextProcessors,
        waits: Arc<Waits>,
    ) -> Self {
        let (processed, token) = (OnceLock::new(), OnceLock::new());
        Self { own, request: request.clone(), processors: processors.clone(), processed, token, waits }
    }

    fn processed(&self) -> &[Value] {
        self.processed.get_or_init(|| self.processors.run(&self.request))
    }

    fn everywhere(&self, name: &str) -> Option<Value> {
        Some(match name {
            "request" => {
                Value::from_object(RequestValue { request: self.request.clone(), waits: self.waits.clone() })
            }
            "csrf_token" => Value::from(self.token.get_or_init(|| get_token(&self.request)).as_str()),
            "STATIC_URL" => Value::from(self.request.settings().STATIC_URL.as_str()),
            #[cfg(feature = "messages")]
            "messages" => super::messages_value::MessagesValue::of(&self.request, &self.waits)?,
            #[cfg(feature = "messages")]
            "DEFAULT_MESSAGE_LEVELS" => super::messages_value::default_message_levels(),
            _ => return None,
        })
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found = |map: &Value| map.get_attr(key).ok().filter(|value| !value.is_undefined());
        found(&self.own).or_else(|| self.processed().iter().find_map(found)).or_else(|| self.everywhere(key))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|this| {
            let maps = [&this.own].into_iter().chain(this.processed());
            let mut names: Vec<Value> = maps.flat_map(|map| map.try_iter().into_iter().flatten()).collect();
            names.extend(EVERYWHERE.iter().map(|name| Value::from(*name)));
            Box::new(names.into_iter())
        })
    }
}

/// Never a value: there may be secrets among them.
impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<context>")
    }
}
