//! The notes, in memory.

use std::sync::{Mutex, PoisonError};

/// The notes of one application, newest first.
#[derive(Default)]
pub struct Board {
    notes: Mutex<Vec<String>>,
}

impl Board {
    /// Puts a note on the board.
    pub fn add(&self, text: &str) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).insert(0, text.to_owned());
    }

    /// All of them, as they are now.
    pub fn all(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
