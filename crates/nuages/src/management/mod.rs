//! The commands of an application: its binary is its own `manage.py`.
//!
//! [`run`] makes them out of a function that assembles the application:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use nuages::prelude::*;
//!
//! async fn index(_request: HttpRequest) -> Result {
//!     Ok(HttpResponse::new("Hello"))
//! }
//!
//! fn main() -> ExitCode {
//!     nuages::management::run(|settings| App::new(settings).urls(urlconf([path("", index)])))
//! }
//! ```
//!
//! | Command | What it does |
//! |---|---|
//! | `runserver [ADDRESS]` | serves until SIGTERM or Ctrl-C, then lets running requests end; the default |
//! | `migrate` | makes the database's tables |
//! | `createcachetable` | makes the tables of the caches that are in the database |
//! | `clearsessions` | deletes sessions that have expired |
//! | `sessions list`, `show`, `delete` | shows and ends sessions |
//! | `collectstatic` | copies static files to STATIC_ROOT (feature `staticfiles`) |
//! | `check [--deploy]` | looks for what is wrong |
//! | `showurls` | lists the routes |
//! | `showmiddleware` | lists the middleware |
//!
//! Settings are loaded as the module [`configuration`](crate::configuration) says.

mod arguments;
mod check;
mod clearsessions;
#[cfg(feature = "staticfiles")]
mod collectstatic;
mod createcachetable;
mod logging;
mod migrate;
mod output;
mod probe;
mod project;
mod report;
mod runserver;
mod runtime;
mod sessions;
mod showmiddleware;
mod showurls;
mod table;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use nuages_http::Settings;
use nuages_middleware::{Chain, Layers};

use crate::app::App;
pub use crate::checks::{CHECKS, CheckInfo};
use crate::configuration::{Configuration, Sources};
use arguments::{Asked, Command};
pub use createcachetable::create_cache_tables;
use output::Output;
use project::Project;

/// Runs the command that the arguments of this process name, with the settings of its folder and environment.
///
/// `make` assembles the application from the settings; it runs once.
#[doc(alias = "manage.py")]
#[doc(alias = "execute_from_command_line")]
#[doc(alias = "django-admin")]
pub fn run<L, C>(make: impl FnOnce(Settings) -> App<Chain<L, C>>) -> ExitCode
where
    L: Layers + 'static,
    C: 'static,
{
    Management::from_process().run(make).into()
}

/// One call of the commands: arguments, environment and where output goes.
///
/// [`run`] is all that a program needs; this is for tests, which give each of them.
///
/// ```
/// use nuages::configuration::Sources;
/// use nuages::management::{Management, Outcome};
/// use nuages::prelude::*;
///
/// let sources = Sources::in_folder("/nowhere").variable("SECRET_KEY", "a long and secret text");
/// let management = Management::new(sources).arguments(["showmiddleware"]);
/// let outcome = management.run(|settings| App::new(settings).middleware(CommonMiddleware::new()));
/// assert_eq!(outcome, Outcome::Success);
/// ```
#[must_use = "call .run()"]
#[doc(alias = "call_command")]
#[doc(alias = "BaseCommand")]
pub struct Management {
    program: OsString,
    arguments: Vec<OsString>,
    sources: Sources,
    output: Output,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was asked. Exit status 0.
    Success,
    /// It failed, and has said why. Exit status 1.
    Failure,
    /// The command line has a mistake. Exit status 2.
    Usage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::SUCCESS,
            Outcome::Failure => Self::FAILURE,
            Outcome::Usage => Self::from(2),
        }
    }
}

impl Management {
    /// The arguments, the environment and the output of this process.
    pub fn from_process() -> Self {
        let mut arguments = std::env::args_os();
        let program = arguments.next().unwrap_or_default();
        Self { program, arguments: arguments.collect(), ..Self::new(Sources::from_process()) }
    }

    /// Settings from here, no arguments, and the output of this process.
    pub fn new(sources: Sources) -> Self {
        Self { program: "manage".into(), arguments: Vec::new(), sources, output: Output::of_process() }
    }

    /// The arguments, without the name of the program.
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// Where what was asked for is written, and where mistakes and notes are; the process's own if not called.
    pub fn output(mut self, out: impl Write + 'static, err: impl Write + 'static) -> Self {
        self.output = Output::new(out, err);
        self
    }

    /// Runs the command.
    pub fn run<L, C>(self, make: impl FnOnce(Settings) -> App<Chain<L, C>>) -> Outcome
    where
        L: Layers + 'static,
        C: 'static,
    {
        self.run_project(|settings| Project::new(make(settings)))
    }

    fn run_project(mut self, make: impl FnOnce(Settings) -> Project) -> Outcome {
        let command = match arguments::parse(&self.program, self.arguments) {
            Asked::Command(command) => command,
            Asked::Help(text) => {
                self.output.text(text);
                return Outcome::Success;
            }
            Asked::Mistake(text) => {
                self.output.error_text(text);
                return Outcome::Usage;
            }
        };
        let (configuration, errors) = Configuration::load_all(&self.sources);
        if let Some(path) = configuration.made_secret_key_file() {
            self.output.error_line(format_args!(
                "note: made a SECRET_KEY for development in {}; keep that file out of version control",
                path.display()
            ));
        }
        if let Command::Check(options) = &command {
            let project = make(configuration.into_settings());
            return check::run(project, &errors, options, &mut self.output);
        }
        if let Command::Probe = &command {
            let project = make(configuration.into_settings());
            return probe::run(project, &errors, &mut self.output);
        }
        if !errors.is_empty() {
            return report::configuration(&errors, &mut self.output);
        }
        if let Command::Runserver(_) = &command
            && let Err(error) = logging::start(&self.sources)
        {
            return report::error(&*error, &mut self.output);
        }
        let project = make(configuration.into_settings());
        let output = &mut self.output;
        match command {
            Command::Runserver(options) => runserver::run(project, &options, &self.sources, output),
            Command::Migrate => migrate::run(&project, output),
            Command::Createcachetable(tables) => createcachetable::run(&project, tables.names, output),
            Command::Clearsessions => clearsessions::run(project, output),
            Command::Sessions(command) => sessions::run(project, command, output),
            #[cfg(feature = "staticfiles")]
            Command::Collectstatic(options) => collectstatic::run(project, &options, output),
            Command::Check(options) => check::run(project, &[], &options, output),
            Command::Probe => probe::run(project, &[], output),
            Command::Showurls => showurls::run(project, output),
            Command::Showmiddleware => showmiddleware::run(&project, output),
        }
    }
}
