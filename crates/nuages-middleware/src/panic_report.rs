//! What a panic said, and where it came from.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::fmt;
use std::sync::Once;

use nuages_http::{Error, ErrorKind};

struct Report {
    place: String,
    backtrace: Backtrace,
}

// Not configuration: what the last panic of this thread said.
thread_local! {
    static LAST: Cell<Option<Report>> = const { Cell::new(None) };
}

/// From now on the log of a panicking view has the backtrace of the panic. An application calls it when it is built.
///
/// The panic hook that was there before still runs.
///
/// ```
/// nuages_middleware::record_backtraces();
/// nuages_middleware::record_backtraces(); // once is enough; again does nothing
/// assert!(std::panic::catch_unwind(|| panic!("still caught by whoever catches it")).is_err());
/// ```
pub fn record_backtraces() {
    // Not configuration: the panic hook is the process's own.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or_else(String::new, ToString::to_string);
            LAST.set(Some(Report { place, backtrace: Backtrace::force_capture() }));
            previous(info);
        }));
    });
}

/// Logs a caught panic, and makes the error of it; the message stays in the log.
pub(crate) fn into_error(payload: &(dyn Any + Send)) -> Error {
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    let report = LAST.take();
    let place = report.as_ref().map_or("", |report| &report.place);
    let backtrace = report.as_ref().map_or_else(String::new, |report| report.backtrace.to_string());
    tracing::error!(target: "nuages.request", message = ?message, place, "a view or a middleware panicked\n{backtrace}");
    let place = report.map_or_else(String::new, |report| report.place);
    Error::with_source(ErrorKind::Internal, Panicked { message, place })
}

/// A view or a middleware has panicked: the source of the [`Error`] that comes of it. What it said is for the page of debug mode
/// alone; neither Display nor Debug tells.
///
/// ```
/// # use nuages_http::{Error, HttpRequest, HttpResponse};
/// # use nuages_middleware::{BoxFuture, Guarded, Respond};
/// use nuages_middleware::Panicked;
///
/// struct DebugPage;
///
/// impl Respond for DebugPage {
///     fn respond(&self, _request: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
///         let said = error.downcast_ref::<Panicked>().map_or("", Panicked::message).to_owned();
///         Box::pin(async move { HttpResponse::new(said) })
///     }
/// }
///
/// let view = async { panic!("no more beans") };
/// # let request = HttpRequest::test("GET", "/").build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = Guarded::new(view, request, &DebugPage).await;
/// assert_eq!(response.body().as_bytes(), Some(&b"no more beans"[..]));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Panicked {
    message: String,
    place: String,
}

impl Panicked {
    /// What the panic said; empty if it was no text.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file and the line; empty if nobody [has recorded](record_backtraces) it.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a view or a middleware panicked")
    }
}

impl fmt::Debug for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panicked").finish_non_exhaustive()
    }
}

impl std::error::Error for Panicked {}
