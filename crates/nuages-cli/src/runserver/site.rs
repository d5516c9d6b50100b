//! The site as a process of its own.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nuages_server::Bound;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::project::Project;
use crate::{environment_file, terminal};

/// How much of what the site says is kept for the page that tells why it ended.
const KEPT: usize = 64 * 1024;

/// How long a site whose connections were cut may take to end.
const AFTER_CUT: Duration = Duration::from_secs(2);

/// A running site. It does not outlive this value.
pub(super) struct Site {
    process: Child,
    said: JoinHandle<Vec<u8>>,
    is_leaving: bool,
}

/// A site that ended by itself.
pub(super) struct Death {
    pub(super) status: ExitStatus,
    /// The last of what it said.
    pub(super) said: String,
}

impl Site {
    /// Starts the site; the socket is its standard input.
    pub(super) fn start(executable: &Path, project: &Project, socket: &Bound) -> Result<Self, Failure> {
        let mut command = Command::new(executable);
        command
            .arg("runserver")
            .envs(environment_file::missing(&project.folder)?)
            .env("CARGO_MANIFEST_DIR", &project.folder)
            .envs([("LISTEN_FDS", "1"), ("LISTEN_FDS_FIRST_FD", "0")])
            .env_remove("LISTEN_PID")
            .env("RELOADER_PID", std::process::id().to_string())
            .current_dir(&project.folder)
            .stderr(Stdio::piped())
            // Ctrl-C comes to this process, which then ends the site, once.
            .process_group(0)
            .kill_on_drop(true);
        if terminal::error_has_colours() {
            command.env("CLICOLOR_FORCE", "1");
        }
        let mut start = || -> io::Result<Child> {
            command.stdin(socket.as_fd().try_clone_to_owned()?);
            command.spawn()
        };
        let mut process = start().map_err(|error| Failure::at(executable, "cannot be started", &error))?;
        let said = tokio::spawn(relay(process.stderr.take()));
        Ok(Self { process, said, is_leaving: false })
    }

    /// Waits until the site ends by itself. May be dropped and called again.
    pub(super) async fn ended(&mut self) -> io::Result<Death> {
        let status = self.process.wait().await?;
        // A child of its own may hold the other end for ever.
        let said = timeout(Duration::from_secs(1), &mut self.said).await;
        let said = said.map(Result::unwrap_or_default).unwrap_or_default();
        Ok(Death { status, said: String::from_utf8_lossy(&said).into_owned() })
    }

    /// Takes no more requests, and answers those that it has.
    pub(super) fn leave(&mut self) {
        // The second signal cuts them.
        if !std::mem::replace(&mut self.is_leaving, true) {
            self.terminate();
        }
    }

    /// Lets running requests end for so long, then cuts them.
    pub(super) async fn end(mut self, patience: Duration) {
        self.leave();
        if timeout(patience, self.process.wait()).await.is_ok() {
            return;
        }
        self.terminate();
        let _else_the_drop_kills_it = timeout(AFTER_CUT, self.process.wait()).await;
    }

    fn terminate(&self) {
        if let Some(process) = self.process.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            let _ended_by_itself = kill_process(process, Signal::TERM);
        }
    }
}

/// Passes on to the terminal what the site says, and keeps the end of it.
async fn relay(err: Option<ChildStderr>) -> Vec<u8> {
    let (mut said, mut buffer) = (Vec::new(), vec![0; 8 * 1024]);
    let Some(mut err) = err else { return said };
    while let Ok(read @ 1..) = err.read(&mut buffer).await {
        let piece = buffer.get(..read).unwrap_or_default();
        let _nobody_reads = io::stderr().write_all(piece);
        said.extend_from_slice(piece);
        if said.len() > 2 * KEPT {
            said.drain(..KEPT);
        }
    }
    said
}
