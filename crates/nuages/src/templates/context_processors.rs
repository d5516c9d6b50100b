//! What every page finds in its context beside what its view put there.

use std::fmt;
use std::sync::Arc;

use nuages_http::HttpRequest;
use nuages_templates::Value;

/// A function of the request that gives a map.
pub(crate) type ContextProcessor = dyn Fn(&HttpRequest) -> Value + Send + Sync;

/// The application's own, in order; a later one wins.
#[derive(Clone, Default)]
pub(crate) struct ContextProcessors {
    list: Vec<Arc<ContextProcessor>>,
}

impl ContextProcessors {
    pub(crate) fn push(&mut self, processor: impl Fn(&HttpRequest) -> Value + Send + Sync + 'static) {
        self.list.push(Arc::new(processor));
    }

    /// Their maps, the one that wins first.
    pub(super) fn run(&self, request: &HttpRequest) -> Vec<Value> {
        self.list.iter().rev().map(|processor| processor(request)).collect()
    }
}

impl fmt::Debug for ContextProcessors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} context processors", self.list.len())
    }
}
