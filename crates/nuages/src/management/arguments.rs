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
    /// Makes the tables of the caches that are in the database
    Createcachetable(CacheTables),
    /// Deletes sessions that have expired
    Clearsessions,
    /// Copies static files to STATIC_ROOT, with hashed names, a manifest and compressed variants
    #[cfg(feature = "staticfiles")]
    Collectstatic(CollectstaticOptions),
    /// Shows and ends sessions
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Looks for what is wrong with settings, middleware, routes and database
    Check(CheckOptions),
    /// Lists the routes, in the order in which they are tried
    Showurls,
    /// Lists the middleware, the outermost first
    Showmiddleware,
    /// Tries settings, database and caches, and tells it in JSON, a line each: for `nuages doctor`
    #[command(hide = true)]
    Probe,
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
pub(super) struct CacheTables {
    /// Tables to make [default: those of the caches in the settings]
    #[arg(value_name = "TABLE")]
    pub(super) names: Vec<String>,
}

#[derive(Subcommand)]
#[command(disable_help_subcommand = true)]
pub(super) enum SessionsCommand {
    /// Lists sessions: the beginning of the key, the user, when they end, how many values they have
    List(ListedSessions),
    /// Shows the values of a session; secrets are masked
    Show(ShownSession),
    /// Ends a session, or all sessions of a user
    Delete(DeletedSessions),
}

#[derive(clap::Args)]
pub(super) struct ListedSessions {
    /// Only those of this user
    #[arg(long, value_name = "ID")]
    pub(super) user: Option<String>,
    /// Also those that have expired
    #[arg(long)]
    pub(super) expired: bool,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value = "50")]
    pub(super) limit: usize,
    /// Whole keys: whoever sees one can be that visitor
    #[arg(long)]
    pub(super) full_keys: bool,
}

#[derive(clap::Args)]
pub(super) struct ShownSession {
    /// Its key, or the first characters of it (six or more)
    #[arg(value_name = "KEY")]
    pub(super) key: String,
    /// The whole key: whoever sees it can be that visitor
    #[arg(long)]
    pub(super) full_key: bool,
    /// The values of secrets too
    #[arg(long)]
    pub(super) secrets: bool,
}

#[derive(clap::Args)]
pub(super) struct DeletedSessions {
    /// Its key, or the first characters of it (six or more)
    #[arg(value_name = "KEY", required_unless_present = "user", conflicts_with = "user")]
    pub(super) key: Option<String>,
    /// All sessions of this user; needs SESSION_INDEX
    #[arg(long, value_name = "ID")]
    pub(super) user: Option<String>,
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
