//! The messages as templates see them: iterating shows them, so they are not kept.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use nuages_contrib::messages::{Level, Message, RequestMessages};
use nuages_http::HttpRequest;

use super::poll_once::poll_once;
use super::waits::{Wait, Waits};

/// `messages` (`django.contrib.messages.context_processors.messages`).
pub(super) struct MessagesValue {
    request: HttpRequest,
    waits: Arc<Waits>,
}

impl MessagesValue {
    /// None without MessageMiddleware.
    pub(super) fn of(request: &HttpRequest, waits: &Arc<Waits>) -> Option<Value> {
        request.messages().ok()?;
        Some(Value::from_object(Self { request: request.clone(), waits: waits.clone() }))
    }

    /// What a future of the messages gives, if nothing has to be waited for.
    fn now<T>(&self, future: impl Future<Output = nuages_http::Result<T>>) -> Option<T> {
        let outcome = poll_once(future).and_then(Result::ok);
        if outcome.is_none() {
            // An error shows when it is waited for.
            self.waits.want(Wait::Messages);
        }
        outcome
    }
}

/// The levels by their names (`DEFAULT_MESSAGE_LEVELS`).
pub(super) fn default_message_levels() -> Value {
    let levels = [
        ("DEBUG", Level::DEBUG),
        ("INFO", Level::INFO),
        ("SUCCESS", Level::SUCCESS),
        ("WARNING", Level::WARNING),
        ("ERROR", Level::ERROR),
    ];
    Value::from_pairs(levels.map(|(name, level)| (name, level.number())))
}

impl Object for MessagesValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        // A page that lacks something is rendered again, and may then not come by here: what it read would be lost.
        if self.waits.any() {
            return Enumerator::Empty;
        }
        let Ok(messages) = self.request.messages() else { return Enumerator::Empty };
        let messages = self.now(messages.read()).unwrap_or_default();
        let values: Vec<Value> =
            messages.into_iter().map(|message| Value::from_object(MessageValue(message))).collect();
        Enumerator::Iter(Box::new(values.into_iter()))
    }

    // Counting shows nothing.
    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        let messages = self.request.messages().ok()?;
        Some(self.now(messages.count()).unwrap_or_default())
    }
}

/// Never a text: the page shows them one by one.
impl fmt::Debug for MessagesValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<messages>")
    }
}

/// One message: its text, or `message`, `level`, `tags`, `extra_tags`, `level_tag`.
struct MessageValue(Message);

impl MessageValue {
    fn text(&self) -> Value {
        let text = self.0.text().to_owned();
        if self.0.is_safe() { Value::from_safe_string(text) } else { Value::from(text) }
    }
}

impl Object for MessageValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        Some(match key {
            "message" => self.text(),
            "level" => Value::from(self.0.level().number()),
            "tags" => Value::from(self.0.tags()),
            "extra_tags" => Value::from(self.0.own_tags().unwrap_or_default()),
            "level_tag" => Value::from(self.0.level_tag()),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text())
    }
}

/// Not its text, which is for one visitor.
impl fmt::Debug for MessageValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<message>")
    }
}
