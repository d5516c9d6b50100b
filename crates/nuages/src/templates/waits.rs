//! What a template asked for that was not there yet.

use std::sync::atomic::{AtomicU8, Ordering};

use nuages_http::{HttpRequest, Result};
use nuages_sessions::RequestSession;

use super::fragments::Fragments;
use crate::request_caches::RequestCaches;

/// Noted while a template renders; what was rendered is worth nothing if there is any.
#[derive(Default)]
pub(super) struct Waits {
    wanted: AtomicU8,
    /// Has the form been waited for? What a request has read cannot be asked otherwise.
    form_is_there: AtomicU8,
    /// What `{% cache %}` asked for.
    pub(super) fragments: Fragments,
}

/// One thing to wait for.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(super) enum Wait {
    Session = 1,
    #[cfg(feature = "messages")]
    Messages = 2,
    Form = 4,
}

impl Waits {
    pub(super) fn want(&self, wait: Wait) {
        self.wanted.fetch_or(wait as u8, Ordering::Relaxed);
    }

    pub(super) fn form_is_there(&self) -> bool {
        self.form_is_there.load(Ordering::Relaxed) != 0
    }

    /// Was anything missing?
    pub(super) fn any(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) != 0 || self.fragments.any_wanted()
    }

    /// Waits for it, so that it is there the next time.
    pub(super) async fn fetch(&self, request: &HttpRequest) -> Result<()> {
        let wanted = self.wanted.swap(0, Ordering::Relaxed);
        if wanted & Wait::Session as u8 != 0 {
            request.session().await?;
        }
        #[cfg(feature = "messages")]
        if wanted & Wait::Messages as u8 != 0 {
            use nuages_contrib::messages::RequestMessages;
            request.messages()?.count().await?;
        }
        if wanted & Wait::Form as u8 != 0 {
            request.POST().await?;
            self.form_is_there.store(1, Ordering::Relaxed);
        }
        if self.fragments.any_wanted() {
            self.fragments.fetch(request.caches()).await;
        }
        Ok(())
    }
}
