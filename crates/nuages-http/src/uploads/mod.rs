//! Uploaded files: what they are, where they are kept, and who may have a hand in it.

mod blocking;
mod file_stream;
mod files;
mod handler;
mod handlers;
mod spool;
mod upload_info;
mod uploaded_file;

pub(crate) use blocking::blocking;
pub use file_stream::FileStream;
pub use files::Files;
pub(crate) use handler::{DynHandler, Erased};
pub use handler::{FileUploadHandler, NewFile, Received};
pub(crate) use handlers::{Handled, Handlers};
pub(crate) use spool::Spool;
pub use upload_info::UploadInfo;
pub use uploaded_file::UploadedFile;
