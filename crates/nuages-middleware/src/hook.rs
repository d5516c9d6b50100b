//! What `process_view` returns.

use std::future::Future;

use nuages_http::{HttpResponse, Result};

use crate::next::BoxFuture;

/// Nothing to do, or work that may answer in the view's place; boxed only when there is work.
pub struct Hook<'a> {
    pub(crate) work: Option<BoxFuture<'a, Result<Option<HttpResponse>>>>,
}

impl<'a> Hook<'a> {
    /// Nothing to do.
    #[must_use]
    pub fn pass() -> Self {
        Self { work: None }
    }

    /// Work to be awaited; if it gives a response, the view is not called.
    pub fn run(work: impl Future<Output = Result<Option<HttpResponse>>> + Send + 'a) -> Self {
        Self { work: Some(Box::pin(work)) }
    }

    /// Answers at once.
    #[must_use]
    pub fn answer(response: HttpResponse) -> Self {
        Self::run(std::future::ready(Ok(Some(response))))
    }

    /// The work, if there is any: for what calls the view.
    #[must_use]
    pub fn into_work(self) -> Option<BoxFuture<'a, Result<Option<HttpResponse>>>> {
        self.work
    }
}
