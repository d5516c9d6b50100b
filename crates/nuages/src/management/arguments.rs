//! The command line.

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use nuages_server::Address;

use crate::checks::Level;

/// What the command line asks for.
pub(super) enum Asked {
    Command(Command),
    Help(String),
    Mistake(String),
}

/// Serves the site and looks after it
#[derive(Parser)]
#[command(
    disable_help_subcommand = true,
    after_help = "Without a command, `runserver` runs. Settings come from settings.toml and the environment."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Serves until SIGTERM or Ctrl-C, then lets running requests end
    Runserver(RunserverOptions),
    /// Makes the tables of the framework in the database
    Migrate,
    /// Deletes sessions that have expired
    Clearsessions,
    /// Copies static files to STATIC_ROOT, with hashed names, a manifest and compressed variants
    #[cfg(feature = "staticfiles")]
    Collectstatic(CollectstaticOptions),
    /// Looks for what is wrong with settings, middleware, routes and database
    Check(CheckOptions),
    /// Lists the routes, in the order in which they are tried
    Showurls,
    /// Lists the middleware, the outermost first
    Showmiddleware,
}

#[derive(clap::Args, Default)]
#[command(after_help = "\
Examples:
  runserver                  127.0.0.1:8000
  runserver 8080             another port
  runserver 0.0.0.0:8000     every address of this machine
  runserver unix:/run/a.sock a unix socket
  runserver inherited        the socket that systemd or systemfd passes on

RUST_LOG chooses what is logged, for example RUST_LOG=warn or RUST_LOG=info,nuages.access=off.")]
pub(super) struct RunserverOptions {
    /// Where to listen [default: 127.0.0.1:8000, or an inherited socket if there is one]
    #[arg(value_name = "ADDRESS")]
    pub(super) address: Option<Address>,
}

#[derive(clap::Args)]
pub(super) struct CheckOptions {
    /// Also checks whether the settings are fit for deployment
    #[arg(long)]
    pub(super) deploy: bool,
    /// From which level on a message is a failure (exit status 1)
    #[arg(long, value_name = "LEVEL", value_enum, ignore_case = true, default_value = "ERROR")]
    pub(super) fail_level: Level,
}

#[cfg(feature = "staticfiles")]
#[derive(clap::Args)]
pub(super) struct CollectstaticOptions {
    /// Asks nothing
    #[arg(long, visible_alias = "no-input")]
    pub(super) noinput: bool,
    /// Copies only: no hashed names, no manifest, no compressed variants
    #[arg(long)]
    pub(super) no_post_process: bool,
    /// Leaves out files and folders whose name matches; may be given several times
    #[arg(short, long, value_name = "PATTERN")]
    pub(super) ignore: Vec<String>,
    /// Says what would be copied, and copies nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Deletes everything in STATIC_ROOT first
    #[arg(short, long)]
    pub(super) clear: bool,
    /// Also takes `CVS`, `.*` and `*~`
    #[arg(long)]
    pub(super) no_default_ignore: bool,
}

/// Reads the command line.
pub(super) fn parse(program: &OsString, arguments: Vec<OsString>) -> Asked {
    let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
    let command = Arguments::command().bin_name(name.clone());
    let whole = std::iter::once(OsString::from(name)).chain(arguments);
    let parsed = command.try_get_matches_from(whole).and_then(|found| Arguments::from_arg_matches(&found));
    match parsed {
        Ok(arguments) => Asked::Command(
            arguments.command.unwrap_or_else(|| Command::Runserver(RunserverOptions::default())),
        ),
        Err(error) if error.use_stderr() => Asked::Mistake(error.render().to_string()),
        Err(help) => Asked::Help(help.render().to_string()),
    }
}
