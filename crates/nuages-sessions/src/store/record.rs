//! What goes into a store and what comes out.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::{SessionData, SessionKey};

/// A session to be written.
///
/// ```
/// use chrono::{TimeDelta, Utc};
/// use nuages_sessions::SessionData;
/// use nuages_sessions::store::Record;
///
/// let data = SessionData::from_json(r#"{"visits":3}"#)?;
/// let end = Utc::now() + TimeDelta::seconds(300);
/// let record = Record::new(data, 300, end);
/// assert_eq!(record.data().get("visits")?, Some(3));
/// assert_eq!((record.age(), record.expire_date()), (300, end));
/// # Ok::<(), nuages_sessions::SessionError>(())
/// ```
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
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_cache::{CacheFront, LocmemCache};
/// # use nuages_sessions::{CacheStore, SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Loaded, Record, Stored};
///
/// # let store = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// store.create(&key, &record).await?;
/// let Loaded::Found(Stored { data, seen, .. }) = store.load(&key).await? else { panic!("it was created") };
/// assert_eq!(data.get("visits")?, Some(3));
/// // What was seen goes with the next save or retirement.
/// store.retire(&key, &seen).await?;
/// assert!(!store.exists(&key).await?);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
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
///
/// ```
/// use nuages_sessions::store::Seen;
///
/// let seen = Seen::Bytes("{\"visits\":3}".into());
/// assert_eq!(seen, Seen::Written("{\"visits\":3}".into()), "it makes no difference who has written it");
/// assert_ne!(seen, Seen::Never);
/// assert_eq!(format!("{seen:?}"), "Bytes(..)", "no data in a log");
/// ```
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

/// The outcome of [`load`](super::SessionStore::load); [`Stored`] shows it.
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
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_cache::{CacheFront, LocmemCache};
/// # use nuages_sessions::{CacheStore, SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Record, Saved, Written};
///
/// # let store = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// let first: Written = store.create(&key, &record).await?.ok_or("the key is free")?;
/// assert_eq!(first.key, key);
/// assert!(store.create(&key, &record).await?.is_none(), "now it is taken");
/// let second = store.save(&key, &first.seen, &record).await?;
/// assert!(matches!(second, Saved::Written(_)));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Written {
    /// Its key; another one than before where the key is the payload.
    pub key: SessionKey,
    /// What the store will compare next time.
    pub seen: Seen,
}

/// The outcome of [`save`](super::SessionStore::save).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_cache::{CacheFront, LocmemCache};
/// # use nuages_sessions::{CacheStore, SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Record, Saved, Seen};
///
/// # let store = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// assert!(matches!(store.save(&key, &Seen::Never, &record).await?, Saved::Gone), "saving does not create");
/// store.create(&key, &record).await?;
/// let other = Seen::Bytes("something else".into());
/// let Saved::Conflict(stored) = store.save(&key, &other, &record).await? else { panic!("it was not that") };
/// assert!(matches!(store.save(&key, &stored.seen, &record).await?, Saved::Written(_)));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
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
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_cache::{CacheFront, LocmemCache};
/// # use nuages_sessions::{CacheStore, SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Merge, Merged, Record, Stored};
///
/// # let store = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// store.create(&key, &record).await?;
/// let end = record.expire_date();
/// let merge: Merge = Box::new(move |stored: Stored| {
///     let visits: i64 = stored.data.get("visits").ok()??;
///     let data = SessionData::from_json(&format!("{{\"visits\":{}}}", visits + 1)).ok()?;
///     Some(Record::new(data, 300, end))
/// });
/// assert!(matches!(store.merge(&key, merge).await?, Merged::Written(_)));
/// let leave: Merge = Box::new(|_stored| None);
/// assert!(matches!(store.merge(&key, leave).await?, Merged::Left));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub type Merge = Box<dyn FnMut(Stored) -> Option<Record> + Send>;

/// The outcome of [`merge`](super::SessionStore::merge); [`Merge`] shows it.
#[derive(Clone, Debug)]
pub enum Merged {
    /// The new record is written.
    Written(Written),
    /// There was no such record (any more), or the function left it alone.
    Left,
}

/// The outcome of [`retire`](super::SessionStore::retire).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_cache::{CacheFront, LocmemCache};
/// # use nuages_sessions::{CacheStore, SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Record, Retired, Seen};
///
/// # let store = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// let written = store.create(&key, &record).await?.ok_or("the key is free")?;
/// let other = Seen::Bytes("something else".into());
/// assert!(matches!(store.retire(&key, &other).await?, Retired::Conflict(_)), "it stays");
/// assert!(matches!(store.retire(&key, &written.seen).await?, Retired::Done));
/// assert!(matches!(store.retire(&key, &written.seen).await?, Retired::Gone));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub enum Retired {
    /// It was what was seen, and is deleted.
    Done,
    /// There is no such record (any more).
    Gone,
    /// Somebody else wrote first: this is there now.
    Conflict(Stored),
}

/// The outcome of [`list`](super::SessionStore::list); [`Listed`] shows it.
#[derive(Clone, Debug)]
pub enum Listing {
    /// A page; the last one is shorter than was asked for.
    Page(Vec<Listed>),
    /// This store cannot say what it has.
    Unable,
}

/// A record in a list.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # use chrono::{TimeDelta, Utc};
/// # use nuages_sessions::store::Record;
/// # use nuages_sessions::{SessionData, SessionKey, SessionStore};
/// use nuages_sessions::store::{Listed, Listing};
/// use nuages_sessions::{DbStore, SessionCodec};
///
/// let database = nuages_db::Database::connect("sqlite:///:memory:")?;
/// database.migrate().await?;
/// let store = DbStore::new(database.sessions(), SessionCodec::new("a secret key"));
/// # let record = Record::new(SessionData::from_json(r#"{"visits":3}"#)?, 300, Utc::now() + TimeDelta::seconds(300));
/// let key = SessionKey::random();
/// store.create(&key, &record).await?;
/// let Listing::Page(page) = store.list(None, 10).await? else { panic!("a database lists what it has") };
/// let listed: &Listed = &page[0];
/// assert_eq!(listed.key, key);
/// assert!(listed.stored.is_some(), "it was written with our key");
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its key as the store has it.
    pub key: SessionKey,
    /// The record, if it can be read.
    pub stored: Option<Stored>,
    /// When it ends, if that is known without reading it.
    pub expires: Option<DateTime<Utc>>,
}
