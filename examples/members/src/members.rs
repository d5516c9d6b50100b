//! Who is a member: names and hashed passwords.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use nuages::prelude::*;

/// Kept until the server ends.
#[derive(Default)]
pub(crate) struct Members {
    passwords: Mutex<HashMap<String, String>>,
}

impl Members {
    /// Those of the site.
    pub(crate) fn of(request: &HttpRequest) -> &Self {
        request.site().extensions().get_or_insert_with(Self::default)
    }

    pub(crate) fn password(&self, name: &str) -> Option<String> {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn set_password(&self, name: &str, encoded: String) {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), encoded);
    }
}
