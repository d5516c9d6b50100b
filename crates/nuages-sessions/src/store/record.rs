//! What goes into a store and what comes out.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::{SessionData, SessionKey};

/// A session to be written.
#[derive(Clone, Debug)]
pub struct Record {
    pub(crate) data: SessionData,
    pub(crate) age: i64,
    pub(crate) expire_date: DateTime<Utc>,
}

impl Record {
    /// A record that ends at `expire_date`, in `age` seconds.
    #[must_use]
    pub fn new(data: SessionData, age: i64, expire_date: DateTime<Utc>) -> Self {
        Self { data, age, expire_date }
    }

    /// The dictionary.
    #[must_use]
    pub fn data(&self) -> &SessionData {
        &self.data
    }

    /// Seconds until it ends (Django's `get_expiry_age`); may be negative.
    #[must_use]
    pub fn age(&self) -> i64 {
        self.age
    }

    /// When it ends (Django's `get_expiry_date`).
    #[must_use]
    pub fn expire_date(&self) -> DateTime<Utc> {
        self.expire_date
    }
}

/// A session as it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The dictionary.
    pub data: SessionData,
    /// The record as the store compares it.
    pub seen: Seen,
    /// When it ends, if the store does not end it by itself.
    pub expires: Option<DateTime<Utc>>,
}

/// What a request has seen of a record: the bytes that a store compares.
#[derive(Clone)]
pub enum Seen {
    /// It was never read: it is saved by existence alone.
    Never,
    /// It was this.
    Bytes(Bytes),
    /// It was this, and the request has written it itself. For a store that has to know; others say `Bytes`.
    Written(Bytes),
}

/// It makes no difference to what is compared who has written it.
impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Never, Self::Never) => true,
            (Self::Bytes(one) | Self::Written(one), Self::Bytes(other) | Self::Written(other)) => {
                one == other
            }
            _ => false,
        }
    }
}

impl Eq for Seen {}

/// Shows no data.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "Never",
            Self::Bytes(_) => "Bytes(..)",
            Self::Written(_) => "Written(..)",
        })
    }
}

/// The outcome of [`load`](super::SessionStore::load).
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Here it is.
    Found(Stored),
    /// There is none, or it has expired: the key is forgotten.
    Missing,
    /// As `Missing`, from a store that Django asks for the record before it reads the session, when it saves one that
    /// nothing has read yet (the engine `cache`): a save that fails for want of the record leaves the session unread.
    Dropped,
    /// It has expired, and this engine begins anew at once: Django's file engine deletes the file and makes another
    /// under a new key, its cookie engine sends a new cookie.
    Renewed,
    /// What is there was not written with our keys: the key is forgotten, and the log says so.
    Corrupt,
}

/// A record that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its key; another one than before where the key is the payload.
    pub key: SessionKey,
    /// What the store will compare next time.
    pub seen: Seen,
}

/// The outcome of [`save`](super::SessionStore::save).
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is written.
    Written(Written),
    /// There is no such record (any more), or it has expired.
    Gone,
    /// Somebody else wrote first: this is there now.
    Conflict(Stored),
}

/// What [`merge`](super::SessionStore::merge) is given: makes the new record, or none, to leave things as they are. It
/// may be called several times, each time with what is there then.
pub type Merge = Box<dyn FnMut(Stored) -> Option<Record> + Send>;

/// The outcome of [`merge`](super::SessionStore::merge).
#[derive(Clone, Debug)]
pub enum Merged {
    /// The new record is written.
    Written(Written),
    /// There was no such record (any more), or the function left it alone.
    Left,
}

/// The outcome of [`retire`](super::SessionStore::retire).
#[derive(Clone, Debug)]
pub enum Retired {
    /// It was what was seen, and is deleted.
    Done,
    /// There is no such record (any more).
    Gone,
    /// Somebody else wrote first: this is there now.
    Conflict(Stored),
}

/// The outcome of [`list`](super::SessionStore::list).
#[derive(Clone, Debug)]
pub enum Listing {
    /// A page; the last one is shorter than was asked for.
    Page(Vec<Listed>),
    /// This store cannot say what it has.
    Unable,
}

/// A record in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its key as the store has it.
    pub key: SessionKey,
    /// The record, if it can be read.
    pub stored: Option<Stored>,
    /// When it ends, if that is known without reading it.
    pub expires: Option<DateTime<Utc>>,
}
