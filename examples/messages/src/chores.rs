//! The chores, in memory.

use std::sync::{Mutex, PoisonError};

use nuages::prelude::*;

/// What is to be done.
#[derive(Default)]
pub(crate) struct Chores {
    list: Mutex<Vec<String>>,
}

impl Chores {
    /// Those of the site.
    pub(crate) fn of(request: &HttpRequest) -> &Self {
        request.site().extensions().get_or_insert_with(Self::default)
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds one; false if it is there.
    pub(crate) fn add(&self, chore: &str) -> bool {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !list.iter().any(|known| known == chore);
        if is_new {
            list.push(chore.to_owned());
        }
        is_new
    }

    /// Takes one off the list, and says how many are left.
    pub(crate) fn done(&self, number: usize) -> Option<(String, usize)> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        (number < list.len()).then(|| (list.remove(number), list.len()))
    }
}
