//! Commands that the project's own binary carries out: it is the project's `manage.py`.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::arguments::command_names;
use crate::failure::Failure;
use crate::project::Project;
use crate::{cargo, environment_file};

/// The word for everything that the binary can do: `nuages manage --help`.
const MANAGE: &str = "manage";

/// Runs one of the commands that every project has.
pub(crate) fn command(name: &str, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let project = Project::find_site()?;
    run(&project, None, &[&[OsString::from(name)], arguments].concat())
}

/// Runs whatever else the command line asks for.
pub(crate) fn other(words: &[OsString]) -> Result<ExitCode, Failure> {
    let first = words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    if first == MANAGE {
        return run(&Project::find_site()?, None, words.get(1..).unwrap_or_default());
    }
    let Ok(project) = Project::find() else {
        return Err(Failure::new(match nearest(&first) {
            Some(name) => format!("there is no command `{}`; did you mean `{name}`?", first.escape_debug()),
            None => format!(
                "there is no command `{}`, and no project here that might have it; see nuages --help",
                first.escape_debug()
            ),
        }));
    };
    if !project.uses_nuages {
        return Err(Failure::new(format_args!(
            "there is no command `{}`, and {} is not built on nuages; see nuages --help",
            first.escape_debug(),
            project.name
        )));
    }
    run(&project, None, words)
}

/// Runs the project's tests.
pub(crate) fn test(arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let project = Project::find()?;
    let mut command = Command::new(cargo::program());
    command.arg("test").args(arguments).current_dir(&project.folder);
    Err(cargo::become_it(command))
}

/// Runs the project's binary, or the one of this name.
pub(crate) fn run(project: &Project, bin: Option<&str>, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let binary = project.binary(bin)?;
    let mut command = Command::new(cargo::program());
    command.args(["run", "--quiet", "--package", &project.id, "--bin", &binary, "--"]).args(arguments);
    command.envs(environment_file::missing(&project.folder)?).current_dir(&project.folder);
    Err(cargo::become_it(command))
}

/// The command of our own that was probably meant.
fn nearest(word: &str) -> Option<String> {
    // Longer than any command: the beginning says enough.
    let word: String = word.chars().take(40).collect();
    let scored = command_names().into_iter().map(|name| (strsim::levenshtein(&word, &name), name));
    scored.min().filter(|(distance, name)| *distance <= name.len() / 3).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_commands() {
        for (word, meant) in [
            ("strtproject", Some("startproject")),
            ("runsrever", Some("runserver")),
            ("docter", Some("doctor")),
            ("frobnicate", None),
            ("", None),
        ] {
            assert_eq!(nearest(word).as_deref(), meant, "{word}");
        }
    }
}
