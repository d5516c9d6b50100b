//! What has a hand in an upload while it arrives, and the middleware that gives it to each.

mod pictures_only;
mod progress;

use nuages::prelude::*;
use uuid::Uuid;

use pictures_only::PicturesOnly;
pub(crate) use progress::{Progress, Received};

// ANCHOR: middleware
/// Gives its handlers to every upload.
pub(crate) struct PictureUploads;

impl Middleware for PictureUploads {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        if request.method == "POST" {
            request.add_upload_handler(PicturesOnly::default())?;
            // The page draws an id for each upload, and asks under it how far it is.
            if let Some(upload) = request.GET.get("upload").and_then(|id| id.parse::<Uuid>().ok()) {
                request.add_upload_handler(Progress::new(request.cache(), upload))?;
            }
        }
        Ok(next.run(request).await)
    }
}
// ANCHOR_END: middleware
