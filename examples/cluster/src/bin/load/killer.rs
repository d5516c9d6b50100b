//! Kills the processes of the site one after another, without a warning and politely by turns.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Between the return of one process and the end of the next.
const PAUSE: Duration = Duration::from_millis(700);

/// How long a process may take to come back.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
pub(crate) struct Kills {
    pub(crate) killed: u32,
    pub(crate) asked: u32,
}

/// Until the time is over.
pub(crate) fn kill(folder: &Path, until: Instant) -> Result<Kills, String> {
    let mut kills = Kills::default();
    for turn in 0_u32.. {
        thread::sleep(PAUSE);
        if Instant::now() >= until {
            break;
        }
        let site = folder.join(format!("site-{}.pid", turn % 3 + 1));
        let pid = read(&site)?;
        if turn % 2 == 0 {
            signal("-KILL", &pid)?;
            kills.killed += 1;
        } else {
            signal("-TERM", &pid)?;
            kills.asked += 1;
        }
        back(&site, &pid)?;
    }
    Ok(kills)
}

/// Waits until another process answers on the socket.
fn back(site: &Path, before: &str) -> Result<(), String> {
    let (started, socket) = (Instant::now(), site.with_extension("sock"));
    while started.elapsed() < PATIENCE {
        if read(site)? != before && std::os::unix::net::UnixStream::connect(&socket).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err(format!("{} did not come back", socket.display()))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn signal(signal: &str, pid: &str) -> Result<(), String> {
    let sent = Command::new("kill").args([signal, pid]).stdin(Stdio::null()).status();
    match sent {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("kill {signal} {pid} ended with {status}")),
        Err(error) => Err(format!("cannot run kill: {error}")),
    }
}
