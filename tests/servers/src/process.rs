//! A server's process and its children.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::watch::Watch;

/// How long a server may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running process; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    end: Signal,
    frozen: bool,
    _watch: Watch,
}

impl Process {
    /// Starts it, with its output in a file; `end` is the signal that ends it without waiting for its clients.
    pub(crate) fn spawn(command: &mut Command, folder: &Path, log: &Path, end: Signal) -> Process {
        let file = File::options().create(true).append(true).open(log);
        let file = file.unwrap_or_else(|e| panic!("cannot write {}: {e}", log.display()));
        let copy = file.try_clone().expect("a file can be opened twice");
        command.stdin(Stdio::null()).stdout(file).stderr(copy).process_group(0);
        let child = command.spawn().unwrap_or_else(|e| panic!("cannot run {command:?}: {e}"));
        let name = if end == Signal::INT { "INT" } else { "TERM" };
        let watch = Watch::process(folder, child.id(), name);
        Process { child, end, frozen: false, _watch: watch }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it is still there.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGSTOP to all of it: connections are accepted by the kernel, and nobody answers.
    pub(crate) fn freeze(&mut self) {
        // The parent first, so that it makes no more children.
        signal(self.id(), Signal::STOP);
        descendants(self.id()).into_iter().for_each(|pid| signal(pid, Signal::STOP));
        self.frozen = true;
    }

    /// SIGCONT to all of it.
    pub(crate) fn thaw(&mut self) {
        descendants(self.id()).into_iter().for_each(|pid| signal(pid, Signal::CONT));
        signal(self.id(), Signal::CONT);
        self.frozen = false;
    }

    /// SIGKILL to all of it, at once.
    pub(crate) fn kill(mut self) {
        self.kill_all();
    }

    fn kill_all(&mut self) {
        if !self.is_running() {
            return;
        }
        signal(self.id(), Signal::STOP);
        let children = descendants(self.id());
        signal(self.id(), Signal::KILL);
        children.iter().for_each(|pid| signal(*pid, Signal::KILL));
        self.child.wait().ok();
        // They are not ours to wait for; init takes them.
        let started = Instant::now();
        while children.iter().any(|pid| is_alive(*pid)) && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The polite signal, then SIGKILL.
impl Drop for Process {
    fn drop(&mut self) {
        if self.is_running() {
            if self.frozen {
                self.thaw();
            }
            signal(self.id(), self.end);
        }
        let started = Instant::now();
        while self.is_running() && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.kill_all();
    }
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // Only a process that has ended meanwhile cannot be reached.
        kill_process(pid, signal).ok();
    }
}

/// Its children and theirs.
fn descendants(pid: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if let Some((_, parent)) = state(id) {
            parents.push((id, parent));
        }
    }
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        next += 1;
    }
    found.split_off(1)
}

/// There, and not merely waiting for its parent to look.
fn is_alive(pid: u32) -> bool {
    state(pid).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

/// A process's state and parent: `1234 (name) S 1 …`, where the name may hold anything.
fn state(pid: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
