//! What `--help` of a project says.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use nuages::configuration::Sources;
use nuages::management::{Management, Outcome};
use nuages::prelude::*;

use super::compare;

const HEAD: &str = "# Commands

What the binary of a project can do besides serving: each command with what its `--help` says. Here the program is called `manage`; yours has
the name of its crate, and while you develop `cargo run -- check` is the way to call it.

This page is written from `--help` by a test.
";

const FOOT: &str = "
## How Django differs

`runserver` is a server for production too, and does not reload; `nuages runserver` does, while you develop. `migrate` makes the framework's own tables alone. `createsuperuser`, `shell`,
`makemigrations` and the other commands about models have nothing to work on here. Commands of your own are programs of your own: a binary
beside `main.rs` that makes the same `App`.
";

/// What was written, to look at later.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn index(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new(""))
}

fn help(command: &[&str]) -> String {
    let (out, err) = (Written::default(), Written::default());
    let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
    let management =
        Management::new(Sources::in_folder("/nowhere")).arguments(arguments).output(out.clone(), err.clone());
    let outcome = management.run(|settings| App::new(settings).urls(urlconf([path("", index)])));
    assert_eq!(outcome, Outcome::Success, "{command:?}");
    assert!(err.0.lock().unwrap().is_empty());
    String::from_utf8(out.0.lock().unwrap().clone()).unwrap()
}

/// The names beneath `Commands:`.
fn subcommands(help: &str) -> Vec<&str> {
    let Some((_, list)) = help.split_once("Commands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

fn section(page: &mut String, command: &[&str]) {
    let said = help(command);
    let name = if command.is_empty() { "All of them".to_owned() } else { format!("`{}`", command.join(" ")) };
    let level = "#".repeat(command.len().clamp(1, 2) + 1);
    let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
    write!(page, "\n{level} {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
    for next in subcommands(&said) {
        section(page, &[command, &[next]].concat());
    }
}

#[test]
fn the_page_lists_every_command() {
    let mut page = HEAD.to_owned();
    section(&mut page, &[]);
    page.push_str(FOOT);
    compare("commands.md", &page);
    assert!(page.contains("\n## `migrate`\n") && page.contains("\n### `sessions list`\n"), "{page}");
}

#[test]
fn names_of_subcommands() {
    let help = "Usage: x\n\nCommands:\n  one  The first\n  two  The second\n\nOptions:\n  -h\n";
    assert_eq!(subcommands(help), ["one", "two"]);
    assert!(subcommands("Usage: x\n").is_empty());
}
