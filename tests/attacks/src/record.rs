//! What the site was asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

use nuages::prelude::*;

/// Counts requests, as the outermost middleware. Clones share their counts.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    paths: Mutex<HashMap<String, usize>>,
    started: AtomicUsize,
    finished: AtomicUsize,
}

impl Record {
    /// How many requests came for a path.
    #[must_use]
    pub fn times(&self, path: &str) -> usize {
        self.0.paths.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied().unwrap_or(0)
    }

    /// How many requests have come.
    #[must_use]
    pub fn started(&self) -> usize {
        self.0.started.load(SeqCst)
    }

    /// How many requests have an answer, all middleware included.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.0.finished.load(SeqCst)
    }
}

impl Middleware for Record {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let path = request.path.to_string();
        *self.0.paths.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default() += 1;
        self.0.started.fetch_add(1, SeqCst);
        let response = next.run(request).await;
        self.0.finished.fetch_add(1, SeqCst);
        Ok(response)
    }
}
