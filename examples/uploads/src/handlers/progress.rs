//! A handler that tells how far an upload is.

use bytes::Bytes;
use nuages::cache::CacheFront;
use nuages::prelude::*;
use nuages::{FileUploadHandler, Received as Piece};
use uuid::Uuid;

/// How much arrives between two entries.
const STEP: u64 = 256 << 10;

/// How long an entry is kept after the last change, in seconds.
const KEPT: i64 = 60;

/// How much has arrived, and how much there is if the browser has said so: both in bytes.
pub(crate) type Received = (u64, Option<u64>);

// ANCHOR: progress
/// Keeps in the cache how much of an upload has arrived: whichever process is asked next knows it.
pub(crate) struct Progress {
    cache: CacheFront,
    key: String,
    received: u64,
    told: u64,
    total: Option<u64>,
}

impl Progress {
    pub(crate) fn new(cache: &CacheFront, upload: Uuid) -> Self {
        Self { cache: cache.clone(), key: Self::key(upload), received: 0, told: 0, total: None }
    }

    /// Where the cache keeps it.
    pub(crate) fn key(upload: Uuid) -> String {
        format!("upload:{upload}")
    }

    async fn tell(&mut self) {
        self.told = self.received;
        // A bar that stands still is no reason to refuse a picture.
        let _kept = self.cache.set(&self.key, &(self.received, self.total), KEPT).await;
    }
}

impl FileUploadHandler for Progress {
    async fn new_upload(&mut self, content_length: Option<u64>) -> Result<()> {
        self.total = content_length;
        self.tell().await;
        Ok(())
    }

    async fn receive_data_chunk(&mut self, chunk: Bytes, _start: u64) -> Result<Piece> {
        self.received += chunk.len() as u64;
        if self.received - self.told >= STEP {
            self.tell().await;
        }
        Ok(Piece::Next(chunk))
    }

    async fn upload_complete(&mut self) -> Result<()> {
        self.tell().await;
        Ok(())
    }
}
// ANCHOR_END: progress
