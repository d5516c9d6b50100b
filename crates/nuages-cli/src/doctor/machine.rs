//! What a machine needs, whatever is built on it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use super::finding::Finding;

/// The oldest compiler that builds nuages.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Cargo's folder of a project takes about as much, with some to spare.
const SPACE: u64 = 2 << 30;

/// Nobody ran this program before it was written: 2026-01-01.
const BEGINNING: Duration = Duration::from_secs(1_767_225_600);

/// Files may be a little younger than the clock says, on a network's disk.
const SLACK: Duration = Duration::from_secs(60);

pub(super) fn toolchain() -> Finding {
    let about = "toolchain";
    let (cargo, rustc) = match (said("cargo", &["--version"]), said("rustc", &["--version"])) {
        (Ok(cargo), Ok(rustc)) => (cargo, rustc),
        (Err(why), _) | (_, Err(why)) => return why.finding(about),
    };
    match version(&rustc) {
        Some(found) if Some(found) < version(&format!("rustc {OLDEST}")) => {
            Finding::bad(about, format_args!("{rustc} is older than {OLDEST}"), "rustup update stable")
        }
        _ => Finding::good(about, format_args!("{rustc}, {cargo}")),
    }
}

/// `rustc 1.95.0 (…)`: major and minor.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.split(' ').nth(1)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Why a program of the toolchain says nothing.
enum Silence {
    NotThere(String),
    /// It is there, and fails: rustup has no toolchain for it, for example.
    Fails(String),
}

impl Silence {
    fn finding(self, about: &str) -> Finding {
        match self {
            Self::NotThere(program) => Finding::bad(
                about,
                format_args!("there is no `{program}` on the path"),
                "install Rust: https://rustup.rs",
            ),
            Self::Fails(said) => Finding::bad(about, said, "rustup default stable"),
        }
    }
}

fn said(program: &str, arguments: &[&str]) -> Result<String, Silence> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|_| Silence::NotThere(program.to_owned()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(Silence::Fails(format!("`{program} --version` fails: {}", first.trim_start_matches("error: "))))
}

/// Links the smallest program, as only that shows that it can.
pub(super) fn linker() -> Finding {
    let about = "linker";
    let linked = || -> std::io::Result<String> {
        let folder = tempfile::tempdir()?;
        let (source, program) = (folder.path().join("empty.rs"), folder.path().join("empty"));
        std::fs::write(&source, "fn main() {}\n")?;
        let output =
            Command::new("rustc").arg(&source).arg("-o").arg(&program).stdin(Stdio::null()).output()?;
        if output.status.success() && Command::new(&program).status()?.success() {
            return Ok(String::new());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Ok(said.lines().find(|line| !line.is_empty()).unwrap_or("what it links does not run").to_owned())
    };
    match linked() {
        Ok(wrong) if wrong.is_empty() => Finding::good(about, "links a program that runs"),
        Ok(wrong) => {
            Finding::bad(about, wrong, "sudo apt-get install build-essential, or what this system calls it")
        }
        Err(error) => Finding::bad(about, format_args!("cannot be tried: {error}"), "see the toolchain"),
    }
}

pub(super) fn port(port: u16) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Finding::good("port", format_args!("{port} is free")),
        Err(error) => {
            let other = port.checked_add(1).unwrap_or(8000);
            Finding::bad(
                "port",
                format_args!("{port} cannot be had: {error}"),
                format_args!("nuages runserver {other}"),
            )
        }
    }
}

pub(super) fn disk(folder: &Path) -> Finding {
    let shown = |bytes: u64| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30));
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("{} free in {}", shown(free), folder.display());
            if free < SPACE {
                Finding::bad(
                    "disk",
                    text,
                    format_args!("free {}; `cargo clean` gives back what was built", shown(SPACE)),
                )
            } else {
                Finding::good("disk", text)
            }
        }
        Err(error) => Finding::bad(
            "disk",
            format_args!("{} tells nothing: {error}", folder.display()),
            "use another folder",
        ),
    }
}

/// A clock that is behind gives sessions that have not begun; one far off makes certificates and tokens invalid.
pub(super) fn clock(folder: &Path) -> Finding {
    let (about, fix) = ("clock", "sudo timedatectl set-ntp true");
    let now = SystemTime::now();
    if now < SystemTime::UNIX_EPOCH + BEGINNING {
        return Finding::bad(about, "it is behind the year in which this program was written", fix);
    }
    let youngest = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let youngest =
        youngest.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).max();
    match youngest {
        Some((modified, path)) if modified > now + SLACK => Finding::bad(
            about,
            format_args!("it is behind the time at which {} was written", path.display()),
            fix,
        ),
        _ => Finding::good(about, "no file is younger than now"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::FileTimes;

    use super::*;

    #[test]
    fn versions() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version("rustc"), None);
        assert!(version("rustc 1.100.0") > version(&format!("rustc {OLDEST}")));
    }

    #[test]
    fn programs_that_say_nothing() {
        let finding = |program, arguments: &[&str]| {
            said(program, arguments).err().unwrap().finding("toolchain").to_string()
        };
        assert!(finding("no-such-program", &[]).contains("https://rustup.rs"));
        let fails = finding("sh", &["-c", "echo 'error: no default is configured' >&2; exit 1"]);
        assert!(
            fails.contains("fails: no default is configured") && fails.contains("rustup default"),
            "{fails}"
        );
    }

    #[test]
    fn this_machine_builds_this_program() {
        let folder = tempfile::tempdir().unwrap();
        for finding in [toolchain(), linker(), clock(folder.path())] {
            assert!(!finding.is_bad(), "{finding}");
        }
    }

    #[test]
    fn what_is_bad_is_seen() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let number = taken.local_addr().unwrap().port();
        assert!(port(number).to_string().contains("nuages runserver"));
        assert!(disk(Path::new("/nowhere")).is_bad());
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("late")).unwrap();
        let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
        file.set_times(FileTimes::new().set_modified(tomorrow)).unwrap();
        assert!(clock(folder.path()).to_string().contains("late"));
    }
}
