//! `startproject --from-django`: the settings of a Django project, as settings of nuages that share its visitors.

mod answer;
mod caches;
mod database;
mod direct;
mod middleware;
mod reasons;
mod sessions;
mod translation;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::arguments::StartprojectOptions;
use crate::failure::Failure;
use answer::Answer;

/// What the project's own Python is asked.
const QUESTION: &str = include_str!("question.py");

/// What a new project shares with a Django project.
pub(crate) struct Shared {
    pub(crate) django: String,
    /// `settings.toml`.
    pub(crate) settings: String,
    /// `.secret_key`: the key, and its fallbacks below it.
    pub(crate) secret_key: String,
    /// `.env`: what holds a password.
    pub(crate) variables: String,
    /// The features of nuages that the settings need.
    pub(crate) features: Vec<&'static str>,
    /// What is shared, a line each.
    pub(crate) taken: Vec<String>,
    /// What is not taken over, and why.
    pub(crate) left: Vec<(String, String)>,
}

/// Asks the Django project in this folder.
///
/// # Errors
/// There is none, or it does not run.
pub(crate) fn read(django: &Path, options: &StartprojectOptions) -> Result<Shared, Failure> {
    let folder = django.canonicalize().map_err(|error| Failure::at(django, "cannot be found", &error))?;
    // Somebody names the file itself.
    let folder = match folder.parent() {
        Some(parent) if folder.ends_with("manage.py") && folder.is_file() => parent.to_owned(),
        _ => folder,
    };
    if !folder.join("manage.py").is_file() {
        return Err(Failure::new(format_args!(
            "{}: there is no manage.py; name the folder that has it",
            django.display()
        )));
    }
    let answer = ask(&folder, options)?;
    translation::translate(&answer, &folder)
}

fn ask(folder: &Path, options: &StartprojectOptions) -> Result<Answer, Failure> {
    let python = python(folder, options.python.as_deref());
    let mut command = Command::new(&python);
    command.args(["manage.py", "shell"]);
    if let Some(module) = &options.settings {
        command.arg("--settings").arg(module);
    }
    command
        .arg("-c")
        .arg(QUESTION)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().map_err(|error| {
        Failure::new(format_args!("{}: does not run: {error}; name one with --python", python.display()))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format_args!(
            "the Django project does not run: {}\nit was run by {}; where that lacks its packages, name the right one with --python",
            mistake(&said),
            python.display()
        )));
    }
    Answer::read(&String::from_utf8_lossy(&output.stdout))
}

/// What Python says went wrong, without the way there. A message may have several lines, of which the last is no news.
fn mistake(said: &str) -> String {
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let way = lines.iter().rposition(|line| line.starts_with("  File \""));
    let after = lines.get(way.map_or(0, |at| at + 1)..).unwrap_or_default();
    let message: Vec<&str> = after.iter().skip_while(|line| line.starts_with("    ")).copied().collect();
    match (way, message.as_slice(), lines.last()) {
        (Some(_), [_, ..], _) => message.get(..message.len().min(8)).unwrap_or_default().join("\n"),
        (_, _, Some(last)) => (*last).to_owned(),
        (_, _, None) => "manage.py ended without a word".to_owned(),
    }
}

/// The one asked for, that of a virtual environment, or the system's.
fn python(folder: &Path, asked: Option<&Path>) -> PathBuf {
    if let Some(asked) = asked {
        // The command runs in another folder.
        let found = if asked.components().count() > 1 { std::path::absolute(asked).ok() } else { None };
        return found.unwrap_or_else(|| asked.to_owned());
    }
    let active = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    let near = [".venv", "venv", "../.venv", "../venv"].map(|name| Some(folder.join(name)));
    let environments = near.into_iter().chain([active]).flatten();
    let found = environments.map(|environment| environment.join("bin/python")).find(|python| python.exists());
    found.unwrap_or_else(|| PathBuf::from("python3"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong() {
        let way =
            "Traceback (most recent call last):\n  File \"manage.py\", line 2, in main\n    go()\n    ^^\n";
        for (said, mistake) in [
            (format!("{way}KeyError: 'A'\n"), "KeyError: 'A'"),
            (
                format!("{way}E: 2 errors\n  A is missing\nsee https://e.com\n"),
                "E: 2 errors\n  A is missing\nsee https://e.com",
            ),
            ("warning\nno such file\n".to_owned(), "no such file"),
            ("\n".to_owned(), "manage.py ended without a word"),
        ] {
            assert_eq!(super::mistake(&said), mistake, "{said}");
        }
    }

    #[test]
    fn the_python_that_is_near() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(python(folder.path(), Some(Path::new("python3.12"))), Path::new("python3.12"));
        assert!(python(folder.path(), Some(Path::new("bin/python"))).is_absolute());
        let own = folder.path().join("venv/bin");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("python"), "").unwrap();
        assert_eq!(python(folder.path(), None), own.join("python"));
    }
}
