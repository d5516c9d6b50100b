//! One build of the project, by cargo.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::failure::Failure;
use crate::project::Project;
use crate::{cargo, terminal};

/// What is kept of what cargo says, for the page: the first and the last of it matter most, and no page shows more.
const MOST: usize = 256 * 1024;

/// How a build ended.
pub(super) enum Built {
    /// There is a binary.
    Ready(PathBuf),
    /// It does not compile.
    Broken(Broken),
}

/// What does not compile.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// What rustc or cargo says, with a terminal's colours.
    pub(super) said: String,
    /// The folders with the sources of the crates that do not: they may be others than the project's.
    pub(super) folders: BTreeSet<PathBuf>,
}

/// A line of what cargo writes for programs.
#[derive(Deserialize)]
struct Line {
    reason: String,
    message: Option<Message>,
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Message {
    rendered: Option<String>,
    level: String,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

/// Builds the binary. Dropped before its end, it ends cargo and what cargo runs.
///
/// # Errors
/// Cargo does not start.
pub(super) async fn build(project: &Project, binary: &str) -> Result<Built, Failure> {
    let mut command = Command::new(cargo::program());
    command
        .args([
            "build",
            "--message-format=json-diagnostic-rendered-ansi",
            "--package",
            &project.id,
            "--bin",
            binary,
        ])
        .current_dir(&project.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    if terminal::error_has_colours() {
        // Its progress is shown although its words pass through here.
        command.env("CARGO_TERM_COLOR", "always");
        command.envs([("CARGO_TERM_PROGRESS_WHEN", "always"), ("CARGO_TERM_PROGRESS_WIDTH", "80")]);
    }
    let mut cargo = Group(command.spawn().map_err(|error| cargo::refusal(&error))?);
    let (Some(out), Some(err)) = (cargo.0.stdout.take(), cargo.0.stderr.take()) else {
        return Err(Failure::new("cannot read what cargo says"));
    };
    let (told, said) = tokio::join!(messages(out, binary), relay(err));
    let status = cargo.0.wait().await.map_err(|error| cargo::refusal(&error))?;
    Ok(match told.executable {
        Some(executable) if status.success() => Built::Ready(executable),
        _ if told.errors.is_empty() => {
            Built::Broken(Broken { said: without_progress(&said), folders: told.folders })
        }
        _ => Built::Broken(Broken { said: told.errors, folders: told.folders }),
    })
}

/// Cargo with the compilers that it runs.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // It has an id as long as it was not waited for.
        if let Some(group) = self.0.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            let _ended_by_itself = kill_process_group(group, Signal::TERM);
        }
    }
}

#[derive(Default)]
struct Told {
    executable: Option<PathBuf>,
    errors: String,
    folders: BTreeSet<PathBuf>,
}

/// Reads what cargo writes for programs; warnings and errors go to the terminal as well.
async fn messages(out: impl AsyncRead + Unpin, binary: &str) -> Told {
    let mut told = Told::default();
    let mut lines = BufReader::new(out).lines();
    // What is no line of text is no message either; the status of cargo tells the rest.
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
        match (line.reason.as_str(), line.message) {
            ("compiler-message", Some(Message { rendered: Some(rendered), level })) => {
                terminal::error(rendered.trim_end());
                let is_error = level.starts_with("error");
                if is_error
                    && let Some(folder) =
                        line.target.and_then(|target| Some(target.src_path.parent()?.to_owned()))
                {
                    told.folders.insert(folder);
                }
                // Warnings are no reason for anything, and the summary is no news.
                if is_error && told.errors.len() < MOST && !is_summary(&rendered) {
                    told.errors.push_str(&rendered);
                }
            }
            ("compiler-artifact", _) => {
                let is_it = line.target.is_some_and(|target| {
                    target.name == binary && target.kind.iter().any(|kind| kind == "bin")
                });
                if is_it && line.executable.is_some() {
                    told.executable = line.executable;
                }
            }
            _ => {}
        }
    }
    told
}

fn is_summary(rendered: &str) -> bool {
    crate::ansi::to_plain(rendered).starts_with("error: aborting due to")
}

/// Passes on to the terminal what cargo says, and keeps the end of it.
async fn relay(mut err: impl AsyncRead + Unpin) -> String {
    let (mut said, mut buffer) = (Vec::new(), vec![0; 8 * 1024]);
    while let Ok(read @ 1..) = err.read(&mut buffer).await {
        let piece = buffer.get(..read).unwrap_or_default();
        let _nobody_reads = std::io::stderr().write_all(piece);
        said.extend_from_slice(piece);
        if said.len() > 2 * MOST {
            said.drain(..MOST);
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// Of a line that was overwritten again and again, only how it ended.
fn without_progress(said: &str) -> String {
    let lines = said.lines().map(|line| line.rsplit('\r').next().unwrap_or(line).replace("\u{1b}[K", ""));
    let kept: Vec<String> = lines.filter(|line| !line.trim().is_empty()).collect();
    kept.join("\n")
}

/// The path as the terminal shows it, short if it lies in the project.
pub(super) fn shown<'a>(path: &'a Path, project: &Project) -> std::path::Display<'a> {
    path.strip_prefix(&project.folder).unwrap_or(path).display()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_cargo_says() {
        let lines = [
            r#"{"reason":"compiler-artifact","target":{"name":"other","kind":["bin"],"src_path":"/o/src/main.rs"},"executable":"/other"}"#,
            r#"{"reason":"compiler-message","message":{"rendered":"warning: w\n","level":"warning"}}"#,
            r#"{"reason":"compiler-message","target":{"name":"q","kind":["lib"],"src_path":"/q/src/lib.rs"},"message":{"rendered":"error: e\n","level":"error"}}"#,
            r#"{"reason":"compiler-message","message":{"rendered":"error: aborting due to 1 previous error\n","level":"error"}}"#,
            "no json",
            r#"{"reason":"compiler-artifact","target":{"name":"site","kind":["bin"],"src_path":"/s/src/main.rs"},"executable":"/site"}"#,
        ];
        let told = messages(lines.join("\n").as_bytes(), "site").await;
        assert_eq!(told.executable.as_deref(), Some(Path::new("/site")));
        assert_eq!(told.errors, "error: e\n");
        assert_eq!(told.folders, [PathBuf::from("/q/src")].into());
    }

    #[test]
    fn progress_is_left_out() {
        assert_eq!(
            without_progress("   Building [=> ] 1/2\r   Building 2/2\r\u{1b}[Kerror: x\n\n  y\n"),
            "error: x\n  y"
        );
    }
}
