//! A server in a process of its own, for what a test cannot do to itself: signals and a limit of open files.

use std::io::{BufRead, BufReader};
use std::process::{self, Command, Stdio};

use nuages_server::{Server, shutdown_signal};

use crate::site::App;

/// The child process of other tests: a real server with real signals.
#[tokio::test]
async fn child_that_serves_until_a_signal() {
    if std::env::var_os("SIGNAL_CHILD").is_none() {
        return;
    }
    let bound = Server::new().bind("127.0.0.1:0".parse::<nuages_server::Address>().unwrap()).unwrap();
    println!("listening {}", bound.local_addr());
    let ended = bound.serve(App::default(), shutdown_signal()).await.unwrap();
    println!("ended {ended:?}");
}

/// A server in a process of its own.
pub(crate) struct Child(process::Child, BufReader<process::ChildStdout>);

impl Child {
    /// Starts it, after some words for the shell, and tells its address.
    pub(crate) fn start(before: &str) -> (Self, String) {
        let mut child = Command::new("sh")
            .args(["-c", &format!("{before} exec \"$@\""), "sh"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "child::child_that_serves_until_a_signal", "--nocapture"])
            .env("SIGNAL_CHILD", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut child = Self(child, output);
        let address = child.line_with("listening ");
        (child, address)
    }

    /// What follows `start` on the next line that has it.
    pub(crate) fn line_with(&mut self, start: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.1.read_line(&mut line).unwrap() > 0, "no line `{start}`");
            if let Some((_, rest)) = line.split_once(start) {
                return rest.trim().to_owned();
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it ended well.
    pub(crate) fn wait(&mut self) -> bool {
        self.0.wait().unwrap().success()
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}
