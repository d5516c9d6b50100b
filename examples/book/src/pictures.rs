//! An upload handler that looks at what arrives.

// ANCHOR: handler
use bytes::Bytes;
use nuages::prelude::*;
use nuages::{FileUploadHandler, NewFile, Received, UploadInfo};

/// Lets only PNG pictures in, by their first bytes: what the browser says of a file is no proof.
struct OnlyPng;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl FileUploadHandler for OnlyPng {
    /// A file begins. Those of other fields are read past, and stored by nobody.
    async fn new_file(&mut self, file: &UploadInfo) -> Result<NewFile> {
        Ok(if file.field_name() == "picture" { NewFile::Continue } else { NewFile::SkipFile })
    }

    /// A piece has arrived, which begins at the byte `start` of its file. It may be as short as one byte.
    async fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> Result<Received> {
        let expected = usize::try_from(start).ok().and_then(|start| PNG.get(start..)).unwrap_or_default();
        if expected.iter().zip(&chunk).any(|(expected, found)| expected != found) {
            return Err(no_png());
        }
        Ok(Received::Next(chunk))
    }

    /// The file is whole. `None`: whoever has stored it puts it into `FILES`.
    async fn file_complete(&mut self, size: u64) -> Result<Option<UploadedFile>> {
        if size < 8 { Err(no_png()) } else { Ok(None) }
    }
}

fn no_png() -> Error {
    Error::new(ErrorKind::BadRequest, "the file is no PNG picture")
}
// ANCHOR_END: handler

// ANCHOR: view
async fn picture(request: HttpRequest) -> Result {
    // Before the form is read, by `POST`, by `FILES`, or by the check of its CSRF token.
    request.add_upload_handler(OnlyPng)?;
    let picture = request.FILES().await?.get("picture").or_400()?;
    Ok(HttpResponse::new(format!("{} bytes", picture.size())))
}
// ANCHOR_END: view

/// The page that takes a picture.
pub fn picture_urls() -> UrlConf {
    urlconf([path("picture/", picture)])
}
