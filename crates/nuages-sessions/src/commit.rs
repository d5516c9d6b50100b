//! The one place where a store is written.
//!
//! Nothing is lost: a save compares what is stored with what this request has seen, and if somebody else wrote first, it
//! does this request's operations again on the newer record. Nothing comes back: a record that is gone, or has ended
//! since it was loaded, is never written again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::cell::{Cell, KeyFound};
use crate::operations::Log;
use crate::state::{Drawn, Holding, Home, Predecessor, State};
use crate::store::{Custody, Merged, Retired, Saved, Seen, Stored, Written};
use crate::{SessionData, SessionEngine, SessionError, SessionErrorKind, SessionKey};

/// Conflicts that are settled by trying again; then writers have to queue.
const CONFLICTS: u32 = 3;

/// Keys that are tried; a second one has never been needed.
const DRAWS: u32 = 4;

/// What a save works on.
struct Work {
    epoch: u64,
    key: Option<SessionKey>,
    home: Home,
    ours: SessionData,
    log: Arc<Log>,
}

/// What a save has done.
struct Done {
    written: Written,
    data: SessionData,
}

impl Cell {
    /// Deletes retired records, and writes the record of a key that was drawn, as Django has done by now.
    pub(crate) async fn settle(&self) -> Result<(), SessionError> {
        self.delete_retired().await?;
        let work = {
            let state = self.lock();
            let Home::Drawn(drawn) = &state.home else { return Ok(()) };
            let ours = drawn.as_of.clone();
            Work {
                epoch: state.epoch,
                key: state.key.clone(),
                home: state.home.clone(),
                ours,
                log: Arc::default(),
            }
        };
        let done = self.write(&work).await?;
        let mut state = self.lock();
        if state.epoch != work.epoch {
            state.retired.push(done.written.key);
            return Ok(());
        }
        if !done.data.is_same(&work.ours) {
            let (log, current) = (state.take_log(), state.data.clone().unwrap_or_default());
            state.data = Some(log.replay(&current, done.data)?);
            state.log = log;
        }
        state.key = Some(done.written.key);
        state.home = Home::Held(Holding::written(done.written.seen));
        Ok(())
    }

    /// A cache may drop a record as soon as it is written: one that has ended, or that is to last beyond memcached's clock.
    /// Django writes a record when it draws the key, and finds that out when it saves; so such a record is tried first.
    async fn try_short_lived(&self) -> Result<(), SessionError> {
        let (key, as_of) = match &*self.lock() {
            State { key: Some(key), home: Home::Drawn(drawn), .. } => (key.clone(), drawn.as_of.clone()),
            _ => return Ok(()),
        };
        let record = self.engine.record(as_of.clone())?;
        let outlives_clocks = record.expire_date.timestamp() > i64::from(i32::MAX);
        if record.age > 0 && !outlives_clocks {
            return Ok(());
        }
        let store = self.engine.store();
        let key = self.create_record(Some(&key), &as_of).await?.key;
        let is_kept = self.engine.within_deadline(store.exists(&key)).await?;
        self.engine.within_deadline(store.delete(&key)).await?;
        if is_kept {
            return Ok(());
        }
        // The record that it takes the place of has ended all the same.
        self.settle().await?;
        Err(SessionError::gone())
    }

    /// Deletes the records of keys that are no more, whatever became of the request.
    pub(crate) async fn delete_retired(&self) -> Result<(), SessionError> {
        loop {
            let Some(key) = self.lock().retired.last().cloned() else { return Ok(()) };
            Box::pin(self.engine.end(&key)).await?;
            self.lock().retired.retain(|retired| *retired != key);
        }
    }

    /// Saves the session (Django's `save`), behind the gate; returns the dictionary as it was written.
    pub(crate) async fn save(&self) -> Result<SessionData, SessionError> {
        let (key, accessed) = {
            let mut state = self.lock();
            (state.key.clone(), std::mem::replace(&mut state.accessed, true))
        };
        let found = self.load_once().await?;
        self.delete_retired().await?;
        if found == KeyFound::Dropped {
            self.lock().unread(key, accessed);
            return Err(SessionError::gone());
        }
        if found == KeyFound::No {
            // Django is left with a key that it has drawn and not stored; saving goes on failing.
            let mut state = self.lock();
            state.key = Some(SessionKey::random());
            state.home = Home::Held(Holding::unseen());
            return Err(SessionError::gone());
        }
        self.save_loaded().await
    }

    /// As [`save`](Self::save), for a session that has its dictionary.
    pub(crate) async fn save_loaded(&self) -> Result<SessionData, SessionError> {
        Box::pin(self.try_short_lived()).await?;
        let work = {
            let mut state = self.lock();
            let log = Arc::new(state.take_log());
            state.in_flight = Arc::clone(&log);
            let ours = state.data.clone().unwrap_or_default();
            Work { epoch: state.epoch, key: state.key.clone(), home: state.home.clone(), ours, log }
        };
        let done = self.write(&work).await;
        let mut state = self.lock();
        let new = !matches!(work.home, Home::Held(_));
        match done {
            Err(error) => Err(error),
            Ok(done) if state.epoch != work.epoch => {
                // Flushed or cycled meanwhile. A record that was updated is retired already, a new one is not.
                if new {
                    state.retired.push(done.written.key);
                }
                Ok(done.data)
            }
            Ok(done) => {
                state.in_flight = Arc::default();
                if !done.data.is_same(&work.ours) {
                    let current = state.data.take().unwrap_or_default();
                    let merged = state.log.replay(&current, done.data.clone());
                    state.data = Some(merged?);
                }
                state.modified |=
                    matches!(work.home, Home::Nowhere) || self.engine.custody() == Custody::Client;
                state.key = Some(done.written.key);
                state.home = Home::Held(Holding::written(done.written.seen));
                Ok(done.data)
            }
        }
    }

    /// What is rare is put behind a pointer, so that the usual update is a small future.
    async fn write(&self, work: &Work) -> Result<Done, SessionError> {
        match (&work.key, &work.home) {
            _ if self.engine.custody() == Custody::Client => {
                let key = self.engine.store().new_key(&self.record(work.ours.clone())?)?;
                Ok(Done { written: Written { key, seen: Seen::Never }, data: work.ours.clone() })
            }
            (Some(key), Home::Held(holding)) => self.update(key, holding, &work.ours, &work.log).await,
            (Some(key), Home::Drawn(drawn)) => Box::pin(self.place(key, drawn, &work.ours, &work.log)).await,
            _ => {
                let written = Box::pin(self.create_record(None, &work.ours)).await?;
                Ok(Done { written, data: work.ours.clone() })
            }
        }
    }

    /// Makes a record under a key that nobody holds.
    async fn create_record(
        &self,
        key: Option<&SessionKey>,
        data: &SessionData,
    ) -> Result<Written, SessionError> {
        let (store, record) = (self.engine.store(), self.record(data.clone())?);
        let mut key = key.cloned();
        for _ in 0..DRAWS {
            let drawn = key.take().map_or_else(|| store.new_key(&record), Ok)?;
            if let Some(written) = self.engine.within_deadline(store.create(&drawn, &record)).await? {
                return Ok(written);
            }
        }
        Err(SessionError::taken())
    }

    /// Replaces a record that is there, without losing what others wrote.
    async fn update(
        &self,
        key: &SessionKey,
        holding: &Holding,
        ours: &SessionData,
        log: &Arc<Log>,
    ) -> Result<Done, SessionError> {
        if holding.has_expired(self.engine.now()) {
            return Err(SessionError::gone());
        }
        let (mut seen, mut data) = (holding.seen.clone(), ours.clone());
        for _ in 0..CONFLICTS {
            let record = self.record(data.clone())?;
            match self.engine.within_deadline(self.engine.store().save(key, &seen, &record)).await? {
                Saved::Written(written) => return Ok(Done { written, data }),
                Saved::Gone => return Err(SessionError::gone()),
                Saved::Conflict(newer) => {
                    data = replay(&self.engine, ours, log, &newer)?;
                    seen = newer.seen;
                }
            }
        }
        Box::pin(self.merge(key, ours, log)).await
    }

    /// Read, merge and write under the store's own lock.
    async fn merge(
        &self,
        key: &SessionKey,
        ours: &SessionData,
        log: &Arc<Log>,
    ) -> Result<Done, SessionError> {
        let outcome = Arc::new(Mutex::new(Err(SessionError::gone())));
        let (engine, started, ours, log, slot) =
            (self.engine.clone(), self.started(), ours.clone(), Arc::clone(log), Arc::clone(&outcome));
        let merge = Box::new(move |newer: Stored| {
            let merged = replay(&engine, &ours, &log, &newer);
            let record = |data: SessionData| Ok((data.clone(), engine.record_of(data, started)?));
            let (result, record) = match merged.and_then(record) {
                Ok((data, record)) => (Ok(data), Some(record)),
                Err(error) => (Err(error), None),
            };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = result;
            record
        });
        let merged = self.engine.within_deadline(self.engine.store().merge(key, merge)).await?;
        let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = std::mem::replace(&mut *outcome, Err(SessionError::gone()));
        match merged {
            Merged::Written(written) => Ok(Done { written, data: outcome? }),
            Merged::Left => Err(outcome.err().unwrap_or_else(SessionError::gone)),
        }
    }

    /// Makes the record of a drawn key, and ends the one that it takes the place of.
    async fn place(
        &self,
        key: &SessionKey,
        drawn: &Drawn,
        ours: &SessionData,
        log: &Log,
    ) -> Result<Done, SessionError> {
        let Some(predecessor) = &drawn.predecessor else {
            let written = self.create_record(Some(key), ours).await?;
            return Ok(Done { written, data: ours.clone() });
        };
        if predecessor.holding.has_expired(self.engine.now()) {
            return Err(SessionError::gone());
        }
        // First the new record, then the end of the old one: a crash in between leaves both, never neither.
        let written = self.create_record(Some(key), ours).await?;
        let key = written.key.clone();
        let placed = self.succeed(predecessor, written, ours, log).await;
        // If nobody knows whether the old record has ended, or still will, the new one may be all that is left. Its key
        // was told to nobody.
        if placed.as_ref().is_err_and(|error| error.kind() != SessionErrorKind::Unavailable) {
            self.engine.within_deadline(self.engine.store().delete(&key)).await?;
        }
        placed
    }

    /// Ends the old record if it is what the new one was made of; if it is newer, the new one is made again.
    async fn succeed(
        &self,
        predecessor: &Predecessor,
        mut written: Written,
        ours: &SessionData,
        log: &Log,
    ) -> Result<Done, SessionError> {
        let (start, store) = (Instant::now(), self.engine.store());
        let log = predecessor.log.clone().then(log.clone());
        let (mut seen, mut data) = (predecessor.holding.seen.clone(), ours.clone());
        // Recorded before the old record ends: a logout that comes too late for it will find the new one.
        self.engine.lineage().record(predecessor.key.clone(), written.key.clone());
        while start.elapsed() <= self.engine.config().store_deadline {
            match self.engine.within_deadline(store.retire(&predecessor.key, &seen)).await? {
                Retired::Done => return Ok(Done { written, data }),
                Retired::Gone => return Err(SessionError::gone()),
                Retired::Conflict(newer) => {
                    data = replay(&self.engine, ours, &log, &newer)?;
                    seen = newer.seen;
                    let record = self.record(data.clone())?;
                    let save = store.save(&written.key, &written.seen, &record);
                    let Saved::Written(again) = self.engine.within_deadline(save).await? else {
                        return Err(SessionError::gone());
                    };
                    written = again;
                }
            }
        }
        Err(SessionError::late())
    }

    /// A new record with the dictionary as it is; the old one stays (Django's `create`).
    pub(crate) async fn create(&self) -> Result<(), SessionError> {
        let _gate = self.gate.lock().await;
        if self.engine.custody() == Custody::Client {
            self.lock().modified = true;
            return Ok(());
        }
        self.settle().await?;
        let (ours, epoch) = {
            let mut state = self.lock();
            state.in_flight = Arc::new(state.take_log());
            (state.access().clone(), state.epoch)
        };
        let written = self.create_record(None, &ours).await?;
        let mut state = self.lock();
        state.modified = true;
        if state.epoch != epoch {
            state.retired.push(written.key);
            return Ok(());
        }
        state.in_flight = Arc::default();
        state.forget_key();
        state.key = Some(written.key);
        state.home = Home::Held(Holding::written(written.seen));
        Ok(())
    }

    /// A record under the key that the session has (Django's `save(must_create=True)`).
    pub(crate) async fn save_new(&self) -> Result<(), SessionError> {
        let gate = self.gate.lock().await;
        if self.engine.custody() == Custody::Client {
            return self.save().await.map(drop);
        }
        self.settle().await?;
        let (key, data) = {
            let mut state = self.lock();
            state.accessed = true;
            (state.key.clone(), state.data.clone().unwrap_or_default())
        };
        let Some(key) = key else {
            drop(gate);
            return self.create().await;
        };
        if !key.is_well_formed() {
            return Err(SessionError::invalid_key());
        }
        let record = self.record(data.clone())?;
        let create = self.engine.store().create(&key, &record);
        let Some(written) = self.engine.within_deadline(create).await? else {
            return Err(SessionError::taken());
        };
        let mut state = self.lock();
        if state.key.as_ref() == Some(&key) {
            drop(state.take_log());
            state.data = Some(data);
            state.home = Home::Held(Holding::written(written.seen));
        }
        Ok(())
    }

    /// Deletes a record, and leaves the dictionary alone (Django's `delete`).
    pub(crate) async fn delete(&self, key: Option<&str>) -> Result<(), SessionError> {
        let _gate = self.gate.lock().await;
        if self.engine.custody() == Custody::Client {
            let mut state = self.lock();
            state.data = Some(SessionData::new());
            state.forget_key();
            state.modified = true;
            return Ok(());
        }
        self.settle().await?;
        let key = key.map_or_else(|| self.lock().key.clone(), SessionKey::new);
        match key {
            Some(key) => self.engine.within_deadline(self.engine.store().delete(&key)).await.map(drop),
            None => Ok(()),
        }
    }

    /// Is there such a record? (Django's `exists`.)
    pub(crate) async fn exists(&self, key: Option<&str>) -> Result<bool, SessionError> {
        let _gate = self.gate.lock().await;
        self.settle().await?;
        let key = key.map_or_else(|| self.lock().key.clone(), SessionKey::new);
        match key {
            Some(key) => self.engine.within_deadline(self.engine.store().exists(&key)).await,
            None => Ok(false),
        }
    }
}

/// This request's operations, done on a newer record.
fn replay(
    engine: &SessionEngine,
    ours: &SessionData,
    log: &Log,
    newer: &Stored,
) -> Result<SessionData, SessionError> {
    if newer.expires.is_some_and(|end| end <= engine.now()) {
        return Err(SessionError::gone());
    }
    let mut data = newer.data.clone();
    engine.take_started(&mut data);
    log.replay(ours, data)
}
