//! The uploaded files of a request, by field.

use indexmap::IndexMap;

use super::uploaded_file::UploadedFile;
use crate::query_dict::MultiValueDictKeyError;

/// The uploaded files of a request, each field with a list of them (`HttpRequest.FILES`, a `MultiValueDict`).
///
/// ```
/// # use nuages_http::HttpRequest;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = HttpRequest::test("POST", "/").upload("doc", "hello.txt", "hello").build();
/// let files = request.FILES().await?;
/// let doc = files.require("doc")?;
/// assert_eq!((doc.name(), doc.size()), ("hello.txt", 5));
/// assert_eq!(doc.read().await?, "hello");
/// assert_eq!(files.getlist("doc").len(), 1);
/// assert!(files.get("photo").is_none() && files.require("photo").is_err());
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Files(IndexMap<String, Vec<UploadedFile>>);

impl Files {
    pub(crate) fn append(&mut self, field: String, file: UploadedFile) {
        self.0.entry(field).or_default().push(file);
    }

    /// The last file of this field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&UploadedFile> {
        self.getlist(field).last()
    }

    /// The last file of a field that must have one (`FILES[field]`).
    ///
    /// # Errors
    /// [`MultiValueDictKeyError`], which names the field, if there is none.
    pub fn require(&self, field: &str) -> Result<&UploadedFile, MultiValueDictKeyError> {
        self.get(field).ok_or_else(|| MultiValueDictKeyError::new(field))
    }

    /// All files of this field, as of `<input type="file" multiple>`.
    #[must_use]
    pub fn getlist(&self, field: &str) -> &[UploadedFile] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Has this field a file?
    #[must_use]
    pub fn contains(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The number of fields with files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Are there no files at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields, in the order in which they first came.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Each field with all its files.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &[UploadedFile])> {
        self.0.iter().map(|(field, files)| (field.as_str(), files.as_slice()))
    }

    /// Each field with its last file.
    pub fn items(&self) -> impl Iterator<Item = (&str, &UploadedFile)> {
        self.lists().filter_map(|(field, files)| Some((field, files.last()?)))
    }
}
