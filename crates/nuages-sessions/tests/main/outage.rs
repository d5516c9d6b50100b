//! A store that is away: an error in time, never an anonymous visitor.

use std::time::{Duration, Instant};

use nuages_sessions::store::{Custody, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Written};
use nuages_sessions::{
    CookieChange, SessionConfig, SessionEngine, SessionErrorKind, SessionKey, SessionStore, StoreError,
    StoreErrorKind,
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
