//! What happened, counted.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::killer::Kills;

/// Failures that are shown; all are counted.
const SHOWN: usize = 10;

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) requests: AtomicU64,
    pub(crate) logins: AtomicU64,
    pub(crate) logouts: AtomicU64,
    lost: Mutex<Vec<String>>,
}

impl Tally {
    pub(crate) fn lost(&self, what: String) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    #[expect(clippy::print_stdout, reason = "the program's own output")]
    pub(crate) fn report(&self, kills: Result<Kills, String>) -> ExitCode {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        for failure in lost.iter().take(SHOWN) {
            println!("LOST {failure}");
        }
        let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
        let (requests, logins, logouts) = (count(&self.requests), count(&self.logins), count(&self.logouts));
        let kills = match kills {
            Ok(kills) => kills,
            Err(error) => {
                println!("the processes could not be killed: {error}");
                return ExitCode::FAILURE;
            }
        };
        println!(
            "{requests} requests, {logins} logins, {logouts} logouts; {} processes killed, {} asked to end; {} lost",
            kills.killed,
            kills.asked,
            lost.len()
        );
        // A run in which nothing happened shows nothing.
        let ran = requests > 0 && logins > 0 && kills.killed > 0 && kills.asked > 0;
        if ran && lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
