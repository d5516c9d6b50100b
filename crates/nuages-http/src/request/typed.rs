//! Bodies and queries as the project's own types, through serde.

use serde::de::DeserializeOwned;

use super::HttpRequest;
use crate::error::{Error, ErrorKind, Result};

impl HttpRequest {
    /// The JSON body as a `T`.
    ///
    /// # Errors
    /// As [`body`](Self::body); [`ErrorKind::UnsupportedMediaType`] if the Content-Type is not JSON;
    /// [`ErrorKind::BadRequest`] if it is no such JSON: the message names the field.
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// #[derive(serde::Deserialize)]
    /// struct Order { pieces: u32 }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let request = HttpRequest::test("POST", "/").json(r#"{"pieces": "two"}"#).build();
    /// let error = request.json::<Order>().await.err().unwrap();
    /// assert!(error.to_string().starts_with("pieces: invalid type"));
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub async fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let kind = &*self.content_type;
        if kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
            return Err(Error::new(
                ErrorKind::UnsupportedMediaType,
                format!(
                    "expected a body of the type application/json, found {kind:?}: set the header Content-Type"
                ),
            ));
        }
        let body = self.body().await?;
        let mut reader = serde_json::Deserializer::from_slice(body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| bad(&error))?;
        reader
            .end()
            .map_err(|error| Error::new(ErrorKind::BadRequest, format!("after the JSON value: {error}")))?;
        Ok(value)
    }

    /// The form in the body as a `T`, urlencoded or multipart; of the latter the fields without the files. A field that
    /// is sent twice is an error here; [`POST`](Self::POST) has them all.
    ///
    /// # Errors
    /// As [`POST`](Self::POST); [`ErrorKind::UnsupportedMediaType`] if the body is no form;
    /// [`ErrorKind::BadRequest`] if a field is missing or of another type: the message names it.
    pub async fn form<T: DeserializeOwned>(&self) -> Result<T> {
        if self.method == http::Method::POST && self.content_type == "multipart/form-data" {
            let fields = self.POST().await?.pairs();
            let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            return urlencoded(text.as_bytes());
        }
        if self.content_type != "application/x-www-form-urlencoded" {
            return Err(Error::new(
                ErrorKind::UnsupportedMediaType,
                format!(
                    "expected a form (application/x-www-form-urlencoded or, by POST, multipart/form-data), found {:?}",
                    &*self.content_type
                ),
            ));
        }
        self.check_form_encoding()?;
        let body = self.body().await?;
        self.count_fields(body)?;
        urlencoded(body)
    }

    /// The query string as a `T`.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if a field is missing or of another type: the message names it;
    /// [`ErrorKind::TooManyFields`].
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// #[derive(serde::Deserialize)]
    /// struct Page { page: u32 }
    /// let request = HttpRequest::test("GET", "/?page=2").build();
    /// assert_eq!(request.query::<Page>()?.page, 2);
    /// let request = HttpRequest::test("GET", "/?page=two").build();
    /// assert!(request.query::<Page>().err().unwrap().to_string().starts_with("page: "));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        let query = self.head().query().as_bytes();
        self.count_fields(query)?;
        urlencoded(query)
    }

    fn count_fields(&self, text: &[u8]) -> Result<()> {
        let Some(limit) = self.settings().DATA_UPLOAD_MAX_NUMBER_FIELDS else { return Ok(()) };
        let fields = text.iter().filter(|byte| **byte == b'&').count();
        if fields >= limit.max(1) {
            return Err(Error::new(
                ErrorKind::TooManyFields,
                format!("more than DATA_UPLOAD_MAX_NUMBER_FIELDS ({limit}) fields"),
            ));
        }
        Ok(())
    }
}

fn urlencoded<T: DeserializeOwned>(text: &[u8]) -> Result<T> {
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text));
    serde_path_to_error::deserialize(reader).map_err(|error| bad(&error))
}

fn bad<E: std::error::Error>(error: &serde_path_to_error::Error<E>) -> Error {
    let path = error.path().to_string();
    let message = if path == "." { error.inner().to_string() } else { format!("{path}: {}", error.inner()) };
    Error::new(ErrorKind::BadRequest, message)
}
