//! The session of a visitor: a dictionary.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::cell::Cell;
use crate::data::{from_raw, to_raw};
use crate::expiry::{EXPIRY_KEY, Kept};
use crate::{
    Expiry, ExpiryArguments, Name, SessionData, SessionEngine, SessionError, SessionKey, SessionValue,
    isoformat,
};

/// The name under which the test cookie stands in the session.
pub const TEST_COOKIE_NAME: &str = "testcookie";
/// The value of the test cookie.
pub const TEST_COOKIE_VALUE: &str = "worked";

/// A loaded session (Django's `request.session`).
///
/// It reads and changes like a dictionary, without waiting for anything; the middleware saves it at the end. The
/// methods take `&self`, so that every clone of a request works on one session. Names are text, or a typed
/// [`Key`](crate::Key).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// let visits: u32 = session.get("visits")?.unwrap_or(0);
/// session.set("visits", visits + 1)?;
/// assert_eq!(session.get("visits")?, Some(1_u32));
///
/// session.modify("visits", |visits: u32| visits + 1)?; // counts rightly, however many requests do it at once
/// session.set_expiry(300)?;
/// assert_eq!(session.pop::<u32>("visits")?, 2);
/// assert!(session.pop::<u32>("visits").is_err()); // a KeyError, as in Django
///
/// assert_eq!(session.setdefault("theme", "dark".to_owned())?, "dark");
/// assert!(session.contains("theme") && session.modified());
/// assert_eq!(session.keys(), ["_session_expiry", "theme"]);
/// session.cycle_key()?; // at a login: the values stay, the key does not
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
///
/// Two requests that change one session at the same time both keep what they have set, under different names; under
/// the same name the later one counts, unless it used [`modify`](Self::modify). A session that another request has ended
/// cannot be saved any more: the answer is status 400, as in Django.
#[doc(alias = "SessionBase")]
#[doc(alias = "request.session")]
pub struct Session {
    pub(crate) cell: Cell,
}

impl Session {
    pub(crate) fn new(engine: SessionEngine, key: Option<SessionKey>) -> Self {
        Self { cell: Cell::new(engine, key) }
    }

    /// The value of `name`, if there is one.
    ///
    /// # Errors
    ///
    /// `TypeError` if the value is not of type `T`.
    pub fn get<T: DeserializeOwned>(&self, name: impl Name<T>) -> Result<Option<T>, SessionError> {
        self.cell.lock().access().get(name.name())
    }

    /// The value of `name` (Django's `session[name]`).
    ///
    /// # Errors
    ///
    /// `KeyError` if there is none, `TypeError` if it is not of type `T`.
    #[doc(alias = "getitem")]
    pub fn require<T: DeserializeOwned>(&self, name: impl Name<T>) -> Result<T, SessionError> {
        self.cell.lock().access().require(name.name())
    }

    /// Sets `name` to `value` (Django's `session[name] = value`).
    ///
    /// # Errors
    ///
    /// `TypeError` if the value has no JSON text.
    #[doc(alias = "setitem")]
    pub fn set<T: Serialize>(&self, name: impl Name<T>, value: T) -> Result<(), SessionError> {
        let raw = to_raw(name.name(), &value)?;
        self.assign(name.name(), raw);
        Ok(())
    }

    fn assign(&self, name: &str, raw: Box<RawValue>) {
        let mut state = self.cell.lock();
        state.access().insert(name, raw);
        state.log.assign(name);
        state.modified = true;
    }

    /// Deletes `name` (Django's `del session[name]`).
    ///
    /// # Errors
    ///
    /// `KeyError` if there is none.
    #[doc(alias = "del")]
    #[doc(alias = "delitem")]
    pub fn remove(&self, name: impl AsRef<str>) -> Result<(), SessionError> {
        if self.take(name.as_ref()) { Ok(()) } else { Err(SessionError::absent(name.as_ref())) }
    }

    /// Deletes `name`; says whether it was there.
    fn take(&self, name: &str) -> bool {
        let mut state = self.cell.lock();
        let taken = state.access().remove(name);
        if taken {
            state.log.assign(name);
            state.modified = true;
        }
        taken
    }

    /// Deletes `name` and returns its value.
    ///
    /// # Errors
    ///
    /// `KeyError` if there is none; `TypeError` if it is not of type `T`, and then it stays.
    pub fn pop<T: DeserializeOwned>(&self, name: impl Name<T>) -> Result<T, SessionError> {
        let value = self.cell.lock().access().require(name.name())?;
        self.take(name.name());
        Ok(value)
    }

    /// Deletes `name` and returns its value, or `default` if there is none.
    ///
    /// # Errors
    ///
    /// `TypeError` if the value is not of type `T`, and then it stays.
    pub fn pop_or<T: DeserializeOwned>(&self, name: impl Name<T>, default: T) -> Result<T, SessionError> {
        let value = self.cell.lock().access().get(name.name())?;
        self.take(name.name());
        Ok(value.unwrap_or(default))
    }

    /// The value of `name`; if there is none, sets it to `default` first.
    ///
    /// # Errors
    ///
    /// `TypeError`, as [`get`](Self::get) and [`set`](Self::set).
    pub fn setdefault<T>(&self, name: impl Name<T>, default: T) -> Result<T, SessionError>
    where
        T: Serialize + DeserializeOwned,
    {
        let (name, raw) = (name.name(), to_raw(name.name(), &default)?);
        let mut state = self.cell.lock();
        let data = state.access();
        if data.contains(name) {
            return data.require(name);
        }
        data.insert(name, raw.clone());
        state.log.set_default(name, raw);
        state.modified = true;
        Ok(default)
    }

    /// Sets several names.
    ///
    /// # Errors
    ///
    /// `TypeError` if a value has no JSON text; then none is set.
    pub fn update<K: AsRef<str>, V: Serialize>(
        &self,
        items: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), SessionError> {
        let items =
            items.into_iter().map(|(name, value)| to_raw(name.as_ref(), &value).map(|raw| (name, raw)));
        let items: Vec<_> = items.collect::<Result<_, SessionError>>()?;
        self.cell.lock().access();
        for (name, raw) in items {
            self.assign(name.as_ref(), raw);
        }
        self.cell.lock().modified = true;
        Ok(())
    }

    /// Sets `name` to what `function` makes of its value, or of `T::default()`, and returns that. Not in Django.
    ///
    /// If another request has changed the session in between, the function is called again on the newer value: so it
    /// must do nothing but calculate.
    ///
    /// # Errors
    ///
    /// `TypeError` if the value is not of type `T`, or the new one has no JSON text.
    pub fn modify<T>(
        &self,
        name: impl Name<T>,
        function: impl Fn(T) -> T + Send + Sync + 'static,
    ) -> Result<T, SessionError>
    where
        T: Serialize + DeserializeOwned + Default,
    {
        let (name, owned) = (name.name(), name.name().to_owned());
        let apply = move |raw: Option<&RawValue>| {
            let old = raw.map_or(Ok(None), |raw| from_raw(&owned, raw))?.unwrap_or_default();
            to_raw(&owned, &function(old))
        };
        let mut state = self.cell.lock();
        let raw = apply(state.access().get_raw(name))?;
        let value = from_raw(name, &raw)?.unwrap_or_default();
        state.access().insert(name, raw);
        state.log.modify(name, Arc::new(apply));
        state.modified = true;
        Ok(value)
    }

    /// Changes the value of `name` in place, which the session does not notice, as in Django a change inside a list: it is
    /// saved only if something else was set too, or after [`set_modified`](Self::set_modified). Who holds the
    /// [value](SessionValue) sees it.
    ///
    /// # Errors
    ///
    /// `KeyError` if there is none, `TypeError` as [`get`](Self::get) and [`set`](Self::set).
    pub fn change_unnoticed<T, R>(
        &self,
        name: impl Name<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, SessionError>
    where
        T: Serialize + DeserializeOwned,
    {
        let name = name.name();
        let mut state = self.cell.lock();
        let mut value: T = state.access().require(name)?;
        let result = change(&mut value);
        let raw = to_raw(name, &value)?;
        state.access().change(name, raw);
        state.log.assign(name);
        Ok(result)
    }

    /// Is there a value of `name`? (Django's `name in session`.)
    pub fn contains(&self, name: impl AsRef<str>) -> bool {
        self.cell.lock().access().contains(name.as_ref())
    }

    /// As [`contains`](Self::contains), under Django's other name.
    pub fn has_key(&self, name: impl AsRef<str>) -> bool {
        self.contains(name)
    }

    /// The names, in order.
    pub fn keys(&self) -> Vec<String> {
        self.items().keys().map(str::to_owned).collect()
    }

    /// The values, in order.
    pub fn values(&self) -> Vec<SessionValue> {
        self.cell.lock().access().values().cloned().collect()
    }

    /// The value of `name` itself, instead of a `T` made of it.
    pub fn value(&self, name: impl AsRef<str>) -> Option<SessionValue> {
        self.cell.lock().access().value(name.as_ref()).cloned()
    }

    /// Names and values as they are now: a snapshot, as of a copied dictionary.
    pub fn items(&self) -> SessionData {
        self.cell.lock().access().clone()
    }

    /// Sets the test cookie, to see in the next request whether the browser takes cookies.
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn set_test_cookie(&self) -> Result<(), SessionError> {
        self.set(TEST_COOKIE_NAME, TEST_COOKIE_VALUE)
    }

    /// Did the browser bring the test cookie back?
    pub fn test_cookie_worked(&self) -> bool {
        matches!(self.get::<String>(TEST_COOKIE_NAME), Ok(Some(value)) if value == TEST_COOKIE_VALUE)
    }

    /// Deletes the test cookie.
    ///
    /// # Errors
    ///
    /// `KeyError` if it is not set.
    pub fn delete_test_cookie(&self) -> Result<(), SessionError> {
        self.remove(TEST_COOKIE_NAME)
    }

    /// When the session shall end; see [`Expiry`] for what it takes.
    ///
    /// # Errors
    ///
    /// `ValueError` if the time is beyond the calendar.
    pub fn set_expiry(&self, expiry: impl Into<Expiry>) -> Result<(), SessionError> {
        let now = self.cell.engine.now();
        match expiry.into() {
            Expiry::Default => {
                self.take(EXPIRY_KEY);
                Ok(())
            }
            Expiry::BrowserClose => self.set(EXPIRY_KEY, 0),
            Expiry::Seconds(seconds) => self.set(EXPIRY_KEY, seconds),
            Expiry::At(time) => self.set(EXPIRY_KEY, isoformat(time)),
            given @ Expiry::In(_) => {
                let time = Kept::given(given).date(now.fixed_offset(), 0)?;
                self.set(EXPIRY_KEY, isoformat(time))
            }
        }
    }

    /// How many seconds from now the session ends.
    ///
    /// # Errors
    ///
    /// `ValueError` if something else than an expiry was stored in its place.
    pub fn get_expiry_age(&self) -> Result<i64, SessionError> {
        self.get_expiry_age_with(&ExpiryArguments::new())
    }

    /// How many seconds after a change the session ends, with Django's keyword arguments.
    ///
    /// # Errors
    ///
    /// As [`get_expiry_age`](Self::get_expiry_age).
    pub fn get_expiry_age_with(&self, arguments: &ExpiryArguments) -> Result<i64, SessionError> {
        let (kept, modification) = self.expiry_of(arguments)?;
        kept.age(modification, self.get_session_cookie_age())
    }

    /// When the session ends.
    ///
    /// # Errors
    ///
    /// As [`get_expiry_age`](Self::get_expiry_age), and if it is beyond the calendar.
    pub fn get_expiry_date(&self) -> Result<DateTime<FixedOffset>, SessionError> {
        self.get_expiry_date_with(&ExpiryArguments::new())
    }

    /// When the session ends, with Django's keyword arguments.
    ///
    /// # Errors
    ///
    /// As [`get_expiry_date`](Self::get_expiry_date).
    pub fn get_expiry_date_with(
        &self,
        arguments: &ExpiryArguments,
    ) -> Result<DateTime<FixedOffset>, SessionError> {
        let (kept, modification) = self.expiry_of(arguments)?;
        kept.date(modification, self.get_session_cookie_age())
    }

    fn expiry_of(&self, arguments: &ExpiryArguments) -> Result<(Kept, DateTime<FixedOffset>), SessionError> {
        let modification = arguments.modification.unwrap_or_else(|| self.cell.engine.now().fixed_offset());
        let kept = match arguments.expiry {
            Some(expiry) => Kept::given(expiry),
            None => Kept::read(self.cell.lock().access().get_raw(EXPIRY_KEY))?,
        };
        Ok((kept, modification))
    }

    /// Does the session end when the browser closes?
    pub fn get_expire_at_browser_close(&self) -> bool {
        let default = self.cell.engine.config().expire_at_browser_close;
        let kept = Kept::read(self.cell.lock().access().get_raw(EXPIRY_KEY));
        kept.is_ok_and(|kept| kept.at_browser_close(default))
    }

    /// SESSION_COOKIE_AGE, in seconds.
    pub fn get_session_cookie_age(&self) -> i64 {
        self.cell.engine.config().cookie_age
    }

    /// Gives the session a new key and keeps its data; call it at every login. The old key is dead from the commit on, even
    /// if the request fails.
    ///
    /// # Errors
    ///
    /// Where the key is the payload: `TypeError` and `ValueError`, as from saving.
    pub fn cycle_key(&self) -> Result<(), SessionError> {
        let engine = &self.cell.engine;
        let data = self.cell.lock().access().clone();
        let key = engine.store().new_key(&self.cell.record(data)?)?;
        let mut state = self.cell.lock();
        match engine.custody() {
            crate::store::Custody::Server => state.cycle(key),
            crate::store::Custody::Client => {
                state.key = Some(key);
                state.modified = true;
            }
        }
        Ok(())
    }
}

/// Shows neither key nor data.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.cell.lock();
        f.debug_struct("Session")
            .field("accessed", &state.accessed)
            .field("modified", &state.modified)
            .field("loaded", &state.data.is_some())
            .finish_non_exhaustive()
    }
}
