//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use nuages_server::Address;

/// What the command line asks for.
pub(crate) enum Asked {
    Command(Command),
    /// A help text or a mistake, which is written already.
    Answered(ExitCode),
}

/// New projects, a server that reloads, and everything that a project's own binary can do
#[derive(Parser)]
#[command(
    name = "nuages",
    bin_name = "nuages",
    version,
    disable_help_subcommand = true,
    allow_external_subcommands = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Any other command goes to the project's own binary: `nuages clearsessions` is `cargo run -q -- clearsessions`, and
`nuages manage --help` lists them all. Variables from a file .env in the project's folder are set for it."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Makes a new project: a page, a form, a message, a test, settings, a key
    Startproject(StartprojectOptions),
    /// Makes a new part of the project: a module with URLs, views and tests
    Startapp(StartappOptions),
    /// Serves the project, and builds and restarts it when its sources change
    Runserver(RunserverOptions),
    /// Runs the project's tests
    #[command(after_help = "\
Everything behind the command goes to cargo: `nuages test greets -- --nocapture` is `cargo test greets -- --nocapture`.")]
    Test(Rest),
    /// Looks for what is wrong with settings, middleware, routes and database
    #[command(after_help = "\
Options of the project's binary:
  --deploy              also checks whether the settings are fit for deployment
  --fail-level <LEVEL>  from which level on a message is a failure [default: ERROR]")]
    Check(Rest),
    /// Makes the tables of the framework in the database
    Migrate(Rest),
    /// Lists the routes, in the order in which they are tried
    Showurls(Rest),
    /// Lists the middleware, the outermost first
    Showmiddleware(Rest),
    /// Makes a SECRET_KEY, or puts a new one in the place of the present one
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Looks for what is wrong with this machine and this project, and says how to mend it
    Doctor(DoctorOptions),
    /// Writes a script that completes commands in a shell
    Completions(CompletionsOptions),
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  startproject mysite                           a folder mysite
  startproject mysite .                         here
  startproject mysite --from-django ../oldsite  shares key, sessions, caches, cookies and database with a Django site")]
pub(crate) struct StartprojectOptions {
    /// The name: lower case letters, digits, `_` and `-`
    pub(crate) name: String,
    /// Where to make it [default: a folder of that name]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Takes the settings of the Django project in this folder, the one with manage.py
    #[arg(long, value_name = "DIR")]
    pub(crate) from_django: Option<PathBuf>,
    /// Django's settings module [default: as manage.py says]
    #[arg(long, value_name = "MODULE", requires = "from_django")]
    pub(crate) settings: Option<String>,
    /// The Python that runs the Django project [default: that of its virtual environment, else python3]
    #[arg(long, value_name = "EXE", requires = "from_django")]
    pub(crate) python: Option<PathBuf>,
    /// Where nuages is: a folder with its sources, or the URL of a git repository
    #[arg(long, value_name = "PATH|URL")]
    pub(crate) nuages: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct StartappOptions {
    /// The name: lower case letters, digits and `_`
    pub(crate) name: String,
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  runserver                  127.0.0.1:8000
  runserver 8080             another port
  runserver 0.0.0.0:8000     every address of this machine
  runserver unix:/run/a.sock a unix socket

While a change is built, requests wait; what does not compile is shown in the browser. RUST_LOG chooses what is logged.")]
pub(crate) struct RunserverOptions {
    /// Where to listen
    #[arg(value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub(crate) address: Address,
    /// The binary, if the project has several
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Option<String>,
    /// Serves what there is now, and watches nothing
    #[arg(long)]
    pub(crate) noreload: bool,
}

/// What a command passes on.
#[derive(clap::Args)]
pub(crate) struct Rest {
    /// Passed on as it is
    #[arg(value_name = "ARGUMENTS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum SecretCommand {
    /// Writes a new key on standard output, and keeps it nowhere
    Generate,
    /// Puts a new key in the place of the present one, which becomes the first of SECRET_KEY_FALLBACKS
    #[command(after_help = "\
What the former key signed is read until it is taken out of SECRET_KEY_FALLBACKS. A key in the environment is set where
the environment is; this command says how.")]
    Rotate,
}

#[derive(clap::Args)]
pub(crate) struct DoctorOptions {
    /// The port that shall be free
    #[arg(long, value_name = "PORT", default_value = "8000")]
    pub(crate) port: u16,
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  source <(nuages completions bash)
  nuages completions fish > ~/.config/fish/completions/nuages.fish")]
pub(crate) struct CompletionsOptions {
    pub(crate) shell: Shell,
}

/// The whole command line, for the script of completions.
pub(crate) fn definition() -> clap::Command {
    Arguments::command()
}

/// Reads the command line of this process. Help and mistakes are written at once, in colours for a terminal.
pub(crate) fn parse() -> Asked {
    match Arguments::try_parse() {
        Ok(arguments) => Asked::Command(arguments.command),
        Err(said) => {
            let _nobody_reads = said.print();
            Asked::Answered(if said.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS })
        }
    }
}

/// The names of all commands.
pub(crate) fn command_names() -> Vec<String> {
    definition().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_definition_is_sound() {
        super::definition().debug_assert();
    }
}
