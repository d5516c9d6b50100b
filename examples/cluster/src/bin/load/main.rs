//! Members who log in, count their visits and log out, while the processes that serve them are killed one after another.
//!
//! `load FOLDER URL SECONDS`: FOLDER is the one of `cluster.sh`. The last line says what was lost; the status is 0 only
//! if nothing was.

mod browser;
mod killer;
mod member;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tally::Tally;

/// Members at a time.
const MEMBERS: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, url, seconds] = arguments.as_slice() else {
        return usage();
    };
    let Ok(seconds) = seconds.parse::<u64>() else {
        return usage();
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let tally = Arc::new(Tally::default());
    let members: Vec<_> = (0..MEMBERS)
        .map(|number| {
            let (url, tally) = (url.clone(), Arc::clone(&tally));
            thread::spawn(move || member::live(number, &url, until, &tally))
        })
        .collect();
    let kills = killer::kill(&PathBuf::from(folder), until);
    for member in members {
        if member.join().is_err() {
            tally.lost("a member's thread panicked".to_owned());
        }
    }
    tally.report(kills)
}

#[expect(clippy::print_stderr, reason = "the program's own output")]
fn usage() -> ExitCode {
    eprintln!("usage: load FOLDER URL SECONDS");
    ExitCode::from(2)
}
