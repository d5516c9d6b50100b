//! The engine `signed_cookies`: the key is the session.

use nuages_signing::{MaxAge, SigningError, TimestampSigner};

use super::{
    Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Stored, Written,
};
use crate::codec::COMPRESS;
use crate::{SessionCodec, SessionKey, StoreError, StoreErrorKind};

const SALT: &str = "django.contrib.sessions.backends.signed_cookies";

/// Sessions in the cookie itself, signed and readable by its owner (`django.contrib.sessions.backends.signed_cookies`).
///
/// The server keeps nothing. So of two requests at once the last answer wins, and a copy of the cookie outlives a
/// logout until SESSION_COOKIE_AGE has passed: for logins use another engine.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_sessions::{SessionCodec, SessionConfig, SessionEngine, SignedCookieStore};
///
/// let store = SignedCookieStore::new(&SessionCodec::new("a secret key"), 1_209_600);
/// let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
/// let handle = engine.session(None);
/// let session = handle.session().await?;
/// session.set("cart", ["pen"])?;
/// session.save().await?;
/// // The key is the session.
/// let key = session.session_key().ok_or("it was saved")?;
/// let again = engine.session(Some(key.as_str()));
/// assert_eq!(again.session().await?.get::<Vec<String>>("cart")?, Some(vec!["pen".to_owned()]));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct SignedCookieStore {
    signer: TimestampSigner,
    cookie_age: i64,
}

impl SignedCookieStore {
    /// Sessions signed with the keys of `codec`, good for `cookie_age` seconds.
    #[must_use]
    pub fn new(codec: &SessionCodec, cookie_age: i64) -> Self {
        Self { signer: codec.signer(SALT), cookie_age }
    }

    fn write(&self, record: &Record) -> Result<Written, StoreError> {
        Ok(Written { key: self.new_key(record)?, seen: Seen::Never })
    }
}

impl SessionStore for SignedCookieStore {
    fn custody(&self) -> Custody {
        Custody::Client
    }

    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        let text = self
            .signer
            .sign_object(&record.data, COMPRESS)
            .map_err(|source| StoreError::new(StoreErrorKind::Encode, source))?;
        Ok(SessionKey::signed(text))
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        Ok(match self.signer.unsign_object(key.as_str(), Some(MaxAge::from(self.cookie_age))) {
            Ok(data) => Loaded::Found(Stored { data, seen: Seen::Never, expires: None }),
            Err(SigningError::SignatureExpired(_)) => Loaded::Renewed,
            Err(_) => Loaded::Corrupt,
        })
    }

    async fn exists(&self, _key: &SessionKey) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn create(&self, _key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        self.write(record).map(Some)
    }

    async fn save(&self, _key: &SessionKey, _seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        self.write(record).map(Saved::Written)
    }

    async fn merge(&self, _key: &SessionKey, _merge: Merge) -> Result<Merged, StoreError> {
        Ok(Merged::Left)
    }

    async fn retire(&self, _key: &SessionKey, _seen: &Seen) -> Result<Retired, StoreError> {
        Ok(Retired::Done)
    }

    async fn delete(&self, _key: &SessionKey) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn list(&self, _after: Option<&SessionKey>, _limit: usize) -> Result<Listing, StoreError> {
        Ok(Listing::Unable)
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
