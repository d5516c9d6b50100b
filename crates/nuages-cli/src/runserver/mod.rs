//! `runserver`: a socket that stays open while what answers on it is built anew.
//!
//! The socket belongs to this process. It is passed to the site as its standard input; the site answers on it until a
//! source changes. Then the site is told to end and the new one is built, and meanwhile nobody accepts: connections wait
//! in the kernel's queue, and no browser is refused. Where the wait is long, and where the sources do not compile or the
//! site does not start, this process answers by itself, with a page that says so and loads itself again.

mod build;
mod dep_info;
mod page;
mod site;
mod stand_in;
mod supervisor;
mod watcher;

use std::ffi::OsString;
use std::process::ExitCode;

use nuages_server::Server;

use crate::arguments::RunserverOptions;
use crate::failure::Failure;
use crate::manage;
use crate::project::Project;

/// Serves until Ctrl-C or SIGTERM.
pub(crate) fn run(options: &RunserverOptions) -> Result<ExitCode, Failure> {
    let project = Project::find_site()?;
    let binary = project.binary(options.bin.as_deref())?;
    let socket = Server::new().bind(options.address.clone()).map_err(|error| Failure::whole(&error))?;
    // One thread, which must outlive the sites: they end when the thread that started them does.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format_args!("cannot start: {error}")))?;
    runtime.block_on(supervisor::run(&project, &binary, &socket))
}

/// Builds and serves once, as `cargo run` does.
pub(crate) fn without_reload(options: &RunserverOptions) -> Result<ExitCode, Failure> {
    let arguments = [OsString::from("runserver"), OsString::from(options.address.to_string())];
    manage::run(&Project::find_site()?, options.bin.as_deref(), &arguments)
}
