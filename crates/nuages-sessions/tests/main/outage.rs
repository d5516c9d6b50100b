//! A store that is away: an error in time, never an anonymous visitor.

use std::time::{Duration, Instant};

use nuages_cache::{CacheFront, LocmemCache};
use nuages_sessions::store::{
    Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Written,
};
use nuages_sessions::{
    CacheStore, CookieChange, FileStore, SessionCodec, SessionConfig, SessionEngine, SessionError,
    SessionErrorKind, SessionKey, SessionStore, StoreError, StoreErrorKind,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Hangs,
    Refuses,
}

/// A store that never answers, or never well.
struct Away(Fault);

impl Away {
    async fn answer<T>(&self) -> Result<T, StoreError> {
        match self.0 {
            Fault::Hangs => std::future::pending().await,
            Fault::Refuses => Err(StoreError::new(StoreErrorKind::Unavailable, "connection refused")),
        }
    }
}

impl SessionStore for Away {
    fn custody(&self) -> Custody {
        Custody::Server
    }

    fn new_key(&self, _: &Record) -> Result<SessionKey, StoreError> {
        Ok(SessionKey::random())
    }

    async fn load(&self, _: &SessionKey) -> Result<Loaded, StoreError> {
        self.answer().await
    }

    async fn exists(&self, _: &SessionKey) -> Result<bool, StoreError> {
        self.answer().await
    }

    async fn create(&self, _: &SessionKey, _: &Record) -> Result<Option<Written>, StoreError> {
        self.answer().await
    }

    async fn save(&self, _: &SessionKey, _: &Seen, _: &Record) -> Result<Saved, StoreError> {
        self.answer().await
    }

    async fn merge(&self, _: &SessionKey, _: Merge) -> Result<Merged, StoreError> {
        self.answer().await
    }

    async fn retire(&self, _: &SessionKey, _: &Seen) -> Result<Retired, StoreError> {
        self.answer().await
    }

    async fn delete(&self, _: &SessionKey) -> Result<bool, StoreError> {
        self.answer().await
    }

    async fn list(&self, _: Option<&SessionKey>, _: usize) -> Result<Listing, StoreError> {
        self.answer().await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.answer().await
    }
}

// Case 315: what a session needs of an absent store is an error within the deadline; the rest does not wait.
#[tokio::test]
async fn an_absent_store_is_an_error_in_time() {
    for fault in [Fault::Hangs, Fault::Refuses] {
        let config = SessionConfig { store_deadline: Duration::from_millis(50), ..SessionConfig::default() };
        let engine = SessionEngine::new(Away(fault), config, "key");
        let key = SessionKey::random();
        let start = Instant::now();
        let handle = engine.session(Some(key.as_str()));
        let error = handle.session().await.unwrap_err();
        assert_eq!(error.kind(), SessionErrorKind::Unavailable, "{fault:?}");
        assert!(handle.session_key().is_some(), "the visitor is not forgotten");
        for outcome in [handle.save().await, handle.create().await, handle.delete(None).await] {
            assert_eq!(outcome.unwrap_err().kind(), SessionErrorKind::Unavailable);
        }
        let new = engine.session(None);
        new.session().await.unwrap().set("a", 1).unwrap();
        assert_eq!(new.commit(false, 200).await.unwrap_err().kind(), SessionErrorKind::Unavailable);
        if fault == Fault::Refuses {
            assert!(engine.clear_expired().await.is_err());
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{fault:?}");

        let untouched = engine.session(Some(key.as_str()));
        untouched.commit(true, 200).await.unwrap();
        let logout = engine.session(Some(key.as_str()));
        logout.flush();
        assert!(logout.commit(true, 200).await.is_err(), "a logout is not said to be done before it is");
    }
}

// SESSION_OUTAGE = "anonymous": reading gives an empty session and the cookie goes, as in Django. Writing still fails.
#[tokio::test]
async fn a_site_may_treat_visitors_as_strangers() {
    for fault in [Fault::Hangs, Fault::Refuses] {
        let config = SessionConfig {
            store_deadline: Duration::from_millis(50),
            outage: nuages_http::OutageSetting::Anonymous,
            ..SessionConfig::default()
        };
        let engine = SessionEngine::new(Away(fault), config, "key");
        let handle = engine.session(Some(SessionKey::random().as_str()));
        assert!(handle.session().await.unwrap().items().is_empty(), "{fault:?}");
        let committed = handle.commit(true, 200).await.unwrap();
        assert_eq!((committed.cookie, committed.vary), (CookieChange::Delete, true), "{fault:?}");

        let writer = engine.session(None);
        writer.session().await.unwrap().set("a", 1).unwrap();
        assert_eq!(writer.commit(false, 200).await.unwrap_err().kind(), SessionErrorKind::Unavailable);
        let logout = engine.session(Some(SessionKey::random().as_str()));
        logout.flush();
        assert!(logout.commit(true, 200).await.is_err(), "a logout is not said to be done before it is");
    }
}

// A disk that is not mounted looks like an empty place where the sessions were: that must not log everybody out.
#[tokio::test]
async fn a_folder_that_is_away_is_an_outage_and_no_empty_store() {
    let parent = tempfile::tempdir().unwrap();
    let (folder, elsewhere) = (parent.path().join("sessions"), parent.path().join("elsewhere"));
    std::fs::create_dir(&folder).unwrap();
    let store = FileStore::new(&folder, "sessionid", 3600, SessionCodec::new("key")).unwrap();
    let engine = SessionEngine::new(store, SessionConfig::default(), "key");
    let handle = engine.session(None);
    handle.session().await.unwrap().set("a", 1).unwrap();
    handle.save().await.unwrap();
    let key = handle.session_key().unwrap();

    std::fs::rename(&folder, &elsewhere).unwrap();
    let away = engine.session(Some(key.as_str()));
    let kind = |error: SessionError| error.kind();
    assert_eq!(away.session().await.map(drop).map_err(kind), Err(SessionErrorKind::Unavailable));
    assert_eq!(handle.save().await.map_err(kind), Err(SessionErrorKind::Unavailable));
    assert_eq!(engine.session(None).create().await.map_err(kind), Err(SessionErrorKind::Unavailable));
    assert_eq!(handle.delete(None).await.map_err(kind), Err(SessionErrorKind::Unavailable));
    assert_eq!(engine.clear_expired().await.map_err(kind), Err(SessionErrorKind::Unavailable));

    std::fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(away.session().await.unwrap().get::<u32>("a").unwrap(), Some(1));
}

/// A store that ends a record and does not get to say so.
struct Speechless(CacheStore);

impl SessionStore for Speechless {
    fn custody(&self) -> Custody {
        self.0.custody()
    }

    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        self.0.new_key(record)
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        self.0.load(key).await
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.exists(key).await
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        self.0.create(key, record).await
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        self.0.save(key, seen, record).await
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        self.0.merge(key, merge).await
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        self.0.retire(key, seen).await?;
        std::future::pending().await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        self.0.list(after, limit).await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.0.clear_expired().await
    }
}

// Both the old record and the new one were deleted when the answer about the old one was lost.
#[tokio::test]
async fn a_cycled_key_whose_old_record_may_have_ended_keeps_the_new_one() {
    let config = SessionConfig { store_deadline: Duration::from_millis(50), ..SessionConfig::default() };
    let store = Speechless(CacheStore::new(CacheFront::new(LocmemCache::default())));
    let engine = SessionEngine::new(store, config, "key");
    let handle = engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("a", 1).unwrap();
    session.save().await.unwrap();
    session.cycle_key().unwrap();
    let drawn = session.session_key().unwrap();
    assert_eq!(handle.commit(true, 200).await.unwrap_err().kind(), SessionErrorKind::Unavailable);
    let again = engine.session(Some(drawn.as_str()));
    assert_eq!(again.session().await.unwrap().get::<u32>("a").unwrap(), Some(1));
}
