//! The shared heart of a session: its state, and who may talk to the store.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::log_corrupt;
use crate::state::{Home, State};
use crate::store::{Custody, Loaded};
use crate::{SessionData, SessionEngine, SessionError, SessionKey};

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
        let loaded = self.engine.within_deadline(self.engine.store().load(&key)).await?;
        let mut state = self.lock();
        if state.epoch != epoch || state.data.is_some() {
            return Ok(KeyFound::Yes); // cleared or flushed meanwhile: what was read is not wanted any more
        }
        match (loaded, custody) {
            (Loaded::Found(stored), custody) => state.adopt(stored, custody),
            (Loaded::Renewed, custody) => state.renew(custody),
            (Loaded::Missing, Custody::Server) => {
                state.data = Some(SessionData::new());
                state.heirs = self.engine.lineage().heirs(&key);
                state.forget_key();
                return Ok(KeyFound::No);
            }
            (Loaded::Corrupt, Custody::Server) => {
                log_corrupt();
                state.data = Some(SessionData::new());
                state.forget_key();
            }
            (Loaded::Missing | Loaded::Corrupt, Custody::Client) => {
                log_corrupt();
                state.renew(custody);
            }
        }
        Ok(KeyFound::Yes)
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
            match (loaded, custody) {
                (Loaded::Found(stored), _) => return Ok(stored.data),
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

/// Did the key that was asked for name a session?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFound {
    Yes,
    No,
}
