//! What a request did to a session, so that it can be done again on a newer record.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::{SessionData, SessionError};

/// A function of [`modify`](crate::Session::modify), from JSON text to JSON text.
pub(crate) type Modification =
    Arc<dyn Fn(Option<&RawValue>) -> Result<Box<RawValue>, SessionError> + Send + Sync>;

/// The operations since the record was read.
///
/// Operations on different names do not disturb each other, and what is assigned makes everything before it on the
/// same name immaterial: so a log never holds more than the names it touches and the functions it must call again.
#[derive(Clone, Default)]
pub(crate) struct Log {
    cleared: bool,
    changes: IndexMap<String, Change>,
}

#[derive(Clone)]
enum Change {
    /// Set or deleted: the request's own dictionary knows the value, or that there is none.
    Assigned,
    /// To be worked out on whatever value is there.
    Steps(Vec<Step>),
}

#[derive(Clone)]
enum Step {
    SetDefault(Box<RawValue>),
    Modify(Modification),
}

impl Log {
    pub(crate) fn is_empty(&self) -> bool {
        !self.cleared && self.changes.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.cleared = true;
        self.changes.clear();
    }

    pub(crate) fn assign(&mut self, name: &str) {
        match self.changes.get_mut(name) {
            Some(change) => *change = Change::Assigned,
            None => drop(self.changes.insert(name.to_owned(), Change::Assigned)),
        }
    }

    pub(crate) fn set_default(&mut self, name: &str, value: Box<RawValue>) {
        self.step(name, Step::SetDefault(value));
    }

    pub(crate) fn modify(&mut self, name: &str, function: Modification) {
        self.step(name, Step::Modify(function));
    }

    fn step(&mut self, name: &str, step: Step) {
        if self.cleared && !self.changes.contains_key(name) {
            return self.assign(name);
        }
        match self.changes.get_mut(name) {
            Some(Change::Assigned) => {}
            Some(Change::Steps(steps)) => steps.push(step),
            None => drop(self.changes.insert(name.to_owned(), Change::Steps(vec![step]))),
        }
    }

    /// Both logs as one.
    pub(crate) fn then(mut self, later: Self) -> Self {
        if later.cleared {
            return later;
        }
        for (name, change) in later.changes {
            match change {
                Change::Assigned => self.assign(&name),
                Change::Steps(steps) => steps.into_iter().for_each(|step| self.step(&name, step)),
            }
        }
        self
    }

    /// Does it all again on `newer`; `ours` is the request's dictionary as it stands at the end of the log.
    pub(crate) fn replay(&self, ours: &SessionData, newer: SessionData) -> Result<SessionData, SessionError> {
        let mut data = if self.cleared { SessionData::new() } else { newer };
        for (name, change) in &self.changes {
            match change {
                Change::Assigned => match ours.get_raw(name) {
                    Some(value) => data.insert(name, value.to_owned()),
                    None => {
                        data.remove(name);
                    }
                },
                Change::Steps(steps) => {
                    for step in steps {
                        let value = match step {
                            Step::SetDefault(_) if data.contains(name) => continue,
                            Step::SetDefault(value) => value.clone(),
                            Step::Modify(function) => function(data.get_raw(name))?,
                        };
                        data.insert(name, value);
                    }
                }
            }
        }
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(json: &str) -> SessionData {
        SessionData::from_json(json).unwrap()
    }

    fn add(amount: i64) -> Modification {
        Arc::new(move |raw| {
            let old: i64 = raw.map_or(0, |raw| raw.get().parse().unwrap());
            crate::data::to_raw("n", &old.saturating_add(amount))
        })
    }

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn replayed(log: &Log, ours: &str, newer: &str) -> String {
        log.replay(&data(ours), data(newer)).unwrap().to_json().unwrap()
    }

    #[test]
    fn different_names_are_all_kept() {
        let mut log = Log::default();
        log.assign("a");
        log.assign("gone");
        assert_eq!(replayed(&log, r#"{"a":1}"#, r#"{"b":2,"gone":3}"#), r#"{"b":2,"a":1}"#);
    }

    #[test]
    fn functions_are_called_again_on_the_newer_value() {
        let mut log = Log::default();
        log.modify("n", add(1));
        log.modify("n", add(10));
        assert_eq!(replayed(&log, r#"{"n":11}"#, r#"{"n":5}"#), r#"{"n":16}"#);
        log.assign("n");
        log.modify("n", add(100));
        assert_eq!(replayed(&log, r#"{"n":7}"#, r#"{"n":5}"#), r#"{"n":7}"#, "what was set counts");
    }

    #[test]
    fn a_default_yields_to_a_newer_value() {
        let mut log = Log::default();
        log.set_default("a", raw("1"));
        assert_eq!(replayed(&log, r#"{"a":1}"#, r#"{"a":2}"#), r#"{"a":2}"#);
        assert_eq!(replayed(&log, r#"{"a":1}"#, "{}"), r#"{"a":1}"#);
    }

    #[test]
    fn clearing_drops_everything() {
        let mut log = Log::default();
        log.assign("a");
        log.clear();
        log.modify("n", add(1));
        assert_eq!(replayed(&log, r#"{"n":1}"#, r#"{"n":5,"b":1}"#), r#"{"n":1}"#);
    }

    #[test]
    fn logs_join() {
        let mut first = Log::default();
        first.modify("n", add(1));
        first.assign("a");
        let mut second = Log::default();
        second.modify("n", add(2));
        second.modify("a", add(3));
        let both = first.clone().then(second.clone());
        assert_eq!(replayed(&both, r#"{"n":3,"a":9}"#, r#"{"n":10,"a":0}"#), r#"{"n":13,"a":9}"#);
        second.clear();
        assert_eq!(replayed(&first.then(second), "{}", r#"{"n":10}"#), "{}");
    }

    #[test]
    fn a_log_is_as_long_as_its_names() {
        let mut log = Log::default();
        for _ in 0..10_000 {
            log.assign("a");
        }
        assert_eq!(log.changes.len(), 1);
    }
}
