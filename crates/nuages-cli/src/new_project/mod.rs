//! `startproject`.

mod dependency;
mod template;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};
use zeroize::Zeroizing;

use crate::arguments::StartprojectOptions;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::from_django::{self, Shared};
use crate::{name, project, terminal};
use dependency::Dependency;

/// The beginning of a key for development, by which `check --deploy` knows it, and without DEBUG the site does not take it.
const FOR_DEVELOPMENT: &str = "nuages-insecure-";

/// Makes a project.
pub(crate) fn run(options: &StartprojectOptions) -> Result<ExitCode, Failure> {
    let name = name::project(&options.name)?;
    project::current_folder()?;
    let dependency = Dependency::find(options.nuages.as_deref())?;
    let folder = options.folder.clone().unwrap_or_else(|| PathBuf::from(name));
    let shared = match &options.from_django {
        Some(django) => Some(from_django::read(django, options)?),
        None => None,
    };
    let files = files_of(name, &dependency, shared.as_ref());
    refuse_what_is_there(&folder, options.folder.is_some(), &files)?;
    files::make(files.iter().map(|file| files::NewFile {
        path: folder.join(&file.path),
        content: file.content.as_bytes(),
        readers: file.readers,
    }))?;
    terminal::line(format_args!(
        "{} {} in {}",
        terminal::good("made"),
        terminal::bold(name),
        folder.display()
    ));
    if let Some(shared) = &shared {
        tell(shared);
    }
    let go = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", quoted(&folder)) };
    terminal::line(format_args!("\nNext: {}", terminal::bold(format_args!("{go}nuages runserver"))));
    Ok(ExitCode::SUCCESS)
}

/// A file of the new project.
struct ProjectFile {
    path: String,
    content: Zeroizing<String>,
    readers: Readers,
}

fn files_of(name: &str, dependency: &Dependency, shared: Option<&Shared>) -> Vec<ProjectFile> {
    let features = shared.map(|shared| shared.features.clone()).unwrap_or_default();
    let mut files: Vec<ProjectFile> = template::FILES
        .iter()
        .map(|(path, text)| ProjectFile {
            path: path.replace("PROJECT", name),
            content: text
                .replace("NUAGES_TEST", &dependency.toml(&[&features[..], &["test"]].concat()))
                .replace("nuages = { NUAGES }", &format!("nuages = {{ {} }}", dependency.toml(&features)))
                .replace("PROJECT", name)
                .into(),
            readers: Readers::All,
        })
        .collect();
    let key = format!("{FOR_DEVELOPMENT}{}", get_random_string(64, RANDOM_STRING_CHARS));
    let mut secret = |path: &str, content: &str| {
        files.push(ProjectFile {
            path: path.to_owned(),
            content: content.to_owned().into(),
            readers: Readers::Owner,
        });
    };
    match shared {
        Some(shared) => {
            secret(".secret_key", &shared.secret_key);
            if !shared.variables.is_empty() {
                secret(".env", &shared.variables);
            }
            for file in files.iter_mut().filter(|file| file.path == template::SETTINGS) {
                file.content = shared.settings.clone().into();
            }
        }
        None => secret(".secret_key", &key),
    }
    files
}

/// Nothing is written over: a folder of its own must be new or empty, one that was named must not have these files.
fn refuse_what_is_there(folder: &Path, named: bool, files: &[ProjectFile]) -> Result<(), Failure> {
    if folder.symlink_metadata().is_ok() && !folder.is_dir() {
        return Err(Failure::new(format_args!(
            "{0} is there already, and is no folder; choose another place: nuages startproject NAME elsewhere",
            folder.display()
        )));
    }
    if !named && folder.is_dir() {
        let mut entries =
            std::fs::read_dir(folder).map_err(|error| Failure::at(folder, "cannot be read", &error))?;
        if entries.next().is_some() {
            return Err(Failure::new(format_args!(
                "there is a folder {0} already, with something in it; choose another name or another place: nuages startproject {0} elsewhere",
                folder.display()
            )));
        }
    }
    match files.iter().find(|file| folder.join(&file.path).symlink_metadata().is_ok()) {
        Some(file) => Err(Failure::new(format_args!(
            "{} is there already, and nothing is written over; choose another folder",
            folder.join(&file.path).display()
        ))),
        None => Ok(()),
    }
}

/// What was taken from Django, and what was not.
fn tell(shared: &Shared) {
    terminal::line(format_args!("\nShared with Django {}:", shared.django));
    for line in &shared.taken {
        terminal::line(format_args!("  {line}"));
    }
    if !shared.left.is_empty() {
        terminal::line("\nNot taken over (settings.toml has the list too):");
        for (name, why) in &shared.left {
            terminal::line(format_args!("  {}: {why}", terminal::bold(name)));
        }
    }
}

fn quoted(folder: &Path) -> String {
    let text = folder.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    if plain { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled() {
        let dependency = Dependency::find(Some("https://example.com/nuages.git")).unwrap();
        let files = files_of("my-site", &dependency, None);
        for file in &files {
            for place in ["PROJECT", "NUAGES }", "NUAGES_TEST"] {
                assert!(!file.content.contains(place), "{}: {place}", file.path);
            }
        }
        let secrets: Vec<&str> = files
            .iter()
            .filter(|file| file.readers == Readers::Owner)
            .map(|file| file.path.as_str())
            .collect();
        assert_eq!(secrets, [".secret_key"]);
        let ignored = files.iter().find(|file| file.path == ".gitignore").unwrap();
        assert!(ignored.content.contains("/.secret_key\n") && ignored.content.contains("/.env\n"));
        let keys: Vec<_> = (0..2)
            .map(|_| files_of("a", &dependency, None).into_iter().find(|file| file.path == ".secret_key"))
            .map(|file| file.unwrap().content.to_string())
            .collect();
        assert!(keys[0] != keys[1] && keys[0].len() > 70);
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let files = files_of("a", &Dependency::find(Some("https://e.com/a.git")).unwrap(), None);
        assert_eq!(refuse_what_is_there(folder.path(), false, &files), Ok(()));
        std::fs::write(folder.path().join("other"), "").unwrap();
        let error = refuse_what_is_there(folder.path(), false, &files).unwrap_err().to_string();
        assert!(error.contains("with something in it"), "{error}");
        assert_eq!(refuse_what_is_there(folder.path(), true, &files), Ok(()));
        std::fs::write(folder.path().join("README.md"), "").unwrap();
        let error = refuse_what_is_there(folder.path(), true, &files).unwrap_err().to_string();
        assert!(error.contains("README.md is there already"), "{error}");
        for named in [false, true] {
            let error = refuse_what_is_there(&folder.path().join("other"), named, &files).unwrap_err();
            assert!(error.to_string().contains("is no folder"), "{error}");
        }
    }

    #[test]
    fn folders_for_a_shell() {
        assert_eq!(quoted(Path::new("a/b-c")), "a/b-c");
        assert_eq!(quoted(Path::new("it's here")), "'it'\\''s here'");
    }
}
