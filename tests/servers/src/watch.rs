//! Ending what is left when the test's process dies, by a signal or with a server in a static.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `read` fails when the other end of the pipe closes, and that happens when the test's process ends in any way.
const SCRIPT: &str = r#"read -r _ && exit
if [ -n "$2" ]; then
    kill -s CONT "$2"; kill -s "$3" "$2"
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 "$2" || break; sleep 0.1; done
    kill -s KILL "$2"
fi
# A program that was making the files may make some more.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$1"; [ -e "$1" ] || exit; sleep 1
done"#;

/// A process that outlives ours and clears up behind it.
#[derive(Debug)]
pub(crate) struct Watch {
    shell: Child,
}

impl Watch {
    /// Ends a process with a signal, then removes the folder.
    pub(crate) fn process(folder: &Path, pid: u32, signal: &str) -> Watch {
        Self::start(folder, &pid.to_string(), signal)
    }

    /// Removes the folder.
    pub(crate) fn folder(folder: &Path) -> Watch {
        Self::start(folder, "", "")
    }

    fn start(folder: &Path, pid: &str, signal: &str) -> Watch {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "sh"]).arg(folder).args([pid, signal]);
        // A group of its own: Ctrl-C in a terminal reaches the tests and not this.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Watch {
            shell: command.current_dir("/").spawn().unwrap_or_else(|e| panic!("cannot run /bin/sh: {e}")),
        }
    }
}

/// There is nothing left to clear up.
impl Drop for Watch {
    fn drop(&mut self) {
        let told = self.shell.stdin.take().is_some_and(|mut pipe| pipe.write_all(b"\n").is_ok());
        if !told {
            // It is gone already, or cannot be told.
            self.shell.kill().ok();
        }
        self.shell.wait().ok();
    }
}
