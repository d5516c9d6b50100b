//! `MessageMiddleware`: messages are kept until they are shown.

use std::sync::Arc;

use nuages_http::{HttpRequest, Result};
use nuages_middleware::{Middleware, Next, Setup, SetupError};

use super::board::Board;
use super::config::Config;

/// Keeps the messages that views add until a page shows them
/// (`django.contrib.messages.middleware.MessageMiddleware`).
///
/// Settings: `MESSAGE_STORAGE` (`fallback`, `cookie`, `session`), `MESSAGE_LEVEL`, `MESSAGE_TAGS`; the cookie has the
/// domain and flags of the session cookie. It stands behind SessionMiddleware, unless the storage is `cookie`. A request
/// that neither adds nor reads messages costs nothing.
#[derive(Debug, Default)]
pub struct MessageMiddleware {
    needs_sessions: bool,
}

impl MessageMiddleware {
    /// The middleware; it reads its settings when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Middleware for MessageMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        // Clones share extensions, so this one sees what the view did.
        let kept = request.clone();
        let mut response = next.run(request).await;
        if let Some(board) = kept.extensions().get::<Board>() {
            board.update(&kept, &mut response).await?;
        }
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let config = Config::new(setup.settings())?;
        self.needs_sessions = config.storage.uses_session();
        setup.site().extensions().get_or_insert_with(|| Arc::new(config));
        Ok(())
    }

    fn provides(&self) -> &[&'static str] {
        &["messages"]
    }

    fn requires(&self) -> &[&'static str] {
        if self.needs_sessions { &["sessions"] } else { &[] }
    }
}
