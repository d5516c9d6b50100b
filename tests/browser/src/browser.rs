//! A browser with one window.

use std::io::{BufRead, BufReader, Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::wire;

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running Chromium; it ends when this is dropped.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    screenshots: PathBuf,
    _profile: TempDir,
}

/// A part of the page.
pub struct Element<'a> {
    browser: &'a Browser,
    id: String,
}

impl Browser {
    /// Starts one, with a profile of its own and without a screen. The driver is `chromedriver`, or what the variable CHROMEDRIVER
    /// names.
    ///
    /// # Errors
    /// If there is none; the message says how to get it.
    pub fn start(screenshots: impl Into<PathBuf>) -> Result<Self> {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut driver = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Error::other(format!("{program}: {error}; `cargo xtask setup` installs it")))?;
        let profile = tempfile::tempdir()?;
        let port = port(&mut driver)?;
        let mut browser =
            Self { driver, port, session: String::new(), screenshots: screenshots.into(), _profile: profile };
        std::fs::create_dir_all(&browser.screenshots)?;
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1000,800",
            &profile,
        ];
        let capabilities =
            json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}});
        let session = wire::send(browser.port, "POST", "/session", &capabilities)?;
        browser.session = session["sessionId"].as_str().unwrap_or_default().to_owned();
        Ok(browser)
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        wire::send(self.port, method, &format!("/session/{}{path}", self.session), body)
    }

    /// Opens a page.
    ///
    /// # Errors
    /// As the driver says.
    pub fn open(&self, url: &str) -> Result<()> {
        self.command("POST", "/url", &json!({"url": url})).map(drop)
    }

    /// The address of the page that is shown.
    ///
    /// # Errors
    /// As the driver says.
    pub fn url(&self) -> Result<String> {
        Ok(self.command("GET", "/url", &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    /// The first element of a CSS selector.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(&self, selector: &str) -> Result<Element<'_>> {
        let found = self.command("POST", "/element", &json!({"using": "css selector", "value": selector}))?;
        Ok(Element { browser: self, id: found[ELEMENT].as_str().unwrap_or_default().to_owned() })
    }

    /// What the page says.
    ///
    /// # Errors
    /// As the driver says.
    pub fn text(&self) -> Result<String> {
        Ok(self.script("return document.body.innerText")?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page says something.
    ///
    /// # Errors
    /// If it does not within 30 seconds; the message has the page.
    pub fn wait_for(&self, text: &str) -> Result<()> {
        let started = Instant::now();
        while !self.text()?.contains(text) {
            if started.elapsed() > Duration::from_secs(30) {
                return Err(Error::other(format!("no {text:?} on {}: {}", self.url()?, self.text()?)));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Runs a script in the page; what it returns.
    ///
    /// # Errors
    /// If it throws.
    pub fn script(&self, script: &str) -> Result<Value> {
        self.command("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Slows the network down to so many bytes a second, both ways.
    ///
    /// # Errors
    /// As the driver says.
    pub fn throttle(&self, bytes_a_second: u32) -> Result<()> {
        let conditions = json!({
            "offline": false, "latency": 5,
            "download_throughput": bytes_a_second, "upload_throughput": bytes_a_second,
        });
        self.command("POST", "/chromium/network_conditions", &json!({"network_conditions": conditions}))
            .map(drop)
    }

    /// Keeps what is to be seen as `name.png`.
    ///
    /// # Errors
    /// The disk.
    pub fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let image = self.command("GET", "/screenshot", &Value::Null)?;
        let image = STANDARD.decode(image.as_str().unwrap_or_default()).map_err(Error::other)?;
        let path = self.screenshots.join(format!("{name}.png"));
        std::fs::write(&path, image)?;
        Ok(path)
    }
}

impl Element<'_> {
    fn command(&self, path: &str, body: &Value) -> Result<()> {
        self.browser.command("POST", &format!("/element/{}{path}", self.id), body).map(drop)
    }

    /// Clicks on it.
    ///
    /// # Errors
    /// If it cannot be clicked.
    pub fn click(&self) -> Result<()> {
        self.command("/click", &json!({}))
    }

    /// Types into it, or chooses a file of this path.
    ///
    /// # Errors
    /// If nothing can be typed there.
    pub fn type_in(&self, text: impl AsRef<Path>) -> Result<()> {
        self.command("/value", &json!({"text": text.as_ref().to_string_lossy()}))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ended = wire::send(self.port, "DELETE", &format!("/session/{}", self.session), &Value::Null);
        let _killed = self.driver.kill();
        let _reaped = self.driver.wait();
    }
}

/// `ChromeDriver was started successfully on port 38927.`
fn port(driver: &mut Child) -> Result<u16> {
    let out = driver.stdout.take().ok_or_else(|| Error::other("the driver has no output"))?;
    let mut lines = BufReader::new(out).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("on port ")?;
        rest.trim_end_matches('.').parse().ok().filter(|_| line.contains("success"))
    });
    // The rest must be read, or the driver would wait for a reader some day.
    std::thread::spawn(move || lines.for_each(drop));
    port.ok_or_else(|| Error::other("the driver did not say on which port it listens"))
}
