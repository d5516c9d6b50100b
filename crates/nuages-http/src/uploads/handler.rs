//! Having a hand in an upload while it arrives.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use super::upload_info::UploadInfo;
use super::uploaded_file::UploadedFile;
use crate::error::Result;

/// What a handler makes of a file that begins.
///
/// ```
/// use nuages_http::{FileUploadHandler, HttpRequest, NewFile, Result, UploadInfo};
///
/// struct NoPrograms;
///
/// impl FileUploadHandler for NoPrograms {
///     async fn new_file(&mut self, file: &UploadInfo) -> Result<NewFile> {
///         Ok(if file.name().ends_with(".exe") { NewFile::SkipFile } else { NewFile::Continue })
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = HttpRequest::test("POST", "/").upload("a", "run.exe", "x").upload("a", "read.txt", "x").build();
/// request.add_upload_handler(NoPrograms)?;
/// assert_eq!(request.FILES().await?.getlist("a").len(), 1);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewFile {
    /// The next handler sees it too.
    Continue,
    /// No later handler sees this file, the one that stores included (`StopFutureHandlers`).
    StopFutureHandlers,
    /// Nobody stores this file (`SkipFile`).
    SkipFile,
    /// The upload ends here, with the fields and files read so far (`StopUpload`).
    StopUpload,
}

/// What a handler makes of a piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The next handler gets this, the piece itself or what was made of it.
    Next(Bytes),
    /// Nobody else gets it.
    Kept,
    /// Nobody stores this file (`SkipFile`).
    SkipFile,
    /// The upload ends here, with the fields and files read so far (`StopUpload`).
    StopUpload,
}

/// Has a hand in the upload of files (`django.core.files.uploadhandler.FileUploadHandler`).
///
/// Add it before the form is read, with [`HttpRequest::add_upload_handler`](crate::HttpRequest::add_upload_handler).
/// Handlers are asked in the order in which they were added, and last the built-in one, which stores in memory and then
/// in a temporary file. An error of any of them ends the upload, and is what `POST()` and `FILES()` answer. A file that a
/// handler stores elsewhere is put into `FILES` by what its [`file_complete`](Self::file_complete) answers.
///
/// One that limits what a request may upload:
///
/// ```
/// use bytes::Bytes;
/// use nuages_http::{Error, ErrorKind, FileUploadHandler, HttpRequest, Received, Result};
///
/// struct Quota { left: usize }
///
/// impl FileUploadHandler for Quota {
///     async fn receive_data_chunk(&mut self, chunk: Bytes, _start: u64) -> Result<Received> {
///         self.left = self.left.checked_sub(chunk.len()).ok_or_else(|| {
///             Error::new(ErrorKind::TooLarge, "no room is left for this upload")
///         })?;
///         Ok(Received::Next(chunk))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = HttpRequest::test("POST", "/").upload("doc", "hello.txt", "hello").build();
/// request.add_upload_handler(Quota { left: 3 })?;
/// assert_eq!(request.FILES().await.unwrap_err().kind(), ErrorKind::TooLarge);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub trait FileUploadHandler: Send {
    /// A form begins; its length in bytes, if the client said it.
    fn new_upload(&mut self, content_length: Option<u64>) -> impl Future<Output = Result<()>> + Send {
        let _ = content_length;
        async { Ok(()) }
    }

    /// A file begins.
    fn new_file(&mut self, file: &UploadInfo) -> impl Future<Output = Result<NewFile>> + Send {
        let _ = file;
        async { Ok(NewFile::Continue) }
    }

    /// A piece of the file has arrived; `start` is its place in the file. Pieces have up to 64 KiB.
    fn receive_data_chunk(
        &mut self,
        chunk: Bytes,
        start: u64,
    ) -> impl Future<Output = Result<Received>> + Send {
        let _ = start;
        async { Ok(Received::Next(chunk)) }
    }

    /// The file has arrived; this handler saw `size` bytes of it. The first handler that answers a file decides what
    /// stands in `FILES`.
    fn file_complete(&mut self, size: u64) -> impl Future<Output = Result<Option<UploadedFile>>> + Send {
        let _ = size;
        async { Ok(None) }
    }

    /// The whole form has arrived.
    fn upload_complete(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The upload will not be completed: an error, or a client that left. Called when the request
    /// ends in the midst of it, so it is not awaited.
    fn upload_interrupted(&mut self) {}
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The same, to be kept in a list.
pub(crate) trait DynHandler: Send {
    fn new_upload(&mut self, content_length: Option<u64>) -> BoxFuture<'_, ()>;
    fn new_file<'a>(&'a mut self, file: &'a UploadInfo) -> BoxFuture<'a, NewFile>;
    fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> BoxFuture<'_, Received>;
    fn file_complete(&mut self, size: u64) -> BoxFuture<'_, Option<UploadedFile>>;
    fn upload_complete(&mut self) -> BoxFuture<'_, ()>;
    fn upload_interrupted(&mut self);
}

/// Not the trait's own implementor, so that nobody's handler gets methods twice.
pub(crate) struct Erased<H>(pub(crate) H);

impl<H: FileUploadHandler> DynHandler for Erased<H> {
    fn new_upload(&mut self, content_length: Option<u64>) -> BoxFuture<'_, ()> {
        Box::pin(self.0.new_upload(content_length))
    }

    fn new_file<'a>(&'a mut self, file: &'a UploadInfo) -> BoxFuture<'a, NewFile> {
        Box::pin(self.0.new_file(file))
    }

    fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> BoxFuture<'_, Received> {
        Box::pin(self.0.receive_data_chunk(chunk, start))
    }

    fn file_complete(&mut self, size: u64) -> BoxFuture<'_, Option<UploadedFile>> {
        Box::pin(self.0.file_complete(size))
    }

    fn upload_complete(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.upload_complete())
    }

    fn upload_interrupted(&mut self) {
        self.0.upload_interrupted();
    }
}
