//! The handlers of one upload, asked one after the other.

use bytes::Bytes;

use super::handler::{DynHandler, NewFile, Received};
use super::spool::Spool;
use super::upload_info::UploadInfo;
use super::uploaded_file::UploadedFile;
use crate::error::{Error, Result};
use crate::request::Failure;

/// What the handlers decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handled {
    Continue,
    SkipFile,
    StopUpload,
}

/// The project's own handlers, and the built-in one behind them.
pub(crate) struct Handlers {
    own: Vec<Own>,
    spool: Spool,
    info: Option<UploadInfo>,
    /// How many of the project's own handlers have a part in this file.
    taking_part: usize,
    /// Must the handlers be told if it ends here?
    running: bool,
}

struct Own {
    handler: Box<dyn DynHandler>,
    /// How many bytes of this file it was given.
    seen: u64,
}

/// Every handler's own error keeps its kind: a quota is not the server's fault.
fn failed(error: Error) -> Failure {
    Failure::of(&error)
}

impl Handlers {
    pub(crate) fn new(own: Vec<Box<dyn DynHandler>>, spool: Spool) -> Self {
        let own = own.into_iter().map(|handler| Own { handler, seen: 0 }).collect();
        Self { own, spool, info: None, taking_part: 0, running: false }
    }

    pub(crate) async fn new_upload(&mut self, length: Option<u64>) -> Result<(), Failure> {
        self.running = true;
        for own in &mut self.own {
            own.handler.new_upload(length).await.map_err(failed)?;
        }
        self.spool.new_upload(length);
        Ok(())
    }

    pub(crate) async fn new_file(&mut self, info: UploadInfo) -> Result<Handled, Failure> {
        let info = self.info.insert(info);
        self.taking_part = 0;
        for own in &mut self.own {
            own.seen = 0;
            self.taking_part = self.taking_part.saturating_add(1);
            match own.handler.new_file(info).await.map_err(failed)? {
                NewFile::Continue => {}
                NewFile::StopFutureHandlers => return Ok(Handled::Continue),
                NewFile::SkipFile => return Ok(self.skip()),
                NewFile::StopUpload => return Ok(Handled::StopUpload),
            }
        }
        self.spool.new_file();
        Ok(Handled::Continue)
    }

    pub(crate) async fn receive(&mut self, mut piece: Bytes) -> Result<Handled, Failure> {
        for own in self.own.iter_mut().take(self.taking_part) {
            let length = piece.len() as u64;
            let received = own.handler.receive_data_chunk(piece, own.seen).await.map_err(failed)?;
            own.seen = own.seen.saturating_add(length);
            match received {
                Received::Next(next) => piece = next,
                Received::Kept => return Ok(Handled::Continue),
                Received::SkipFile => return Ok(self.skip()),
                Received::StopUpload => return Ok(Handled::StopUpload),
            }
        }
        self.spool.receive(piece).await?;
        Ok(Handled::Continue)
    }

    /// The field and the file that goes into FILES, if there is one.
    pub(crate) async fn file_complete(&mut self) -> Result<Option<(String, UploadedFile)>, Failure> {
        let Some(info) = self.info.take() else { return Ok(None) };
        let mut found = None;
        for own in self.own.iter_mut().take(self.taking_part) {
            found = own.handler.file_complete(own.seen).await.map_err(failed)?;
            if found.is_some() {
                self.spool.forget();
                break;
            }
        }
        let field = info.field_name().to_owned();
        let file = match found {
            Some(file) => Some(file),
            None => self.spool.file_complete(info).await?,
        };
        Ok(file.map(|file| (field, file)))
    }

    pub(crate) async fn upload_complete(&mut self) -> Result<(), Failure> {
        // A file that StopUpload left unfinished.
        self.spool.forget();
        for own in &mut self.own {
            own.handler.upload_complete().await.map_err(failed)?;
        }
        self.running = false;
        Ok(())
    }

    fn skip(&mut self) -> Handled {
        self.info = None;
        self.spool.forget();
        Handled::SkipFile
    }
}

/// The client left, the request was cancelled, or something failed.
impl Drop for Handlers {
    fn drop(&mut self) {
        if self.running {
            for own in &mut self.own {
                own.handler.upload_interrupted();
            }
        }
    }
}
