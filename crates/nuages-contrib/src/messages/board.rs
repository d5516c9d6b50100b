//! The messages of one request: what it found and what it leaves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nuages_http::{Error, HttpRequest, HttpResponse, Result};

use super::config::{Config, Storage};
use super::cookie_storage::{self, Found, Overflow};
use super::level::Level;
use super::message::Message;
use super::session_storage;

/// Made when a request first asks for its messages; all clones of the request share it.
pub(super) struct Board {
    config: Arc<Config>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// None until somebody has looked.
    loaded: Option<Vec<Message>>,
    queued: Vec<Message>,
    /// Were they read? Then they are not kept.
    used: bool,
    added: bool,
    level: Option<Level>,
    /// Which storage held some, and so must be emptied.
    cookie_held: bool,
    session_held: bool,
}

/// What a look into the storages found.
struct Loaded {
    messages: Vec<Message>,
    cookie_held: bool,
    session_held: bool,
    /// A cookie that is not ours counts as read, so that it is removed.
    used: bool,
}

impl Board {
    pub(super) fn new(config: Arc<Config>) -> Self {
        Self { config, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn level(&self) -> Level {
        self.lock().level.unwrap_or(self.config.level)
    }

    pub(super) fn set_level(&self, level: Option<Level>) {
        self.lock().level = level;
    }

    pub(super) fn add(&self, message: Message) {
        if message.is_empty() || message.level() < self.level() {
            return;
        }
        let mut state = self.lock();
        state.added = true;
        state.queued.push(self.config.tagged(message));
    }

    pub(super) fn set_used(&self, used: bool) {
        self.lock().used = used;
    }

    pub(super) async fn count(&self, request: &HttpRequest) -> Result<usize> {
        self.ensure_loaded(request).await?;
        let state = self.lock();
        Ok(state.loaded.as_ref().map_or(0, Vec::len).saturating_add(state.queued.len()))
    }

    pub(super) async fn read(&self, request: &HttpRequest) -> Result<Vec<Message>> {
        self.ensure_loaded(request).await?;
        let mut state = self.lock();
        state.used = true;
        let queued = std::mem::take(&mut state.queued);
        let loaded = state.loaded.get_or_insert_default();
        loaded.extend(queued);
        Ok(loaded.clone())
    }

    async fn ensure_loaded(&self, request: &HttpRequest) -> Result<()> {
        if self.lock().loaded.is_some() {
            return Ok(());
        }
        let found = self.load(request).await?;
        let mut state = self.lock();
        // Of two that looked at once, the first counts: the other may have been read already.
        if state.loaded.is_none() {
            state.loaded =
                Some(found.messages.into_iter().map(|message| self.config.tagged(message)).collect());
            state.used |= found.used;
            state.cookie_held = found.cookie_held;
            state.session_held = found.session_held;
        }
        Ok(())
    }

    async fn load(&self, request: &HttpRequest) -> Result<Loaded> {
        let storage = self.config.storage;
        let (mut messages, mut used, mut look_further) = (Vec::new(), false, true);
        if storage.uses_cookie() {
            look_further = false;
            match cookie_storage::load(request, &self.config) {
                Found::Nothing => {}
                Found::Bad => used = storage == Storage::Cookie,
                Found::Messages { messages: found, all } => {
                    messages = found;
                    look_further = !all;
                }
            }
        }
        let cookie_held = !messages.is_empty();
        let mut session_held = false;
        if look_further && storage.uses_session() {
            let found = session_storage::load(request).await?.unwrap_or_default();
            session_held = !found.is_empty();
            messages.extend(found);
        }
        Ok(Loaded { messages, cookie_held, session_held, used })
    }

    /// Keeps what was not read. Without anything added or read, nothing is touched.
    pub(super) async fn update(&self, request: &HttpRequest, response: &mut HttpResponse) -> Result<()> {
        let (used, added) = {
            let state = self.lock();
            (state.used, state.added)
        };
        if !used && !added {
            return Ok(());
        }
        if !used {
            self.ensure_loaded(request).await?;
        }
        let (messages, cookie_held, session_held) = {
            let mut state = self.lock();
            let queued = std::mem::take(&mut state.queued);
            let mut kept = if used { Vec::new() } else { state.loaded.take().unwrap_or_default() };
            kept.extend(queued);
            (kept, state.cookie_held, state.session_held)
        };
        let lost = self.store(messages, cookie_held, session_held, request, response).await?;
        if lost.is_empty() {
            return Ok(());
        }
        let message =
            "not all messages could be stored: use fewer or shorter ones, or MESSAGE_STORAGE = \"fallback\"";
        if self.config.debug {
            return Err(Error::from(message));
        }
        tracing::warn!(target: "nuages.request", lost = lost.len(), "{message}");
        Ok(())
    }

    async fn store(
        &self,
        messages: Vec<Message>,
        cookie_held: bool,
        session_held: bool,
        request: &HttpRequest,
        response: &mut HttpResponse,
    ) -> Result<Vec<Message>> {
        match self.config.storage {
            Storage::Cookie => cookie_storage::store(messages, &self.config, response, Overflow::DropOldest),
            Storage::Session => {
                session_storage::store(request, &messages).await?;
                Ok(Vec::new())
            }
            Storage::Fallback => {
                let mut rest = messages;
                if !rest.is_empty() || cookie_held {
                    rest = cookie_storage::store(rest, &self.config, response, Overflow::KeepOldest)?;
                }
                if !rest.is_empty() || session_held {
                    session_storage::store(request, &rest).await?;
                }
                Ok(Vec::new())
            }
        }
    }
}
