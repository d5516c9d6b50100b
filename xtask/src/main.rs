//! The chores of the workspace, one command a promise: `cargo xtask test`, `tidy`, `book`, `django`, `fuzz`, `long`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks on its terminal")]

mod book;
mod command;
mod django;
mod fuzz;
mod links;
mod long;
mod setup;
mod short;
mod stages;
mod tidy;
mod workspace;

use std::process::ExitCode;

use workspace::Workspace;

const USAGE: &str = "\
the chores of nuages

usage: cargo xtask <command>

commands:
  test [stage…]     the short tier: installs what is missing, then every stage in order;
                    with names, only those stages (test --list shows them)
  tidy              the rules of the house, read from the sources (part of test)
  book              builds the book into target/book, and follows its links (part of test)
  django [option…]  our site beside a live Django (part of test);
                    --engine db,file,signed_cookies  --seed 7  --steps 500
  fuzz [target [s]] fuzzes one target, or all, for 60 s each (part of long)
  long [stage…]     the long tier: test, then the slow tests, fuzzing and long exchanges
                    with Django; with names, only those stages
  help              this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\ncargo xtask {}: {message}", arguments.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), String> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(format!("which command?\n\n{USAGE}"));
    };
    let plain = |run: fn(&Workspace) -> Result<(), String>| match rest {
        [] => run(&Workspace::find()?),
        [extra, ..] => Err(format!("`{command}` takes no argument, got `{extra}`")),
    };
    match command.as_str() {
        "test" => short::run(&Workspace::find()?, rest),
        "tidy" => plain(tidy::run),
        "book" => plain(book::run),
        "django" => django::run(&Workspace::find()?, rest),
        "fuzz" => fuzz::run(&Workspace::find()?, rest),
        "long" => long::run(&Workspace::find()?, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        unknown => Err(format!("no command `{unknown}`\n\n{USAGE}")),
    }
}
