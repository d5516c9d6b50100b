//! One uploaded file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tempfile::TempPath;

use super::blocking::blocking;
use super::file_stream::FileStream;
use super::upload_info::UploadInfo;
use crate::error::Result;
use crate::extensions::Extensions;
use crate::header_parameters::HeaderParameters;
use crate::multipart::sanitize_file_name;

/// Who may read a file that was saved: Django's FILE_UPLOAD_PERMISSIONS.
#[cfg(unix)]
const PERMISSIONS: u32 = 0o644;

/// An uploaded file (`django.core.files.uploadedfile.UploadedFile`), in memory or in a temporary file, which is removed
/// with the last clone: when the request has ended, unless a view has kept one.
///
/// Name, type and charset are the client's word; the size is counted.
///
/// ```
/// use nuages_http::UploadedFile;
/// # use nuages_http::HttpRequest;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let request = HttpRequest::test("POST", "/").upload("doc", "hello.txt", "hello").build();
/// let files = request.FILES().await?;
/// let doc: &UploadedFile = files.require("doc")?;
/// assert_eq!((doc.field_name(), doc.name(), doc.size()), ("doc", "hello.txt", 5));
/// assert_eq!(doc.read().await?, "hello");
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("1.txt");
/// doc.save_to(&path).await?; // at a path of the site's own: a name is the client's word
/// assert_eq!(std::fs::read(&path)?, b"hello");
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone)]
#[doc(alias = "InMemoryUploadedFile")]
#[doc(alias = "TemporaryUploadedFile")]
#[doc(alias = "request.FILES")]
pub struct UploadedFile {
    inner: Arc<Inner>,
}

struct Inner {
    info: UploadInfo,
    size: u64,
    content: Content,
    extensions: Extensions,
}

enum Content {
    Memory(Bytes),
    Disk(TempPath),
    Elsewhere,
}

impl UploadedFile {
    fn new(info: UploadInfo, size: u64, content: Content) -> Self {
        Self { inner: Arc::new(Inner { info, size, content, extensions: Extensions::default() }) }
    }

    /// A file in memory (`InMemoryUploadedFile`).
    #[must_use]
    pub fn in_memory(info: UploadInfo, content: Bytes) -> Self {
        Self::new(info, content.len() as u64, Content::Memory(content))
    }

    pub(super) fn on_disk(info: UploadInfo, path: TempPath, size: u64) -> Self {
        Self::new(info, size, Content::Disk(path))
    }

    /// A file that an upload handler has stored elsewhere; [`extensions`](Self::extensions) can say where.
    #[must_use]
    pub fn elsewhere(info: UploadInfo, size: u64) -> Self {
        Self::new(info, size, Content::Elsewhere)
    }

    /// A file made by hand, for tests (`SimpleUploadedFile`).
    ///
    /// ```
    /// use nuages_http::UploadedFile;
    /// let file = UploadedFile::simple("../notes.txt", "text/plain", "hello");
    /// assert_eq!((file.name(), file.size()), ("notes.txt", 5));
    /// ```
    #[doc(alias = "SimpleUploadedFile")]
    pub fn simple(name: &str, content_type: &str, content: impl Into<Bytes>) -> Self {
        let name = sanitize_file_name(name).unwrap_or_default();
        let extra = HeaderParameters::default();
        Self::in_memory(
            UploadInfo::new(String::new(), name, content_type.to_owned(), extra, None),
            content.into(),
        )
    }

    /// What the client said of the file.
    #[must_use]
    pub fn info(&self) -> &UploadInfo {
        &self.inner.info
    }

    /// The name without folders, as Django sanitises it, of at most 255 characters. It can be any name that is none of a
    /// folder: choose your own to write to, or check it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.info().name()
    }

    /// The form's field.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.info().field_name()
    }

    /// The size in bytes, counted.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.inner.size
    }

    /// The media type that the client named, without parameters; empty if none.
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.info().content_type()
    }

    /// The parameters of the media type.
    #[must_use]
    pub fn content_type_extra(&self) -> &HeaderParameters {
        self.info().content_type_extra()
    }

    /// The charset that the client named.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        self.info().charset()
    }

    /// The temporary file, if there is one (`TemporaryUploadedFile.temporary_file_path`). It belongs to the request.
    #[must_use]
    pub fn temporary_file_path(&self) -> Option<&Path> {
        match &self.inner.content {
            Content::Disk(path) => Some(path),
            Content::Memory(_) | Content::Elsewhere => None,
        }
    }

    /// What an upload handler has to say of this file, by type.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.inner.extensions
    }

    /// The content, piece by piece, in pieces of 64 KiB (Django's `chunks`).
    ///
    /// ```
    /// # use nuages_http::UploadedFile;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let file = UploadedFile::simple("a.txt", "text/plain", "hello");
    /// let mut chunks = file.chunks();
    /// let mut length = 0;
    /// while let Some(chunk) = chunks.next().await? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 5);
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[must_use]
    pub fn chunks(&self) -> FileStream {
        match &self.inner.content {
            Content::Memory(bytes) => FileStream::of_bytes(bytes.clone()),
            Content::Disk(path) => FileStream::at_path(path, self.inner.size, self.clone()),
            Content::Elsewhere => FileStream::nowhere(),
        }
    }

    /// The whole content in memory; for what may be large, take [`chunks`](Self::chunks).
    ///
    /// # Errors
    /// If the temporary file cannot be read, or a handler has stored the file elsewhere.
    pub async fn read(&self) -> Result<Bytes> {
        Ok(match &self.inner.content {
            Content::Memory(bytes) => bytes.clone(),
            Content::Disk(path) => {
                let (path, length, held) = (path.to_path_buf(), self.inner.size, self.clone());
                let read = blocking(move || {
                    let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
                    File::open(path)?.read_to_end(&mut content)?;
                    drop(held);
                    Ok(content)
                });
                read.await?.into()
            }
            Content::Elsewhere => return Err(elsewhere().into()),
        })
    }

    /// Saves the file at this path, which nothing must stand at: it appears whole, or not at all, and is readable by
    /// everybody (0644, Django's FILE_UPLOAD_PERMISSIONS). How many bytes it has.
    ///
    /// Build the path from a name of your own: the client chose [`name`](Self::name).
    ///
    /// # Errors
    /// If something stands at the path ([`io::ErrorKind::AlreadyExists`]), or it cannot be written.
    ///
    /// ```
    /// # use nuages_http::UploadedFile;
    /// # let folder = tempfile::tempdir()?;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let file = UploadedFile::simple("a.txt", "text/plain", "hello");
    /// let path = folder.path().join("1.txt");
    /// assert_eq!(file.save_to(&path).await?, 5);
    /// assert_eq!(std::fs::read_to_string(&path)?, "hello");
    /// assert!(file.save_to(&path).await.is_err());
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[doc(alias = "FileSystemStorage")]
    #[doc(alias = "default_storage")]
    pub async fn save_to(&self, path: impl AsRef<Path>) -> io::Result<u64> {
        let (file, path) = (self.clone(), path.as_ref().to_path_buf());
        blocking(move || file.save(&path)).await
    }

    fn save(&self, path: &Path) -> io::Result<u64> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let mut saved = tempfile::Builder::new().prefix(".nuages-").tempfile_in(folder)?;
        let size = match &self.inner.content {
            Content::Memory(bytes) => saved.write_all(bytes).map(|()| bytes.len() as u64)?,
            Content::Disk(temporary) => io::copy(&mut File::open(temporary)?, saved.as_file_mut())?,
            Content::Elsewhere => return Err(elsewhere()),
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            saved.as_file().set_permissions(std::fs::Permissions::from_mode(PERMISSIONS))?;
        }
        saved.persist_noclobber(path).map_err(|refused| refused.error)?;
        Ok(size)
    }
}

pub(super) fn elsewhere() -> io::Error {
    io::Error::other("an upload handler has stored this file elsewhere; read it from there")
}

/// Neither the content nor where it is.
impl fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<UploadedFile: {:?} ({}), {} bytes>", self.name(), self.content_type(), self.size())
    }
}
