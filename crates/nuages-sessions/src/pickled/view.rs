//! Python's values in JSON.

use chrono::Timelike;
use nuages_cache::pickle::Value;
use nuages_signing::json;

/// What JSON shows of a value.
pub(super) struct View {
    pub(super) json: String,
    /// Does it show all of it? Then the value can be made of it again.
    pub(super) faithful: bool,
}

/// The JSON of a value: that of Python's `json.dumps` where that has one. A set is a list, a date and a time are the text
/// of `isoformat()`, a timedelta is its seconds; what is none of that (bytes, NaN, dictionaries with other keys than
/// `json.dumps` takes) is an object that names Python's type, which no type of Rust should take for its own.
pub(super) fn view(value: &Value) -> Option<View> {
    let mut view = View { json: String::new(), faithful: true };
    view.push(value)?;
    Some(view)
}

impl View {
    fn push(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::None => self.json.push_str("null"),
            Value::Bool(flag) => self.json.push_str(if *flag { "true" } else { "false" }),
            Value::Int(int) => self.json.push_str(&int.to_string()),
            Value::Float(float) if float.is_finite() => self.json.push_str(&json::to_string(float).ok()?),
            Value::Float(_) => self.opaque("float"),
            Value::Str(text) => self.text(text)?,
            Value::Bytes(_) => self.opaque("bytes"),
            Value::List(items) => self.list(items)?,
            Value::Tuple(items) | Value::Set(items) | Value::FrozenSet(items) => {
                self.faithful = false;
                self.list(items)?;
            }
            Value::Dict(entries) => self.dict(entries)?,
            Value::Date(date) => self.nearest(&date.format("%Y-%m-%d").to_string())?,
            Value::NaiveDateTime(time) => {
                let fraction = if time.nanosecond() == 0 { "" } else { "%.6f" };
                self.nearest(&time.format(&format!("%Y-%m-%dT%H:%M:%S{fraction}")).to_string())?;
            }
            Value::DateTime(time) => self.nearest(&crate::isoformat(*time))?,
            Value::TimeDelta(delta) => {
                self.faithful = false;
                let micros = delta.num_microseconds()?;
                self.json.push_str(&json::to_string(&(micros as f64 / 1e6)).ok()?);
            }
            _ => self.opaque("object"),
        }
        Some(())
    }

    fn text(&mut self, text: &str) -> Option<()> {
        self.json.push_str(&json::to_string(text).ok()?);
        Some(())
    }

    fn nearest(&mut self, text: &str) -> Option<()> {
        self.faithful = false;
        self.text(text)
    }

    fn opaque(&mut self, kind: &str) {
        self.faithful = false;
        self.json.push_str(&format!("{{\"__python__\":\"{kind}\"}}"));
    }

    fn list(&mut self, items: &[Value]) -> Option<()> {
        self.json.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.push(item)?;
        }
        self.json.push(']');
        Some(())
    }

    fn dict(&mut self, entries: &[(Value, Value)]) -> Option<()> {
        let Some(names) = entries.iter().map(|(key, _)| self.name(key)).collect::<Option<Vec<_>>>() else {
            self.opaque("dict");
            return Some(());
        };
        self.json.push('{');
        for (index, (name, (_, value))) in names.iter().zip(entries).enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.text(name)?;
            self.json.push(':');
            self.push(value)?;
        }
        self.json.push('}');
        Some(())
    }

    /// The name that `json.dumps` makes of a key; none for a key that it refuses.
    fn name(&mut self, key: &Value) -> Option<String> {
        self.faithful &= matches!(key, Value::Str(_));
        Some(match key {
            Value::Str(text) => text.clone(),
            Value::None => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Int(int) => int.to_string(),
            Value::Float(float) if float.is_finite() => json::to_string(float).ok()?,
            _ => return None,
        })
    }
}
