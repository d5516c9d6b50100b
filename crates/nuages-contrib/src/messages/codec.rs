//! Messages as JSON: Django's wire format.

use nuages_signing::json::{JsonError, to_string, to_string_spaced};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::level::Level;
use super::message::{Message, Text};

/// Stands first in a list that is a message.
const MESSAGE: &str = "__json_message";

/// A message as a list: the mark, 1 if its text is safe, level, text, and its own tags unless it has none at all.
struct Wire<'a>(&'a Message);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.0;
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(MESSAGE)?;
        list.serialize_element(&u8::from(message.is_safe()))?;
        list.serialize_element(&message.level().number())?;
        list.serialize_element(message.text())?;
        if let Some(tags) = message.own_tags() {
            list.serialize_element(tags)?;
        }
        list.end()
    }
}

/// One message, as it stands in the cookie.
pub(super) fn compact(message: &Message) -> Result<String, JsonError> {
    to_string(&Wire(message))
}

/// A list of messages, as it stands in the session.
pub(super) fn spaced(messages: &[Message]) -> Result<String, JsonError> {
    to_string_spaced(&messages.iter().map(Wire).collect::<Vec<_>>())
}

/// What a list of a storage holds.
#[derive(Debug, PartialEq)]
pub(super) struct Decoded {
    pub(super) messages: Vec<Message>,
    /// What stood last, if that was text: the cookie has a mark there.
    pub(super) last: Option<String>,
}

/// The messages of a JSON list; what is no message is left out. None if it is no list at all.
pub(super) fn decode(json: &[u8]) -> Option<Decoded> {
    let mut items: Vec<Value> = serde_json::from_slice(json).ok()?;
    let last = match items.pop() {
        Some(Value::String(text)) => Some(text),
        Some(item) => {
            items.push(item);
            None
        }
        None => None,
    };
    Some(Decoded { messages: items.iter().filter_map(message).collect(), last })
}

fn message(item: &Value) -> Option<Message> {
    let list = item.as_array()?;
    let (Some(MESSAGE), Some(safe)) = (list.first()?.as_str(), list.get(1)) else { return None };
    let level = Level::new(list.get(2)?.as_i64()?);
    let text = list.get(3)?.as_str()?;
    let text = if is_true(safe) { Text::safe(text) } else { Text::from(text) };
    let tags = list.get(4).and_then(Value::as_str).map(str::to_owned);
    Some(Message::stored(level, text, tags))
}

/// Python's truth of what stands where Django writes 0 or 1.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let messages = [
            Message::new(20, "hi"),
            Message::new(40, Text::safe("\u{e9}<b>")).extra_tags("t1 t2"),
            Message::stored(Level::DEBUG, "none".into(), None),
        ];
        assert_eq!(compact(&messages[1]).unwrap(), r#"["__json_message",1,40,"\u00e9<b>","t1 t2"]"#);
        let text = spaced(&messages).unwrap();
        assert_eq!(
            text,
            r#"[["__json_message", 0, 20, "hi", ""], ["__json_message", 1, 40, "\u00e9<b>", "t1 t2"], ["__json_message", 0, 10, "none"]]"#
        );
        assert_eq!(decode(text.as_bytes()).unwrap().messages, messages);
    }

    #[test]
    fn what_is_no_message() {
        for (json, count, last) in [
            ("[]", Some(0), None),
            (r#"["end"]"#, Some(0), Some("end")),
            (r#"[["__json_message",0,20,"a"],"end"]"#, Some(1), Some("end")),
            (
                r#"[["__json_message"],["__json_message",0],["__json_message",0,"x","y"],5,null,{},[]]"#,
                Some(0),
                None,
            ),
            (r#"[["__json_message",0,20,7]]"#, Some(0), None),
            ("{}", None, None),
            ("", None, None),
            ("\u{fffd}", None, None),
        ] {
            let decoded = decode(json.as_bytes());
            assert_eq!(decoded.as_ref().map(|decoded| decoded.messages.len()), count, "{json}");
            assert_eq!(decoded.and_then(|decoded| decoded.last).as_deref(), last, "{json}");
        }
    }
}
