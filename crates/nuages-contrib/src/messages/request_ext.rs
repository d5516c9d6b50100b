//! `request.messages()`.

use std::sync::Arc;

use nuages_http::{Error, ErrorKind, HttpRequest, Result};
use nuages_middleware::mark_personal;

use super::board::Board;
use super::config::Config;
use super::level::Level;
use super::message::{Message, Text};

/// The messages of a request, put there by [`MessageMiddleware`](super::MessageMiddleware).
///
/// ```
/// use nuages_contrib::messages::RequestMessages;
/// use nuages_http::{HttpRequest, HttpResponse, Result, redirect};
///
/// async fn save(request: HttpRequest) -> Result {
///     request.messages()?.success("Saved.");
///     redirect("/")
/// }
///
/// async fn page(request: HttpRequest) -> Result {
///     let mut texts = Vec::new();
///     for message in request.messages()?.read().await? {
///         texts.push(message.text().to_owned());
///     }
///     Ok(HttpResponse::new(texts.join(" ")))
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// // Without MessageMiddleware it is an error that says so.
/// let error = save(HttpRequest::test("GET", "/").build()).await.unwrap_err();
/// assert!(error.to_string().contains("MessageMiddleware must be installed"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "get_messages")]
#[doc(alias = "django.contrib.messages")]
pub trait RequestMessages {
    /// The messages: to add to, or to read.
    ///
    /// # Errors
    /// [`ErrorKind::ImproperlyConfigured`] without the middleware (Django's `MessageFailure`).
    fn messages(&self) -> Result<Messages<'_>>;
}

impl RequestMessages for HttpRequest {
    #[track_caller]
    fn messages(&self) -> Result<Messages<'_>> {
        let Some(config) = self.site().extensions().get::<Arc<Config>>() else {
            return Err(Error::new(ErrorKind::ImproperlyConfigured, WITHOUT_MIDDLEWARE));
        };
        let board = self.extensions().get_or_insert_with(|| {
            // A page that shows or leaves messages is no page for everybody.
            mark_personal(self);
            Board::new(config.clone())
        });
        Ok(Messages { request: self, board })
    }
}

const WITHOUT_MIDDLEWARE: &str = "MessageMiddleware must be installed to use request.messages(): \
     add .middleware(MessageMiddleware::new()) to the App, behind SessionMiddleware";

/// The messages of a request: those that came with it, and those that it adds.
///
/// Adding costs nothing; only [`read`](Self::read) and [`count`](Self::count) look into the storage.
///
/// ```
/// use nuages_contrib::messages::{Level, Message, MessageMiddleware, Messages, RequestMessages};
/// # use nuages_http::{HttpRequest, Site};
/// # use nuages_middleware::{Middleware, Setup};
///
/// # let site = Site::placeholder();
/// # MessageMiddleware::new().setup(&Setup::new(&site)).unwrap();
/// # let request = HttpRequest::test("GET", "/").site(&site).build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let messages: Messages<'_> = request.messages()?;
/// messages.success("Saved.");
/// messages.add(Message::new(Level::WARNING, "The disk is nearly full.").extra_tags("sticky"));
/// assert_eq!(messages.count().await?, 2);
/// assert_eq!(messages.read().await?[0].text(), "Saved.");
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Messages<'a> {
    request: &'a HttpRequest,
    board: &'a Board,
}

impl Messages<'_> {
    /// Adds a message (`messages.add_message`); one without text, or below [`level`](Self::level), is left out.
    ///
    /// ```
    /// use nuages_contrib::messages::{Message, RequestMessages};
    /// # use nuages_http::{HttpRequest, HttpResponse, Result};
    /// async fn pay(request: HttpRequest) -> Result {
    ///     request.messages()?.add(Message::new(55, "Thank you!").extra_tags("confetti"));
    ///     Ok(HttpResponse::new(""))
    /// }
    /// ```
    #[doc(alias = "add_message")]
    pub fn add(&self, message: Message) {
        self.board.add(message);
    }

    /// Adds a message of the level `DEBUG`.
    pub fn debug(&self, text: impl Into<Text>) {
        self.add(Message::new(Level::DEBUG, text));
    }

    /// Adds a message of the level `INFO`.
    pub fn info(&self, text: impl Into<Text>) {
        self.add(Message::new(Level::INFO, text));
    }

    /// Adds a message of the level `SUCCESS`.
    pub fn success(&self, text: impl Into<Text>) {
        self.add(Message::new(Level::SUCCESS, text));
    }

    /// Adds a message of the level `WARNING`.
    pub fn warning(&self, text: impl Into<Text>) {
        self.add(Message::new(Level::WARNING, text));
    }

    /// Adds a message of the level `ERROR`.
    pub fn error(&self, text: impl Into<Text>) {
        self.add(Message::new(Level::ERROR, text));
    }

    /// Every message, oldest first, those of this request too (iterating over `get_messages(request)`). They count as
    /// shown from now on, and are not kept; reading again within the same request gives them again.
    ///
    /// # Errors
    /// If they are in the session, and its store is out of order.
    #[doc(alias = "get_messages")]
    pub async fn read(&self) -> Result<Vec<Message>> {
        self.board.read(self.request).await
    }

    /// Takes back that they were shown: the next page may read them again (`storage.used = False`).
    pub fn keep(&self) {
        self.board.set_used(false);
    }

    /// How many there are, without showing them (`len(get_messages(request))`).
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn count(&self) -> Result<usize> {
        self.board.count(self.request).await
    }

    /// From which level on messages are recorded in this request (`messages.get_level`).
    #[must_use]
    pub fn level(&self) -> Level {
        self.board.level()
    }

    /// Records only messages from this level on, in this request (`messages.set_level`); none: what MESSAGE_LEVEL says.
    pub fn set_level(&self, level: impl Into<Option<Level>>) {
        self.board.set_level(level.into());
    }
}
