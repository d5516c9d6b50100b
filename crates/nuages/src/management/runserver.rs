//! `runserver`.

use std::error::Error;
use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use nuages_db::{Database, DbError};
use nuages_http::Settings;
use nuages_server::{Address, BindError, BindErrorKind, Bound, Ended, Server, shutdown_signal};
use nuages_sessions::SessionEngine;
use tokio::task::JoinHandle;

use super::arguments::RunserverOptions;
use super::output::Output;
use super::project::Project;
use super::{Outcome, migrate, report, runtime};
use crate::application::Application;
use crate::configuration::Sources;
use crate::error_chain::chain;

/// Serves until a signal.
pub(super) fn run(
    project: Project,
    options: &RunserverOptions,
    sources: &Sources,
    output: &mut Output,
) -> Outcome {
    if let Err(error) = end_with_reloader(sources) {
        return report::error(&*error, output);
    }
    let settings = project.settings().clone();
    let application = match project.build() {
        Ok(application) => application,
        Err(errors) => return report::startup(&errors, output),
    };
    match listen(application, &settings, options, sources, output) {
        Ok(Ended::Clean) => Outcome::Success,
        Ok(ended @ Ended::Cut { .. }) => {
            output.error_line(format_args!("stopped before all requests had ended: {ended}"));
            Outcome::Failure
        }
        Err(error) => report::error(&*error, output),
    }
}

fn listen(
    application: Application,
    settings: &Settings,
    options: &RunserverOptions,
    sources: &Sources,
    output: &mut Output,
) -> Result<Ended, Box<dyn Error>> {
    let bound = bind(options, sources)?;
    let runtime = runtime::of_many_threads()?;
    let ended = runtime.block_on(async {
        // Whatever keeps something in the database has opened it.
        let database = application.site().extensions().get::<Database>().cloned();
        if let Some(database) = &database
            && let Err(error) = prepare_tables(database, settings, output).await
        {
            // It may come back while the site runs; pages that need it answer 503 until then.
            if !error.is_outage() {
                return Err(error.into());
            }
            output.error_line(format_args!(
                "warning: the database {} cannot be used now: {}",
                settings.DATABASE_URL.masked(),
                chain(&error)
            ));
        }
        let sweeper = sweeper(&application, settings);
        let ended = serve(bound, application, settings, output).await;
        if let Some(sweeper) = sweeper {
            sweeper.abort();
        }
        let ended = ended?;
        if let Some(database) = &database {
            database.close().await?;
        }
        Ok(ended)
    });
    // Threads that still run something belong to requests that were cut.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

/// The variable by which `nuages runserver`, which restarts the site when its sources change, tells its process id.
const RELOADER: &str = "RELOADER_PID";

/// A site must not keep the port when its reloader was killed.
fn end_with_reloader(sources: &Sources) -> Result<(), Box<dyn Error>> {
    let Some(reloader) = sources.get(RELOADER) else { return Ok(()) };
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
    // It may have died before that.
    let parent = std::os::unix::process::parent_id().to_string();
    if reloader.to_str() == Some(&parent) {
        Ok(())
    } else {
        Err(format!("{RELOADER} names another process than this one's parent; unset it").into())
    }
}

/// What deletes expired sessions now and then, if SESSION_SWEEP_INTERVAL says so.
fn sweeper(application: &Application, settings: &Settings) -> Option<JoinHandle<()>> {
    let interval = Duration::from_secs(settings.SESSION_SWEEP_INTERVAL?.into());
    let engine = application.site().extensions().get::<SessionEngine>()?.clone();
    Some(tokio::spawn(async move { engine.sweep_every(interval).await }))
}

/// The address of the command line; else the socket passed on, else port 8000 of this machine.
fn bind(options: &RunserverOptions, sources: &Sources) -> Result<Bound, BindError> {
    if let Some(address) = &options.address {
        return server().bind(address.clone());
    }
    if sources.get("LISTEN_FDS").is_some() {
        match server().bind(Address::Inherited) {
            // The variable was meant for the parent of this process.
            Err(error) if error.kind() == BindErrorKind::NothingInherited => {}
            bound => return bound,
        }
    }
    server().bind(Address::from((Ipv4Addr::LOCALHOST, 8000)))
}

/// An application takes the peer from the body.
fn server() -> Server {
    Server::new().without_peer_extension()
}

async fn serve(
    bound: Bound,
    application: Application,
    settings: &Settings,
    output: &mut Output,
) -> Result<Ended, Box<dyn Error>> {
    let mut shutdown = pin!(shutdown_signal());
    // Handlers stand before the address is shown: who reads it may send a signal at once.
    if poll_fn(|cx| Poll::Ready(shutdown.as_mut().poll(cx).is_ready())).await {
        return Ok(Ended::Clean);
    }
    if settings.DEBUG {
        output.line("DEBUG is on: for development only.");
    }
    output.line(format_args!("Serving at {} (Ctrl-C ends it)", link(bound.local_addr())));
    Ok(bound.serve(application, shutdown).await?)
}

/// What to click on.
fn link(address: &Address) -> String {
    match address {
        Address::Tcp(address) if address.ip().is_unspecified() => {
            let local: IpAddr =
                if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
            let mut reachable = *address;
            reachable.set_ip(local);
            format!("http://{reachable}/ and every other address of this machine")
        }
        Address::Tcp(address) => format!("http://{address}/"),
        other => other.to_string(),
    }
}

/// A developer need not think of `migrate`; in production nothing changes the tables unasked.
async fn prepare_tables(
    database: &Database,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), DbError> {
    if settings.DEBUG {
        if settings.SESSION_INDEX && database.session_index().create().await? {
            output.line("Made the index of sessions");
        }
        for migration in migrate::migrate_if_needed(database).await? {
            output.line(format_args!(
                "Migrated {}: {}",
                settings.DATABASE_URL.masked(),
                migrate::describe(&migration)
            ));
        }
    } else if !database.pending_migrations().await?.is_empty() {
        output.error_line("warning: the database lacks tables; run the command `migrate`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        let table = [
            ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
            ("[::1]:80", "http://[::1]:80/"),
            ("0.0.0.0:8000", "http://127.0.0.1:8000/ and every other address of this machine"),
            ("[::]:8000", "http://[::1]:8000/ and every other address of this machine"),
            ("unix:/run/a.sock", "unix:/run/a.sock"),
        ];
        for (address, expected) in table {
            assert_eq!(link(&address.parse().unwrap()), expected);
        }
    }
}
