//! `nuages`: the command line of the framework.

mod ansi;
mod app_module;
mod arguments;
mod cargo;
mod completions;
mod doctor;
mod environment_file;
mod failure;
mod files;
mod from_django;
mod manage;
mod name;
mod new_project;
mod project;
mod runserver;
mod secret;
mod terminal;

use std::process::ExitCode;

use arguments::{Asked, Command};
use failure::Failure;

fn main() -> ExitCode {
    let command = match arguments::parse() {
        Asked::Command(command) => command,
        Asked::Answered(code) => return code,
    };
    match run(command) {
        Ok(code) => code,
        Err(failure) => {
            terminal::error(format_args!("{} {failure}", terminal::bad("error:")));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Startproject(options) => new_project::run(&options),
        Command::Startapp(options) => app_module::run(&options.name),
        Command::Runserver(options) if options.noreload => runserver::without_reload(&options),
        Command::Runserver(options) => runserver::run(&options),
        Command::Test(rest) => manage::test(&rest.arguments),
        Command::Check(rest) => manage::command("check", &rest.arguments),
        Command::Migrate(rest) => manage::command("migrate", &rest.arguments),
        Command::Showurls(rest) => manage::command("showurls", &rest.arguments),
        Command::Showmiddleware(rest) => manage::command("showmiddleware", &rest.arguments),
        Command::Secret(command) => secret::run(&command),
        Command::Doctor(options) => doctor::run(&options),
        Command::Completions(options) => completions::run(options.shell),
        Command::Other(words) => manage::other(&words),
    }
}
