//! Reading forms: POST and FILES.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::HttpRequest;
use super::reading::{Failure, taken};
use crate::body::Body;
use crate::encoding::Encoding;
use crate::error::{Error, ErrorKind, Result};
use crate::multipart::{Form, FormReader, boundary};
use crate::query_dict::QueryDict;
use crate::uploads::{DynHandler, Erased, FileUploadHandler, Files, Handlers, Spool};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// What was read of a form.
pub(super) struct ReadForm {
    form: OnceCell<Result<Form, Failure>>,
    /// Has a view been told that the form is malformed?
    reported: AtomicBool,
    /// What is read from then on.
    empty: Form,
    /// None once the form is being read.
    handlers: Mutex<Option<Vec<Box<dyn DynHandler>>>>,
}

impl Default for ReadForm {
    fn default() -> Self {
        Self {
            form: OnceCell::new(),
            reported: AtomicBool::new(false),
            empty: Form::default(),
            handlers: Mutex::new(Some(Vec::new())),
        }
    }
}

impl ReadForm {
    /// The handlers, which are not asked for again.
    fn take_handlers(&self) -> Vec<Box<dyn DynHandler>> {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

impl HttpRequest {
    /// The fields of a form in the body (`HttpRequest.POST`); empty if the method is not POST or the body is no form.
    ///
    /// A multipart form is read whole by this, its files included. As in Django, a multipart form that is malformed or
    /// beyond a limit is an error once, and empty from then on: what answers the error may ask for POST too. One that was
    /// cut stays an error.
    ///
    /// # Errors
    /// As [`body`](Self::body), and [`ErrorKind::TooManyFields`] for more than `DATA_UPLOAD_MAX_NUMBER_FIELDS`
    /// fields, [`ErrorKind::BadRequest`] for a form in another charset than UTF-8; of a multipart form those of
    /// [`FILES`](Self::FILES).
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let request = HttpRequest::test("POST", "/login/").form("name=Ada&name=Eve").build();
    /// let form = request.POST().await?;
    /// assert_eq!(form.get("name"), Some("Eve"));
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[expect(non_snake_case, reason = "the name is Django's")]
    #[doc(alias = "request.POST")]
    pub async fn POST(&self) -> Result<&QueryDict> {
        // Asked each time: `set_encoding` may have been called since.
        self.check_form_encoding()?;
        Ok(&self.form_data().await?.post)
    }

    /// The files of a multipart form in the body (`HttpRequest.FILES`); empty if there is no such form.
    ///
    /// All files of a request together take at most `FILE_UPLOAD_MAX_MEMORY_SIZE` bytes of memory; what is more goes to
    /// temporary files in `FILE_UPLOAD_TEMP_DIR`, which are removed with the request, however it ends. There is no limit
    /// to the size of a file but that of the server or of an [upload handler](FileUploadHandler).
    ///
    /// # Errors
    /// - [`ErrorKind::BadMultipart`]: no boundary, headers of a part of more than 1024 bytes, bad base64, no end.
    /// - [`ErrorKind::TooManyFiles`]: more than `DATA_UPLOAD_MAX_NUMBER_FILES`; [`ErrorKind::TooManyFields`];
    ///   [`ErrorKind::TooLarge`]: the fields without the files exceed `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes.
    /// - [`ErrorKind::UnreadableBody`]: the client left or was too slow; never some of its files.
    /// - [`ErrorKind::BodyTaken`]: the body was taken by [`take_body`](Self::take_body).
    /// - Whatever an upload handler answers; [`ErrorKind::Internal`] if a temporary file cannot be written.
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let request = HttpRequest::test("POST", "/").upload("doc", "hello.txt", "hello").build();
    /// for file in request.FILES().await?.getlist("doc") {
    ///     assert_eq!((file.name(), file.size()), ("hello.txt", 5));
    /// }
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[expect(non_snake_case, reason = "the name is Django's")]
    #[doc(alias = "request.FILES")]
    pub async fn FILES(&self) -> Result<&Files> {
        self.check_form_encoding()?;
        Ok(&self.form_data().await?.files)
    }

    /// Adds a handler that has a hand in the upload of files, before the built-in one and after those added before
    /// (`request.upload_handlers`).
    ///
    /// # Errors
    /// [`ErrorKind::BodyTaken`] if the form has been read, or is being read.
    #[doc(alias = "upload_handlers")]
    pub fn add_upload_handler<H: FileUploadHandler + 'static>(&self, handler: H) -> Result<()> {
        let read = &self.shared().read().form;
        let mut handlers = read.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *handlers {
            Some(handlers) => {
                handlers.push(Box::new(Erased(handler)));
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::BodyTaken,
                "the form has been read: add upload handlers before POST() and FILES()",
            )),
        }
    }

    /// A form is in UTF-8, whatever its charset parameter says (RFC 1866); as Django, another one is refused.
    pub(super) fn check_form_encoding(&self) -> Result<()> {
        let is_form = self.method == http::Method::POST && self.content_type == URLENCODED;
        if is_form && self.encoding().is_some_and(|encoding| !encoding.eq_ignore_ascii_case("utf-8")) {
            return Err(Error::new(
                ErrorKind::BadRequest,
                "a form of the type application/x-www-form-urlencoded must be in UTF-8",
            ));
        }
        Ok(())
    }

    async fn form_data(&self) -> Result<&Form> {
        let read = &self.shared().read().form;
        let failure = match read.form.get_or_init(|| self.read_form()).await {
            Ok(form) => return Ok(form),
            Err(failure) => failure,
        };
        let once = self.content_type == MULTIPART
            && matches!(
                failure.kind(),
                ErrorKind::BadMultipart
                    | ErrorKind::TooManyFiles
                    | ErrorKind::TooManyFields
                    | ErrorKind::TooLarge
            );
        if once && read.reported.swap(true, Ordering::Relaxed) {
            Ok(&read.empty)
        } else {
            Err(failure.error())
        }
    }

    async fn read_form(&self) -> Result<Form, Failure> {
        let handlers = self.shared().read().form.take_handlers();
        if self.method != http::Method::POST {
            return Ok(Form::default());
        }
        match &*self.content_type {
            URLENCODED => Ok(Form { post: self.read_urlencoded().await?, ..Form::default() }),
            // Behind a pointer, or every form would pay for moving so large a future.
            MULTIPART => Box::pin(self.read_multipart(handlers)).await,
            _ => Ok(Form::default()),
        }
    }

    async fn read_urlencoded(&self) -> Result<QueryDict, Failure> {
        let read = self.shared().read().bytes.get_or_init(|| self.read_body()).await;
        let body = read.as_ref().map_err(Clone::clone)?;
        let limit = self.settings().DATA_UPLOAD_MAX_NUMBER_FIELDS;
        QueryDict::options()
            .max_number_fields(limit)
            .parse_bytes(body)
            .map_err(|error| Failure::new(ErrorKind::TooManyFields, error.to_string()))
    }

    async fn read_multipart(&self, handlers: Vec<Box<dyn DynHandler>>) -> Result<Form, Failure> {
        let boundary =
            boundary(&self.content_type).map_err(|why| Failure::new(ErrorKind::BadMultipart, why))?;
        let read = self.shared().read();
        // A body that was read is read again; one that was refused for its length is still there.
        let body = match read.bytes.get() {
            Some(Ok(bytes)) => Body::from(bytes.clone()),
            Some(Err(failure)) => self.stream().ok_or_else(|| failure.clone())?,
            None => self.stream().ok_or_else(taken)?,
        };
        let handlers = Handlers::new(handlers, Spool::new(self.settings()));
        let encoding = self.encoding().map_or_else(Encoding::default, Encoding::new);
        FormReader::new(self.settings(), encoding, handlers).read(body, boundary).await
    }
}
