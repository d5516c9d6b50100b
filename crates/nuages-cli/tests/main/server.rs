//! `runserver` as a process, and somebody who asks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::folder::Folder;

/// Longer than any build on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running `nuages runserver`; it does not outlive the test.
pub(crate) struct Server {
    process: Child,
    address: String,
    said: Arc<Mutex<String>>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Server {
    /// Starts it in the project `site` of the folder, on a port of the system's choice.
    pub(crate) fn start(folder: &Folder) -> Self {
        let mut process = folder
            .nuages("site")
            .args(["runserver", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let said = Arc::new(Mutex::new(String::new()));
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            Some(line.split_once("http://")?.1.split('/').next()?.to_owned())
        });
        let written = said.clone();
        // Reads on, so that the process never waits for a reader.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut written = written.lock().unwrap();
                written.push_str(&line);
                written.push('\n');
            }
        });
        Self { process, address: address.unwrap(), said }
    }

    /// Where a browser finds it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Asks for a page as a browser does. That the connection is refused fails the test.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(path, "text/html", "localhost")
    }

    /// Asks for a page, with these headers.
    pub(crate) fn ask(&self, path: &str, accept: &str, host: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("nobody is refused");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut whole = Vec::new();
        stream.read_to_end(&mut whole).expect("nobody is cut");
        let text = String::from_utf8(whole).unwrap();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer { status: status.unwrap_or_else(|| panic!("no answer: {text:?}")), text }
    }

    /// Asks until the site itself answers.
    pub(crate) fn get_site(&self) -> Answer {
        loop {
            let answer = self.get("/");
            if answer.status != 503 {
                return answer;
            }
        }
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn signal(&mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{signal:?} did not end it: {}", self.said());
    }

    /// Whether somebody listens.
    pub(crate) fn is_open(&self) -> bool {
        TcpStream::connect(&self.address).is_ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _status = self.process.wait();
    }
}
