//! Where uploads are kept: in memory as long as they are small, then in a temporary file.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use bytes::Bytes;
use tempfile::TempPath;

use super::blocking::blocking;
use super::upload_info::UploadInfo;
use super::uploaded_file::UploadedFile;
use crate::error::{ErrorKind, Result};
use crate::request::Failure;
use crate::settings::Settings;

/// So many bytes are written at once.
const BATCH: usize = 256 * 1024;

/// Django's two handlers in one: all files of a request together take at most FILE_UPLOAD_MAX_MEMORY_SIZE bytes of memory,
/// whether or not the client says how long they are.
pub(crate) struct Spool {
    /// How much memory is left.
    room: usize,
    folder: Option<PathBuf>,
    current: Option<Kept>,
}

enum Kept {
    Memory(Vec<u8>),
    Disk(Disk),
}

impl Spool {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            room: settings.FILE_UPLOAD_MAX_MEMORY_SIZE,
            folder: settings.FILE_UPLOAD_TEMP_DIR.as_ref().map(PathBuf::from),
            current: None,
        }
    }

    /// A form that is too long for memory goes to the disk at once, as in Django.
    pub(super) fn new_upload(&mut self, length: Option<u64>) {
        if length.is_some_and(|length| length > self.room as u64) {
            self.room = 0;
        }
    }

    pub(super) fn new_file(&mut self) {
        self.current = Some(Kept::Memory(Vec::new()));
    }

    pub(super) fn forget(&mut self) {
        self.current = None;
    }

    pub(super) async fn receive(&mut self, piece: Bytes) -> Result<(), Failure> {
        let kept = match self.current.take() {
            Some(Kept::Memory(mut bytes)) if bytes.len().saturating_add(piece.len()) <= self.room => {
                bytes.extend_from_slice(&piece);
                Kept::Memory(bytes)
            }
            Some(Kept::Memory(bytes)) => Kept::Disk(self.to_disk(bytes.into(), piece).await.map_err(full)?),
            Some(Kept::Disk(mut disk)) => {
                disk.write(piece).await.map_err(full)?;
                Kept::Disk(disk)
            }
            None => return Ok(()),
        };
        self.current = Some(kept);
        Ok(())
    }

    async fn to_disk(&self, kept: Bytes, piece: Bytes) -> io::Result<Disk> {
        let folder = self.folder.clone();
        let mut disk = blocking(move || Disk::create(folder)).await?;
        disk.write(kept).await?;
        disk.write(piece).await?;
        Ok(disk)
    }

    /// The file, if it was kept here.
    pub(super) async fn file_complete(&mut self, info: UploadInfo) -> Result<Option<UploadedFile>, Failure> {
        match self.current.take() {
            Some(Kept::Memory(bytes)) => {
                self.room = self.room.saturating_sub(bytes.len());
                Ok(Some(UploadedFile::in_memory(info, bytes.into())))
            }
            Some(Kept::Disk(mut disk)) => {
                disk.flush().await.map_err(full)?;
                Ok(Some(UploadedFile::on_disk(info, disk.path, disk.size)))
            }
            None => Ok(None),
        }
    }
}

/// A temporary file that is being written. It is removed when it is dropped, whatever the reason.
struct Disk {
    path: TempPath,
    /// Away while it is written to.
    file: Option<File>,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    size: u64,
}

impl Disk {
    /// Created exclusively and readable by its owner alone, whatever the umask.
    fn create(folder: Option<PathBuf>) -> io::Result<Self> {
        let folder = folder.unwrap_or_else(std::env::temp_dir);
        let created = tempfile::Builder::new().prefix("nuages-").suffix(".upload").tempfile_in(folder)?;
        let (file, path) = created.into_parts();
        Ok(Self { path, file: Some(file), waiting: Vec::new(), waiting_bytes: 0, size: 0 })
    }

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.size = self.size.saturating_add(piece.len() as u64);
        self.waiting_bytes = self.waiting_bytes.saturating_add(piece.len());
        self.waiting.push(piece);
        if self.waiting_bytes >= BATCH { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let mut file = self
            .file
            .take()
            .ok_or_else(|| io::Error::other("the temporary file was lost while it was written"))?;
        let written = blocking(move || {
            waiting.iter().try_for_each(|piece| file.write_all(piece))?;
            Ok(file)
        });
        self.file = Some(written.await?);
        Ok(())
    }
}

fn full(error: io::Error) -> Failure {
    Failure::new(ErrorKind::Internal, format!("an upload cannot be kept in a temporary file: {error}"))
}
