//! The pictures, in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use nuages::prelude::*;
use uuid::Uuid;

/// Older ones make room for newer ones.
const MOST: usize = 12;

/// A picture under an id of its own: its name is the client's word.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) content: Bytes,
}

/// The latest pictures, newest first. A site that keeps them gives `save_to` a path that it made of the id.
#[derive(Default)]
pub(crate) struct Gallery {
    pictures: Mutex<VecDeque<Picture>>,
}

impl Gallery {
    /// That of the site.
    pub(crate) fn of(request: &HttpRequest) -> &Self {
        request.site().extensions().get_or_insert_with(Self::default)
    }

    pub(crate) fn hang(&self, name: &str, content: Bytes) {
        let mut pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.push_front(Picture { id: Uuid::new_v4(), name: name.to_owned(), content });
        pictures.truncate(MOST);
    }

    pub(crate) fn all(&self) -> Vec<Picture> {
        self.pictures.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<Picture> {
        self.all().into_iter().find(|picture| picture.id == id)
    }
}
