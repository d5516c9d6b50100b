//! The endpoints of the peers' benchmark, written as a user of nuages would write them; see README.md.
//!
//! Environment: `PORT`, `WORKERS` (threads), `SQLITE` (path of the database), `SESSION_FILES` (folder of the session
//! files), `RT` (`ct`, the default: a single-threaded runtime for each worker, SO_REUSEPORT; `mt`: tokio's
//! multi-threaded runtime).

mod sites;
mod views;

use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;

use nuages::db::Database;
use nuages::server::{Address, Server, shutdown_signal};
use tokio::runtime::{Builder, Runtime};

use sites::{Places, Sites};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let variable = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let port: u16 = variable("PORT", "8000").parse()?;
    let workers: usize = variable("WORKERS", "2").parse()?;
    let places = Places { sqlite: std::env::var("SQLITE").ok(), files: std::env::var("SESSION_FILES").ok() };
    let sites = Sites::new(&places)?;
    let databases: Vec<Database> =
        sites.all().filter_map(|site| site.site().extensions().get().cloned()).collect();
    current_thread()?.block_on(async {
        for database in &databases {
            database.migrate().await?;
        }
        Ok::<(), nuages::db::DbError>(())
    })?;
    if variable("RT", "ct") == "mt" {
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        return runtime.block_on(serve(port, sites));
    }
    let threads: Vec<_> = (0..workers)
        .map(|_| {
            let sites = sites.clone();
            std::thread::spawn(move || current_thread()?.block_on(serve(port, sites)))
        })
        .collect();
    threads
        .into_iter()
        .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a worker panicked".into())))
}

fn current_thread() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

async fn serve(port: u16, sites: Sites) -> Outcome {
    let server = Server::new().reuse_port().without_peer_extension();
    let bound = server.bind(Address::from((Ipv4Addr::LOCALHOST, port)))?;
    bound.serve(sites, shutdown_signal()).await?;
    Ok(())
}
