//! The shared heart of a session: its state, and who may talk to the store.

use std::sync::{Mutex, MutexGuard, PoisonError};

use nuages_http::OutageSetting;

use crate::engine::log_corrupt;
use crate::state::{Holding, Home, State};
use crate::store::{Custody, Loaded, Stored};
use crate::{SessionData, SessionEngine, SessionError, SessionErrorKind, SessionKey};

/// State under a mutex that is never held across an await, and a gate that lets one operation at a time through to the
/// store.
pub(crate) struct Cell {
    pub(crate) engine: SessionEngine,
    state: Mutex<State>,
    pub(crate) gate: tokio::sync::Mutex<()>,
}

impl Cell {
    pub(crate) fn new(engine: SessionEngine, key: Option<SessionKey>) -> Self {
        Self { engine, state: Mutex::new(State::new(key)), gate: tokio::sync::Mutex::new(()) }
    }

    /// The state. A panic elsewhere cannot leave it half changed in a way that matters: it is what a request believes.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes sure that there is a dictionary; reads the store at most once.
    pub(crate) async fn ensure_loaded(&self) -> Result<(), SessionError> {
        if self.lock().data.is_some() {
            return Ok(());
        }
        let _gate = self.gate.lock().await;
        self.load_once().await?;
        Ok(())
    }

    /// As [`ensure_loaded`](Self::ensure_loaded), behind the gate; says whether the key was found to name nothing.
    pub(crate) async fn load_once(&self) -> Result<KeyFound, SessionError> {
        let (key, epoch) = {
            let mut state = self.lock();
            if state.data.is_some() {
                return Ok(KeyFound::Yes);
            }
            let Some(key) = state.key.clone() else {
                state.data = Some(SessionData::new());
                return Ok(KeyFound::Yes);
            };
            (key, state.epoch)
        };
        let custody = self.engine.custody();
        let loaded = match self.engine.within_deadline(self.engine.store().load(&key)).await {
            Err(error) if self.is_left_out(&error) => Loaded::Missing,
            loaded => loaded?,
        };
        let loaded = self.judge(loaded);
        let mut state = self.lock();
        if state.epoch != epoch || state.data.is_some() {
            return Ok(KeyFound::Yes); // cleared or flushed meanwhile: what was read is not wanted any more
        }
        match (loaded, custody) {
            (Judged::Found(stored, started), custody) => {
                state.modified |= self.engine.config().absolute_age.is_some() && started.is_none();
                state.started = started;
                state.adopt(stored, custody);
            }
            (Judged::Over, Custody::Server) => {
                state.data = Some(SessionData::new());
                state.retired.push(key);
                state.forget_key();
            }
            (Judged::Over, Custody::Client) => state.renew(custody),
            (Judged::Other(loaded), custody) => return Ok(self.begin_anew(state, loaded, custody, &key)),
        }
        Ok(KeyFound::Yes)
    }
    /// Reads the record anew, if it was read before, and does again on it what was not saved yet.
    pub(crate) async fn refresh(&self) -> Result<(), SessionError> {
        let _gate = self.gate.lock().await;
        let (key, epoch) = {
            let state = self.lock();
            match (&state.key, &state.home) {
                (Some(key), Home::Held(holding)) if state.data.is_some() && holding.was_seen() => {
                    (key.clone(), state.epoch)
                }
                _ => return Ok(()),
            }
        };
        let loaded = self.engine.within_deadline(self.engine.store().load(&key)).await?;
        let Judged::Found(stored, started) = self.judge(loaded) else { return Err(SessionError::gone()) };
        let mut state = self.lock();
        if state.epoch == epoch {
            let (log, current) = (state.take_log(), state.data.clone().unwrap_or_default());
            state.data = Some(log.replay(&current, stored.data)?);
            state.log = log;
            state.started = started.or(state.started);
            state.home = Home::Held(Holding { seen: stored.seen, expires: stored.expires });
        }
        Ok(())
    }

    /// Is the store away, and shall the visitor be somebody new then, as in Django?
    fn is_left_out(&self, error: &SessionError) -> bool {
        let anonymous = error.kind() == SessionErrorKind::Unavailable
            && self.engine.config().outage == OutageSetting::Anonymous;
        if anonymous {
            tracing::error!(target: "nuages.sessions", "{error}; an empty session takes the place of this one");
        }
        anonymous
    }

    /// Is it still within its absolute age?
    fn judge(&self, loaded: Loaded) -> Judged {
        let Loaded::Found(mut stored) = loaded else { return Judged::Other(loaded) };
        let started = self.engine.take_started(&mut stored.data);
        match started.and_then(|started| self.engine.left(started)) {
            Some(left) if left <= 0 => Judged::Over,
            _ => Judged::Found(stored, started),
        }
    }

    /// There is no session of that key.
    fn begin_anew(
        &self,
        mut state: MutexGuard<'_, State>,
        loaded: Loaded,
        custody: Custody,
        key: &SessionKey,
    ) -> KeyFound {
        match (loaded, custody) {
            (Loaded::Found(_), _) => {}
            (Loaded::Renewed, custody) => state.renew(custody),
            (loaded @ (Loaded::Missing | Loaded::Dropped), Custody::Server) => {
                state.data = Some(SessionData::new());
                state.heirs = self.engine.lineage().heirs(key);
                state.forget_key();
                return if matches!(loaded, Loaded::Dropped) { KeyFound::Dropped } else { KeyFound::No };
            }
            (Loaded::Corrupt, Custody::Server) => {
                log_corrupt();
                state.data = Some(SessionData::new());
                state.forget_key();
            }
            (Loaded::Missing | Loaded::Dropped | Loaded::Corrupt, Custody::Client) => {
                log_corrupt();
                state.renew(custody);
            }
        }
        KeyFound::Yes
    }

    /// What the store has now, without touching the dictionary (Django's `load`).
    pub(crate) async fn read_store(&self) -> Result<SessionData, SessionError> {
        let _gate = self.gate.lock().await;
        self.settle().await?;
        let custody = self.engine.custody();
        let Some(key) = self.lock().key.clone() else {
            if custody == Custody::Client {
                self.lock().modified = true;
            }
            return Ok(SessionData::new());
        };
        let loaded = self.engine.within_deadline(self.engine.store().load(&key)).await?;
        let renewed = {
            let mut state = self.lock();
            let loaded = match self.judge(loaded) {
                Judged::Found(stored, _) => return Ok(stored.data),
                Judged::Over => Loaded::Missing,
                Judged::Other(loaded) => loaded,
            };
            match (loaded, custody) {
                (_, Custody::Client) => state.modified = true,
                // What this request carries was read from a record that has ended since: the key stays, so that saving
                // fails instead of giving it a second life under another key.
                _ if matches!(&state.home, Home::Held(holding) if holding.was_seen()) => {}
                (Loaded::Renewed, _) => state.renew(custody),
                _ => state.forget_key(),
            }
            matches!(state.home, Home::Drawn(_))
        };
        if renewed {
            self.settle().await?;
        }
        Ok(SessionData::new())
    }
}

/// What was loaded, in the light of its absolute age.
enum Judged {
    /// A session, and when it began.
    Found(Stored, Option<i64>),
    /// A session that has lived long enough.
    Over,
    /// No session.
    Other(Loaded),
}

/// Did the key that was asked for name a session?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFound {
    Yes,
    No,
    /// No, says a store that is asked before the session is read.
    Dropped,
}
