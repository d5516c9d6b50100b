//! When a session began, and the end that follows from it (SESSION_ABSOLUTE_AGE).

use chrono::{DateTime, Utc};

use crate::cell::Cell;
use crate::data::to_raw;
use crate::store::Record;
use crate::{SessionData, SessionEngine, SessionError};

/// The name under which a store keeps the second in which a session began. Views do not see it.
const STARTED_KEY: &str = "_session_started";

impl SessionEngine {
    /// Takes the beginning out of a dictionary that was stored; none if it has none, or sessions have no absolute end.
    pub(crate) fn take_started(&self, data: &mut SessionData) -> Option<i64> {
        self.config().absolute_age?;
        let started = data.get(STARTED_KEY).ok().flatten();
        data.remove(STARTED_KEY);
        started
    }

    /// Seconds that a session of that beginning has left, if it has an absolute end.
    pub(crate) fn left(&self, started: i64) -> Option<i64> {
        let end = started.saturating_add(self.config().absolute_age?);
        Some(end.saturating_sub(self.now().timestamp()))
    }

    /// A dictionary as it is to be written now, of a session that began at `started`.
    pub(crate) fn record_of(&self, mut data: SessionData, started: i64) -> Result<Record, SessionError> {
        let Some(left) = self.left(started) else { return self.record(data) };
        data.insert(STARTED_KEY, to_raw(STARTED_KEY, &started)?);
        let mut record = self.record(data)?;
        if left < record.age {
            record.age = left;
            record.expire_date = end(started.saturating_add(self.config().absolute_age.unwrap_or(0)));
        }
        Ok(record)
    }
}

fn end(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

impl Cell {
    /// When this session began: now, if it is new.
    pub(crate) fn started(&self) -> i64 {
        let now = self.engine.now().timestamp();
        *self.lock().started.get_or_insert(now)
    }

    /// As [`SessionEngine::record_of`], for this session.
    pub(crate) fn record(&self, data: SessionData) -> Result<Record, SessionError> {
        if self.engine.config().absolute_age.is_none() {
            return self.engine.record(data);
        }
        self.engine.record_of(data, self.started())
    }
}
