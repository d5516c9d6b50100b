//! The signed text of a session.

use chrono::{DateTime, TimeZone, Utc};
use nuages_signing::{Clock, Compress, SecretKeys, SigningError, TimestampSigner};

use crate::{SessionData, StoreError, StoreErrorKind};

/// Django's `key_salt`: the same in every engine.
const SALT: &str = "django.contrib.sessions.SessionStore";

/// Django tries to compress every session. Below this length, in bytes, it saves little room, and setting up zlib's tables
/// takes several times as long as everything else in a request; either side reads both.
pub(crate) const COMPRESS: Compress = Compress::IfAtLeast(1024);

/// Writes and reads the text in which Django keeps a session: JSON, compressed if it is long and that helps, dated and
/// signed.
///
/// ```
/// use nuages_sessions::SessionCodec;
///
/// let codec = SessionCodec::new("a secret key");
/// let text = codec.encode(&Default::default())?;
/// assert!(codec.decode(&text).is_ok());
/// assert!(SessionCodec::new("another key").decode(&text).is_err());
/// # Ok::<(), nuages_sessions::StoreError>(())
/// ```
#[derive(Clone, Debug)]
#[doc(alias = "SESSION_SERIALIZER")]
#[doc(alias = "JSONSerializer")]
pub struct SessionCodec {
    signer: TimestampSigner,
    keys: SecretKeys,
    clock: Clock,
}

/// Text that is no session: not signed by one of our keys, or not what was signed.
///
/// ```
/// use nuages_sessions::{Corrupt, SessionCodec, SessionData};
///
/// let text = SessionCodec::new("a secret key").encode(&SessionData::new())?;
/// assert_eq!(SessionCodec::new("another key").decode(&text).err(), Some(Corrupt));
/// # Ok::<(), nuages_sessions::StoreError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupt;

impl SessionCodec {
    /// A codec that signs with the current key of `keys` and reads what any of them signed.
    #[must_use]
    pub fn new(keys: impl Into<SecretKeys>) -> Self {
        let keys = keys.into();
        Self { signer: TimestampSigner::new(keys.clone()).salt(SALT), keys, clock: Clock::system() }
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { signer: self.signer.clock(clock.clone()), clock, ..self }
    }

    /// A signer for another purpose, under the same keys and clock.
    pub(crate) fn signer(&self, salt: &str) -> TimestampSigner {
        TimestampSigner::new(self.keys.clone()).salt(salt).clock(self.clock.clone())
    }

    /// Now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let micros = (self.clock.now() * 1e6).round() as i64;
        Utc.timestamp_micros(micros).single().unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The text of a dictionary (Django's `encode`).
    ///
    /// # Errors
    ///
    /// A value that nests too deep.
    pub fn encode(&self, data: &SessionData) -> Result<String, StoreError> {
        self.signer
            .sign_object(data, COMPRESS)
            .map_err(|source| StoreError::new(StoreErrorKind::Encode, source))
    }

    /// The dictionary of a text (Django's `decode`).
    ///
    /// # Errors
    ///
    /// [`Corrupt`], where Django logs a line and returns an empty dictionary.
    pub fn decode(&self, text: &str) -> Result<SessionData, Corrupt> {
        self.signer.unsign_object(text, None).map_err(|_: SigningError| Corrupt)
    }
}
