//! Sessions in files, on a disk that fails.

use std::path::PathBuf;
use std::time::Duration;

use nuages_sessions::{Backends, SessionEngine};
use test_servers::{empty_disk, fill_disk};
use tokio::task::JoinHandle;

use super::engine;
use crate::disk;
use crate::fault::Fault;
use crate::operation::Operation;
use crate::stand::Stand;

pub(crate) struct File {
    disk: PathBuf,
    engine: SessionEngine,
    locks: Vec<std::fs::File>,
    slow: Option<JoinHandle<()>>,
}

impl File {
    pub(crate) fn new(disk: PathBuf) -> File {
        std::fs::create_dir(disk.join("sessions")).unwrap();
        let engine = engine("file", Some(&disk.join("sessions")), &Backends::default());
        File { disk, engine, locks: Vec::new(), slow: None }
    }
}

impl Stand for File {
    fn title(&self) -> &'static str {
        "file"
    }

    fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Refused => "the folder is gone",
            Fault::Hang => "another process keeps the lock of the file",
            Fault::Cut => "breaks off in its reply",
            Fault::Garbage => "answers garbage",
            Fault::Slow => "another process has the lock of the file for 1 s",
            Fault::Full => "the disk is full",
            Fault::ReadOnly => "the disk is read-only",
            Fault::Restarted => "was killed and restarted",
        }
    }

    fn lacks(&self, fault: Fault, _operation: Operation) -> Option<&'static str> {
        match fault {
            Fault::Cut | Fault::Garbage | Fault::Restarted => Some("a folder neither answers nor restarts"),
            _ => None,
        }
    }

    fn engine(&self) -> SessionEngine {
        self.engine.clone()
    }

    async fn witness(&self) -> SessionEngine {
        engine("file", Some(&self.disk.join("sessions")), &Backends::default())
    }

    async fn begin(&mut self, fault: Fault, sessions: &[String]) {
        let folder = self.disk.join("sessions");
        match fault {
            Fault::Refused => std::fs::rename(&folder, self.disk.join("away")).unwrap(),
            Fault::Full => fill_disk(&self.disk),
            Fault::ReadOnly => disk::remount(&self.disk, "ro"),
            // Another process has the lock of each file, for long or for a second.
            Fault::Hang | Fault::Slow => {
                for key in sessions {
                    let file = std::fs::File::open(folder.join(format!("sessionid{key}"))).unwrap();
                    file.lock().unwrap();
                    self.locks.push(file);
                }
                if fault == Fault::Slow {
                    let locks = std::mem::take(&mut self.locks);
                    self.slow = Some(tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        drop(locks);
                    }));
                }
            }
            Fault::Cut | Fault::Garbage | Fault::Restarted => {}
        }
    }

    async fn end(&mut self, fault: Fault) {
        match fault {
            Fault::Refused => std::fs::rename(self.disk.join("away"), self.disk.join("sessions")).unwrap(),
            Fault::Full => empty_disk(&self.disk),
            Fault::ReadOnly => disk::remount(&self.disk, "rw"),
            _ => {
                self.locks.clear();
                if let Some(slow) = self.slow.take() {
                    slow.abort();
                    slow.await.ok();
                }
            }
        }
    }
}
