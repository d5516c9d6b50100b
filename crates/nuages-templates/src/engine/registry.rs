//! What is known of the templates that were loaded.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::syntax::Use;

/// The templates that were loaded, under the names that minijinja knows them by.
#[derive(Debug, Default)]
pub(crate) struct Registry(RwLock<HashMap<String, Arc<Loaded>>>);

/// A template that was loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its source, as somebody wrote it.
    pub(crate) source: String,
    pub(crate) blocks: Vec<String>,
    /// Whether it extends another in a way that we do not follow: Jinja's.
    pub(crate) open: bool,
    pub(crate) uses: Vec<Use>,
}

impl Registry {
    pub(crate) fn get(&self, internal: &str) -> Option<Arc<Loaded>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(internal).cloned()
    }

    pub(crate) fn put(&self, internal: &str, loaded: Loaded) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(internal.to_owned(), Arc::new(loaded));
    }

    pub(crate) fn has_block(&self, internal: &str, block: &str) -> bool {
        self.get(internal)
            .is_some_and(|loaded| loaded.open || loaded.blocks.iter().any(|known| known == block))
    }
}
