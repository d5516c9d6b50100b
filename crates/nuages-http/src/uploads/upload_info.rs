//! What a client says of a file before it sends it.

use crate::header_parameters::HeaderParameters;

/// What the headers of an uploaded file say: all of it the client's word.
///
/// ```
/// use nuages_http::UploadedFile;
///
/// let file = UploadedFile::simple("notes.txt", "text/plain", "hello");
/// assert_eq!((file.info().name(), file.info().content_type()), ("notes.txt", "text/plain"));
/// assert_eq!((file.info().charset(), file.info().content_length()), (None, None));
/// ```
#[derive(Clone, Debug)]
pub struct UploadInfo {
    field_name: String,
    name: String,
    content_type: String,
    content_type_extra: HeaderParameters,
    content_length: Option<u64>,
}

impl UploadInfo {
    pub(crate) fn new(
        field_name: String,
        name: String,
        content_type: String,
        content_type_extra: HeaderParameters,
        content_length: Option<u64>,
    ) -> Self {
        Self { field_name, name, content_type, content_type_extra, content_length }
    }

    /// The name of the form's field.
    #[must_use]
    pub fn field_name(&self) -> &str {
        &self.field_name
    }

    /// The file's name without folders, as Django sanitises it; never a path to write to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type, in lower case, without parameters; empty if the client sent none.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The parameters of the media type.
    #[must_use]
    pub fn content_type_extra(&self) -> &HeaderParameters {
        &self.content_type_extra
    }

    /// The charset that the media type names.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        self.content_type_extra.get("charset")
    }

    /// The length in bytes that the file's own headers announce; browsers announce none.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }
}
