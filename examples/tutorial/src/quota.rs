//! How much one request may upload.

use bytes::Bytes;
use nuages::prelude::*;
use nuages::{FileUploadHandler, Received};

// ANCHOR: quota
/// Lets a request upload so many bytes of files.
pub struct UploadQuota(pub usize);

/// What is left of it, for one request.
struct Quota {
    left: usize,
}

impl FileUploadHandler for Quota {
    async fn receive_data_chunk(&mut self, chunk: Bytes, _start: u64) -> Result<Received> {
        let left = self.left.checked_sub(chunk.len());
        self.left = left.ok_or_else(|| Error::new(ErrorKind::TooLarge, "the files exceed the quota"))?;
        Ok(Received::Next(chunk))
    }
}

impl Middleware for UploadQuota {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        if request.method == "POST" {
            request.add_upload_handler(Quota { left: self.0 })?;
        }
        Ok(next.run(request).await)
    }
}
// ANCHOR_END: quota
