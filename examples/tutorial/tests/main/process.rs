//! The site as a user starts it: a process in a folder, asked over real HTTP.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running site; it does not outlive the test.
struct Site {
    process: Child,
    url: String,
}

impl Site {
    /// Starts the binary in this folder, on a port of the system's choice, and waits until it serves.
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tutorial"))
            .args(["runserver", "127.0.0.1:0"])
            .current_dir(folder)
            // Cargo's variable leads to the settings in the source folder, and nothing may be written there.
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("DATABASE_URL")
            .env_remove("SECRET_KEY")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.find_map(|line| {
            let (_, rest) =
                line.unwrap().split_once("Serving at ").map(|(a, b)| (a.to_owned(), b.to_owned()))?;
            Some(rest.split(' ').next()?.trim_end_matches('/').to_owned())
        });
        // Reads on, so that the process never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        Self { process, url: url.expect("it says where it serves") }
    }

    /// Asks with curl, which keeps its cookies in `jar`; answers what it printed.
    fn curl(&self, jar: &Path, arguments: &[&str], path: &str) -> String {
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "20"])
            .args([Path::new("--cookie"), jar, Path::new("--cookie-jar"), jar])
            .args(arguments)
            .arg(format!("{}{path}", self.url))
            .output()
            .unwrap_or_else(|error| {
                panic!("curl does not start ({error}); install it: apt-get install curl")
            });
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "curl {path}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Sends SIGTERM and waits for the end.
    fn terminate(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("SIGTERM did not end the site");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _status = self.process.wait();
    }
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("settings.toml"),
        folder.path().join("settings.toml"),
    )
    .unwrap();
    folder
}

#[test]
fn a_clone_serves_without_being_configured() {
    let folder = folder();
    let mut site = Site::start(folder.path());
    for (name, version) in [("1", "--http1.1"), ("2", "--http2-prior-knowledge")] {
        let jar = folder.path().join(format!("cookies-{name}"));
        let said = ["--write-out", "|%{http_version}", version];
        let get = |path| site.curl(&jar, &said, path).split('|').next().map(str::to_owned).unwrap();
        assert!(
            site.curl(&jar, &said, "/s/cookie")
                .ends_with(&format!("Cookie Set|{}", name.replace('1', "1.1")))
        );
        assert_eq!(get("/set/cookie"), " Codeunderscored Django Cookies Tutorial ");
        assert_eq!(get("/get/cookie"), " Welcome for the first time You have requested this page 1 times ");
        assert_eq!(get("/set_session/"), "Set Session");
        assert!(get("/set_session/").contains("<div>Session : TEST</div>"));
        assert!(get("/stored_session/").contains("<pre>eyJ0ZXN0X2lkIjoiVEVTVCJ9:"));
        let form = get("/login/");
        assert!(form.contains("<form method=\"post\">"));
        let without = [version, "--data", "username=guest&password="];
        assert!(site.curl(&jar, &without, "/login/").contains("CSRF token missing."));
        let token =
            form.split("name=\"csrfmiddlewaretoken\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let data = format!("username=guest&password=&csrfmiddlewaretoken={token}");
        let posted = [version, "--data", &data];
        assert_eq!(site.curl(&jar, &posted, "/login/"), "You have logged in successfully.");
        assert!(
            site.curl(&jar, &[version, "--header", "Accept: text/html"], "/")
                .contains("<h1>Cookies and sessions</h1>")
        );
    }
    assert!(folder.path().join("db.sqlite3").exists());
    assert!(folder.path().join(".secret_key").exists());
    assert_eq!(site.terminate().code(), Some(0));
}

#[test]
fn sessions_outlive_the_process() {
    let folder = folder();
    let jar = folder.path().join("cookies");
    let mut site = Site::start(folder.path());
    assert_eq!(site.curl(&jar, &[], "/set_session/"), "Set Session");
    assert!(site.curl(&jar, &[], "/check_salt_cookie/").starts_with("Setting up"));
    assert_eq!(site.terminate().code(), Some(0));
    let mut site = Site::start(folder.path());
    assert_eq!(site.curl(&jar, &[], "/get_session/"), "Session : TEST");
    assert!(site.curl(&jar, &[], "/check_salt_cookie/").ends_with(":hello salt cookie"));
    assert_eq!(site.terminate().code(), Some(0));
}
