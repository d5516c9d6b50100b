//! The end of a request: what is saved, and what the browser is told.

use chrono::{DateTime, TimeDelta, Utc};

use crate::cell::Cell;
use crate::expiry::{EXPIRY_KEY, Kept};
use crate::state::Home;
use crate::{SessionData, SessionError, SessionKey};

/// The cookie that the end of a request calls for.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// use nuages_sessions::CookieChange;
///
/// let handle = engine.session(None);
/// handle.session().await?.set("visits", 1)?;
/// let CookieChange::Set { key, lifetime } = handle.commit(false, 200).await?.cookie else { panic!("it was saved") };
/// assert_eq!(lifetime.map(|(seconds, _)| seconds), Some(1_209_600), "SESSION_COOKIE_AGE: two weeks");
/// let handle = engine.session(Some(key.as_str()));
/// handle.flush();
/// assert_eq!(handle.commit(true, 200).await?.cookie, CookieChange::Delete);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CookieChange {
    /// None.
    Keep,
    /// Delete it: the session is empty.
    Delete,
    /// Set it: the session was saved.
    Set {
        /// Its value.
        key: SessionKey,
        /// How long it lives, in seconds, and until when; none: until the browser closes.
        lifetime: Option<(i64, DateTime<Utc>)>,
    },
}

/// What [`commit`](crate::SessionHandle::commit) has done.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// use nuages_sessions::{Committed, CookieChange};
///
/// let handle = engine.session(None);
/// let visits: Option<u32> = handle.session().await?.get("visits")?;
/// assert_eq!(visits, None);
/// let Committed { cookie, vary, .. } = handle.commit(false, 200).await?;
/// assert_eq!(cookie, CookieChange::Keep);
/// assert!(vary, "the session was looked into");
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Committed {
    /// The cookie to send.
    pub cookie: CookieChange,
    /// Does the response depend on the cookie, so that it needs `Vary: Cookie`?
    pub vary: bool,
}

impl Cell {
    /// Saves what there is to save, in the order of Django's `SessionMiddleware.process_response`.
    pub(crate) async fn commit(&self, cookie_sent: bool, status: u16) -> Result<Committed, SessionError> {
        let (accessed, modified, empty, settled) = {
            let state = self.lock();
            let settled = state.retired.is_empty() && !matches!(state.home, Home::Drawn(_));
            (state.accessed, state.modified, state.is_empty(), settled)
        };
        let failed = status >= 500;
        let save = (modified || self.engine.config().save_every_request) && !empty && !failed;
        if !settled || save {
            // Behind a pointer: requests that write nothing need not carry the room for it.
            let cookie = Box::pin(self.write_out(save, failed)).await?;
            if let Some(cookie) = cookie {
                return Ok(Committed { cookie, vary: true });
            }
        }
        Ok(if cookie_sent && empty {
            Committed { cookie: CookieChange::Delete, vary: true }
        } else {
            Committed { cookie: CookieChange::Keep, vary: accessed }
        })
    }

    /// The part of a commit that talks to the store; gives the cookie of a session that was saved.
    async fn write_out(&self, save: bool, failed: bool) -> Result<Option<CookieChange>, SessionError> {
        let _gate = self.gate.lock().await;
        if failed {
            self.lock().abandon();
        }
        if save {
            self.load_once().await?;
        }
        self.delete_retired().await?;
        if save {
            let data = self.save_loaded().await?;
            let key = self.lock().key.clone().ok_or_else(SessionError::gone)?;
            return Ok(Some(CookieChange::Set { key, lifetime: self.lifetime(&data)? }));
        }
        if !failed {
            self.settle().await?;
        }
        Ok(None)
    }

    fn lifetime(&self, data: &SessionData) -> Result<Option<(i64, DateTime<Utc>)>, SessionError> {
        let (config, now) = (self.engine.config(), self.engine.now());
        let kept = Kept::read(data.get_raw(EXPIRY_KEY))?;
        if kept.at_browser_close(config.expire_at_browser_close) {
            return Ok(None);
        }
        let mut age = kept.age(now.fixed_offset(), config.cookie_age)?;
        if let Some(left) = self.engine.left(self.started()) {
            age = age.min(left);
        }
        let end = TimeDelta::try_seconds(age).and_then(|delta| now.checked_add_signed(delta));
        let end = end.ok_or_else(|| SessionError::bad_expiry("the session's expiry is out of range"))?;
        Ok(Some((age, end)))
    }
}
