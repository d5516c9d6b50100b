//! What a request knows of its session: pure bookkeeping, no I/O.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::operations::Log;
use crate::store::{Custody, Seen, Stored};
use crate::{SessionData, SessionKey};

/// The state behind the mutex of a session.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) key: Option<SessionKey>,
    pub(crate) home: Home,
    /// The dictionary; none until it is loaded, or cleared without loading.
    pub(crate) data: Option<SessionData>,
    pub(crate) accessed: bool,
    pub(crate) modified: bool,
    /// The second in which the session began, if sessions have an absolute end.
    pub(crate) started: Option<i64>,
    /// What was done since the store knew.
    pub(crate) log: Log,
    /// What a write under way, or one that was given up, is telling the store; it comes before `log`.
    pub(crate) in_flight: Arc<Log>,
    /// What the key may have become that turned out to name nothing: a logout must reach that session.
    pub(crate) heirs: Vec<SessionKey>,
    /// Keys whose records are to be deleted at the next opportunity.
    pub(crate) retired: Vec<SessionKey>,
    /// Counts the changes of key, so that I/O under way knows whether its result is still wanted.
    pub(crate) epoch: u64,
}

/// Where the record of the key is.
#[derive(Clone, Default)]
pub(crate) enum Home {
    /// There is no key.
    #[default]
    Nowhere,
    /// In the store, as far as we know.
    Held(Holding),
    /// Nowhere yet: the key was drawn here.
    Drawn(Box<Drawn>),
}

#[derive(Clone)]
pub(crate) struct Holding {
    pub(crate) seen: Seen,
    /// When the record as it was loaded ends; what this request wrote does not count.
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// A key that `cycle_key` drew.
#[derive(Clone)]
pub(crate) struct Drawn {
    /// The dictionary at that moment: Django has written it then.
    pub(crate) as_of: SessionData,
    /// The record that this one takes the place of.
    pub(crate) predecessor: Option<Predecessor>,
}

#[derive(Clone)]
pub(crate) struct Predecessor {
    pub(crate) key: SessionKey,
    pub(crate) holding: Holding,
    pub(crate) log: Log,
}

impl Holding {
    /// A record that nobody has looked at.
    pub(crate) fn unseen() -> Self {
        Self { seen: Seen::Never, expires: None }
    }

    /// A record that this request has written.
    pub(crate) fn written(seen: Seen) -> Self {
        Self { seen, expires: None }
    }

    pub(crate) fn has_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    pub(crate) fn was_seen(&self) -> bool {
        !matches!(self.seen, Seen::Never)
    }
}

impl State {
    pub(crate) fn new(key: Option<SessionKey>) -> Self {
        let home = if key.is_some() { Home::Held(Holding::unseen()) } else { Home::Nowhere };
        Self { key, home, ..Self::default() }
    }

    /// Everything that the store does not know yet.
    pub(crate) fn take_log(&mut self) -> Log {
        let earlier = Arc::unwrap_or_clone(std::mem::take(&mut self.in_flight));
        if earlier.is_empty() {
            std::mem::take(&mut self.log)
        } else {
            earlier.then(std::mem::take(&mut self.log))
        }
    }

    /// The dictionary, for an access.
    pub(crate) fn access(&mut self) -> &mut SessionData {
        self.accessed = true;
        self.data.get_or_insert_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.key.is_none() && self.data.as_ref().is_none_or(SessionData::is_empty)
    }

    pub(crate) fn clear(&mut self) {
        self.data = Some(SessionData::new());
        self.log.clear();
        self.accessed = true;
        self.modified = true;
    }

    pub(crate) fn flush(&mut self) {
        self.clear();
        drop(self.take_log());
        self.started = None;
        self.retired.append(&mut self.heirs);
        match std::mem::take(&mut self.home) {
            Home::Nowhere => {}
            Home::Held(_) => self.retired.extend(self.key.take()),
            Home::Drawn(drawn) => self.retired.extend(drawn.predecessor.map(|predecessor| predecessor.key)),
        }
        self.forget_key();
    }

    /// The request has failed: a key that was drawn comes to nothing, what it was to replace ends all the same.
    pub(crate) fn abandon(&mut self) {
        if let Home::Drawn(drawn) = &mut self.home {
            self.retired.extend(drawn.predecessor.take().map(|predecessor| predecessor.key));
        }
    }

    /// The session has no key any more.
    pub(crate) fn forget_key(&mut self) {
        self.key = None;
        self.home = Home::Nowhere;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// As if nothing had been read: the key is what the client sent, whatever it names.
    pub(crate) fn unread(&mut self, key: Option<SessionKey>, accessed: bool) {
        self.data = None;
        self.home = if key.is_some() { Home::Held(Holding::unseen()) } else { Home::Nowhere };
        self.key = key;
        self.accessed = accessed;
    }

    /// Goes on under `new`; the record of the old key is to be replaced.
    pub(crate) fn cycle(&mut self, new: SessionKey) {
        let as_of = self.access().detached();
        self.modified = true;
        let log = self.take_log();
        let old = self.key.replace(new);
        let predecessor = match (std::mem::take(&mut self.home), old) {
            (Home::Held(holding), Some(key)) if holding.was_seen() => Some(Predecessor { key, holding, log }),
            (Home::Held(_), old) => {
                self.retired.extend(old);
                None
            }
            (Home::Drawn(drawn), _) => drawn
                .predecessor
                .map(|predecessor| Predecessor { log: predecessor.log.then(log), ..predecessor }),
            (Home::Nowhere, _) => None,
        };
        self.home = Home::Drawn(Box::new(Drawn { as_of, predecessor }));
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Takes a record that was loaded, unless there is a dictionary already.
    pub(crate) fn adopt(&mut self, stored: Stored, custody: Custody) {
        if self.data.is_none() {
            self.data = Some(stored.data);
            if custody == Custody::Server {
                self.home = Home::Held(Holding { seen: stored.seen, expires: stored.expires });
            }
        }
    }

    /// The record has expired and the engine begins anew at once.
    pub(crate) fn renew(&mut self, custody: Custody) {
        self.modified = true;
        let data = self.data.get_or_insert_default().detached();
        if custody == Custody::Client {
            return;
        }
        self.accessed = true;
        self.retired.extend(self.key.replace(SessionKey::random()));
        self.home = Home::Drawn(Box::new(Drawn { as_of: data, predecessor: None }));
        self.epoch = self.epoch.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn held() -> (State, SessionKey) {
        let key = SessionKey::random();
        let mut state = State::new(Some(key.clone()));
        state.adopt(
            Stored {
                data: SessionData::from_json(r#"{"a":1}"#).unwrap(),
                seen: Seen::Bytes(Bytes::new()),
                expires: None,
            },
            Custody::Server,
        );
        (state, key)
    }

    #[test]
    fn flush_retires_every_key_that_has_a_record() {
        let (mut state, old) = held();
        state.flush();
        assert_eq!(state.retired, [old]);
        assert!(state.key.is_none() && state.is_empty());

        let (mut state, old) = held();
        state.cycle(SessionKey::random());
        state.cycle(SessionKey::random());
        state.flush();
        assert_eq!(state.retired, [old], "drawn keys have no record");
    }

    #[test]
    fn cycle_remembers_what_it_replaces() {
        let (mut state, old) = held();
        state.log.assign("a");
        let new = SessionKey::random();
        state.cycle(new.clone());
        assert_eq!(state.key, Some(new));
        assert!(state.retired.is_empty() && state.log.is_empty());
        let Home::Drawn(drawn) = &state.home else { panic!("drawn") };
        let predecessor = drawn.predecessor.as_ref().unwrap();
        assert!(predecessor.key == old && !predecessor.log.is_empty());

        let mut unseen = State::new(Some(old.clone()));
        unseen.clear();
        unseen.cycle(SessionKey::random());
        assert_eq!(unseen.retired, [old], "nothing of it lives on");
    }
}
