//! Build, serve, wait for a change; again and again.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nuages_server::{Address, Bound};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::build::{Broken, Built, build, shown};
use super::dep_info;
use super::page::Page;
use super::site::Site;
use super::stand_in::StandIn;
use super::watcher::Watcher;
use crate::failure::Failure;
use crate::project::Project;
use crate::terminal;

/// How long a browser waits for a build before it is shown that there is one.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long requests of the former site may go on once there is a new one.
const OVERLAP: Duration = Duration::from_secs(2);

/// How long they may at the end, if nobody presses Ctrl-C again.
const FAREWELL: Duration = Duration::from_secs(30);

/// Serves the project on the socket until a signal.
pub(super) async fn run(project: &Project, binary: &str, socket: &Bound) -> Result<ExitCode, Failure> {
    let mut signals = Signals::new()?;
    let mut watcher = Watcher::new(project)?;
    terminal::error(format_args!(
        "{} at {}, built again when its sources change; Ctrl-C ends it",
        terminal::bold(&project.name),
        link(socket.local_addr())
    ));
    // What answers its last requests while the next one is built.
    let mut former: Option<Site> = None;
    loop {
        let waiting = StandIn::after(PATIENCE, socket, Page::building(&project.name))?;
        let started = Instant::now();
        let built = tokio::select! {
            built = build(project, binary) => built?,
            path = watcher.changed() => {
                terminal::error(format_args!("{} has changed again", shown(&path, project)));
                waiting.end().await;
                continue;
            }
            () = signals.any() => return Ok(ExitCode::SUCCESS),
        };
        waiting.end().await;
        let page = match built {
            Built::Ready(executable) => {
                let seconds = started.elapsed().as_secs_f64();
                terminal::error(terminal::good(format_args!("built in {seconds:.1} s")));
                watcher.built_from(dep_info::sources(&executable))?;
                match Site::start(&executable, project, socket) {
                    Ok(mut site) => {
                        if let Some(former) = former.take() {
                            tokio::spawn(former.end(OVERLAP));
                        }
                        tokio::select! {
                            ended = site.ended() => {
                                let death = ended.map_err(|error| Failure::new(format_args!("cannot wait for the site: {error}")))?;
                                watcher.broken(BTreeSet::new())?;
                                Page::ended(&project.name, &death)
                            }
                            path = watcher.changed() => {
                                terminal::error(format_args!("{} has changed", shown(&path, project)));
                                // Whoever comes now waits for the next one.
                                site.leave();
                                former = Some(site);
                                continue;
                            }
                            () = signals.any() => {
                                return Ok(farewell(site, &mut signals).await);
                            }
                        }
                    }
                    // Somebody writes in .env, for example, and has not ended.
                    Err(failure) => {
                        terminal::error(format_args!("{} {failure}", terminal::bad("error:")));
                        watcher.broken(BTreeSet::new())?;
                        Page::refused(&project.name, &failure)
                    }
                }
            }
            Built::Broken(Broken { said, folders }) => {
                watcher.broken(folders)?;
                Page::broken(&project.name, &said)
            }
        };
        terminal::error(terminal::bad(format_args!(
            "{}; the browser shows it, until a file changes",
            page.title()
        )));
        let stand_in = StandIn::after(Duration::ZERO, socket, page)?;
        tokio::select! {
            path = watcher.changed() => {
                terminal::error(format_args!("{} has changed", shown(&path, project)));
                stand_in.end().await;
            }
            () = signals.any() => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// Lets the site's requests end, unless somebody insists.
async fn farewell(site: Site, signals: &mut Signals) -> ExitCode {
    tokio::select! {
        () = site.end(FAREWELL) => {}
        // The drop of the site kills it.
        () = signals.any() => {}
    }
    ExitCode::SUCCESS
}

/// What ends this command.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        let of = |kind| {
            signal(kind).map_err(|error| Failure::new(format_args!("cannot wait for signals: {error}")))
        };
        Ok(Self { interrupt: of(SignalKind::interrupt())?, terminate: of(SignalKind::terminate())? })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What to click on.
fn link(address: &Address) -> String {
    match address {
        Address::Tcp(address) if address.ip().is_unspecified() => {
            format!("http://localhost:{}/", address.port())
        }
        Address::Tcp(address) => format!("http://{address}/"),
        other => other.to_string(),
    }
}
