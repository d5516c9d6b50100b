//! One row and one entry, each operation of which is a step, and the history of the row.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use nuages_cache::{Cache, CacheError, CacheFront, Cas, KeyPolicy, Timeout, Token};

use super::super::distrust::Distrust;
use super::super::entries::Entries;
use super::super::protocol::{Protocol, Step};
use super::super::rows::{Rewrite, Row, RowCas, Rows};
use super::clients::found;
use crate::store::{Record, Seen, Stored};
use crate::{SessionCodec, SessionData, SessionKey, StoreError};

pub(super) struct World {
    pub(super) key: SessionKey,
    pub(super) protocol: Protocol<Table>,
    row: Arc<Mutex<History>>,
    entry: Arc<Mutex<Option<Bytes>>>,
}

/// What the row was, from the beginning.
struct History {
    row: Option<Row>,
    values: Vec<Option<i64>>,
    /// The latest value that a client knows of.
    acknowledged: usize,
}

impl World {
    pub(super) fn new(cached: bool, omitted: Option<Step>) -> Self {
        let entry: Arc<Mutex<Option<Bytes>>> = Arc::default();
        let cache = CacheFront::new(One(Arc::clone(&entry)));
        if cached {
            *entry.lock().unwrap() = Some(Bytes::from_static(b"{\"n\":0}"));
        }
        let codec = SessionCodec::new("key");
        let text = codec.encode(&data(0)).unwrap();
        let first = Row { text, expires: Utc::now() + TimeDelta::hours(1) };
        let row = Arc::new(Mutex::new(History { row: Some(first), values: vec![Some(0)], acknowledged: 0 }));
        let rows = Table { row: Arc::clone(&row), codec: codec.clone() };
        let entries = Entries::new(cache, Duration::from_secs(3600));
        let protocol = Protocol { rows, entries, codec, distrust: Distrust::default(), omitted };
        Self { key: SessionKey::random(), protocol, row, entry }
    }

    pub(super) fn record(&self, n: i64) -> Record {
        Record::new(data(n), 3600, Utc::now() + TimeDelta::hours(1))
    }

    /// A client was told that the row is this now.
    pub(super) fn acknowledge(&self, value: Option<i64>) {
        let mut history = self.row.lock().unwrap();
        // Clients write values of their own; one may have written its value twice.
        let written = history.values.iter().position(|other| *other == value).unwrap();
        history.acknowledged = history.acknowledged.max(written);
    }

    /// Loads, and holds what it gets against the history.
    pub(super) async fn load(&self) -> Result<Option<Stored>, String> {
        let since = self.row.lock().unwrap().acknowledged;
        let stored = found(self.protocol.load(&self.key).await.unwrap());
        let (read, history) = (stored.as_ref().map(value), self.row.lock().unwrap());
        if history.values[since..].contains(&read) {
            Ok(stored)
        } else {
            Err(format!("read {read:?} where the row was {:?} since {since}", history.values))
        }
    }

    /// All are done: what is read now, twice, is the row.
    pub(super) async fn check_the_end(&self, strict: bool) -> Result<(), String> {
        for _ in 0..2 {
            let read = self.load().await?.as_ref().map(value);
            let history = self.row.lock().unwrap();
            if strict && history.values.last() != Some(&read) {
                return Err(format!("read {read:?} at the end where the row was {:?}", history.values));
            }
        }
        Ok(())
    }

    pub(super) fn evict(&self) {
        *self.entry.lock().unwrap() = None;
    }
}

fn data(n: i64) -> SessionData {
    SessionData::from_json(&format!("{{\"n\":{n}}}")).unwrap()
}

pub(super) fn value(stored: &Stored) -> i64 {
    assert!(matches!(stored.seen, Seen::Bytes(_)));
    stored.data.get("n").unwrap().unwrap()
}

/// Others may go first.
async fn step() {
    let mut stopped = false;
    poll_fn(|_| if std::mem::replace(&mut stopped, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// A table of one row.
pub(super) struct Table {
    row: Arc<Mutex<History>>,
    codec: SessionCodec,
}

impl Table {
    fn put(&self, history: &mut History, row: Option<Row>) {
        let value = row.as_ref().and_then(|row| self.codec.decode(&row.text).ok()?.get("n").ok()?);
        history.values.push(value);
        history.row = row;
    }
}

impl Rows for Table {
    async fn load(&self, _: &str, now: DateTime<Utc>) -> Result<Option<Row>, StoreError> {
        step().await;
        Ok(self.row.lock().unwrap().row.clone().filter(|row| row.expires > now))
    }

    async fn insert(&self, _: &str, row: &Row) -> Result<bool, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        let free = history.row.is_none();
        if free {
            self.put(&mut history, Some(row.clone()));
        }
        Ok(free)
    }

    async fn update(&self, _: &str, row: &Row) -> Result<bool, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        let there = history.row.is_some();
        if there {
            self.put(&mut history, Some(row.clone()));
        }
        Ok(there)
    }

    async fn compare_and_set(&self, _: &str, seen: &str, row: &Row) -> Result<RowCas, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        Ok(match history.row.clone() {
            None => RowCas::Gone,
            Some(current) if current.text != seen => RowCas::Conflict(current),
            Some(_) => {
                self.put(&mut history, Some(row.clone()));
                RowCas::Saved
            }
        })
    }

    async fn compare_and_delete(&self, _: &str, seen: &str) -> Result<RowCas, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        Ok(match history.row.clone() {
            None => RowCas::Gone,
            Some(current) if current.text != seen => RowCas::Conflict(current),
            Some(_) => {
                self.put(&mut history, None);
                RowCas::Saved
            }
        })
    }

    async fn merge(&self, _: &str, mut rewrite: Rewrite) -> Result<bool, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        let new = history.row.clone().and_then(&mut rewrite);
        let written = new.is_some();
        if written {
            self.put(&mut history, new);
        }
        Ok(written)
    }

    async fn delete(&self, _: &str) -> Result<bool, StoreError> {
        step().await;
        let mut history = self.row.lock().unwrap();
        let there = history.row.is_some();
        self.put(&mut history, None);
        Ok(there)
    }
}

/// A cache of one entry.
struct One(Arc<Mutex<Option<Bytes>>>);

impl Cache for One {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, _: &str) -> Result<Option<Bytes>, CacheError> {
        step().await;
        Ok(self.0.lock().unwrap().clone())
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(self.get(key).await?.map(|bytes| (bytes.clone(), Token::from(bytes))))
    }

    async fn set(&self, _: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        step().await;
        *self.0.lock().unwrap() = Some(value).filter(|_| !timeout.is_at_once());
        Ok(())
    }

    async fn add(&self, _: &str, value: Bytes, _: Timeout) -> Result<bool, CacheError> {
        step().await;
        let mut entry = self.0.lock().unwrap();
        let free = entry.is_none();
        if free {
            *entry = Some(value);
        }
        Ok(free)
    }

    async fn replace(&self, _: &str, value: Bytes, _: Timeout) -> Result<bool, CacheError> {
        step().await;
        let mut entry = self.0.lock().unwrap();
        let there = entry.is_some();
        if there {
            *entry = Some(value);
        }
        Ok(there)
    }

    async fn compare_and_set(
        &self,
        _: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        step().await;
        let mut entry = self.0.lock().unwrap();
        Ok(match entry.clone() {
            None => Cas::Gone,
            Some(current) if current != seen.value() => Cas::Conflict(current),
            Some(_) => {
                *entry = Some(value).filter(|_| !timeout.is_at_once());
                Cas::Saved
            }
        })
    }

    async fn touch(&self, _: &str, _: Timeout) -> Result<bool, CacheError> {
        Ok(self.0.lock().unwrap().is_some())
    }

    async fn delete(&self, _: &str) -> Result<bool, CacheError> {
        step().await;
        Ok(self.0.lock().unwrap().take().is_some())
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        Ok(self.get(key).await?.is_some())
    }

    async fn incr(&self, _: &str, _: i64) -> Result<i64, CacheError> {
        panic!("sessions are not numbers")
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        Ok(vec![self.0.lock().unwrap().clone(); keys.len()])
    }

    async fn set_many(&self, _: Vec<(String, Bytes)>, _: Timeout) -> Result<Vec<String>, CacheError> {
        panic!("sessions are written one by one")
    }

    async fn delete_many(&self, _: &[String]) -> Result<(), CacheError> {
        *self.0.lock().unwrap() = None;
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        *self.0.lock().unwrap() = None;
        Ok(None)
    }
}
