//! The script that starts both sites, and ends them.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) struct Sites {
    script: Child,
    port: u16,
    data: PathBuf,
    folder: TempDir,
}

impl Sites {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, log, port) = (folder.path().join("data"), folder.path().join("script.log"), two_ports());
        let output = File::create(&log).unwrap();
        let script = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/side-by-side.sh"))
            .arg(&data)
            .env("PORT", port.to_string())
            .env("SITE", env!("CARGO_BIN_EXE_django-side-by-side"))
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap();
        let mut sites = Self { script, port, data, folder };
        let started = Instant::now();
        loop {
            let said = std::fs::read_to_string(&log).unwrap();
            if said.contains("Ctrl-C ends it") {
                return sites;
            }
            let ended = sites.script.try_wait().unwrap();
            // A virtual environment may have to be made first.
            let late = started.elapsed() > Duration::from_secs(180);
            assert!(ended.is_none() && !late, "{said}{}", sites.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A folder that ends with the sites.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The end of each log.
    pub(crate) fn logs(&self) -> String {
        let mut text = String::new();
        for name in ["migrate.log", "django.log", "nuages.log", "nginx.log", "nginx-error.log"] {
            let log = std::fs::read_to_string(self.data.join(name)).unwrap_or_default();
            let lines: Vec<&str> = log.lines().rev().take(8).collect();
            text.push_str(&format!("\n== {name}\n"));
            lines.iter().rev().for_each(|line| text.push_str(&format!("{line}\n")));
        }
        text
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        Command::new("kill").args(["-TERM", &self.script.id().to_string()]).status().ok();
        self.script.wait().ok();
    }
}

/// The first of two free ports in a row.
fn two_ports() -> u16 {
    let from = 20_000 + u16::try_from(std::process::id() % 5_000).unwrap() * 2;
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    (from..32_000).step_by(2).find(|first| is_free(*first) && is_free(first + 1)).unwrap()
}
