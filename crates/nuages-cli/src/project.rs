//! The project that the current folder belongs to, as cargo knows it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cargo;
use crate::failure::Failure;

/// A crate that is built on nuages.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    /// What cargo calls it in this place: another crate may have the same name.
    pub(crate) id: String,
    /// Where its Cargo.toml is.
    pub(crate) folder: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    pub(crate) binaries: Vec<String>,
    pub(crate) default_run: Option<String>,
    /// The names by which it uses other crates.
    pub(crate) dependencies: Vec<String>,
    /// Whether it is built on nuages at all, by itself or through another crate of its workspace.
    pub(crate) uses_nuages: bool,
}

/// The current folder.
///
/// # Errors
/// There is none any more.
pub(crate) fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new("the current folder is gone; go into another: cd ~"),
        _ => Failure::new(format_args!("the current folder cannot be had: {error}; go into another: cd ~")),
    })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    id: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
    default_run: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

impl Project {
    /// The project of the current folder.
    ///
    /// # Errors
    /// There is none, or there are several, or cargo refuses its Cargo.toml.
    pub(crate) fn find() -> Result<Self, Failure> {
        Self::of(&current_folder()?)
    }

    /// The project of the current folder, for what only a site has.
    ///
    /// # Errors
    /// As for [`find`](Self::find); or it is not built on nuages.
    pub(crate) fn find_site() -> Result<Self, Failure> {
        let project = Self::find()?;
        match project.uses_nuages {
            true => Ok(project),
            false => Err(Failure::new(format_args!(
                "{} is not built on nuages; go into the folder of a project that is, or make one: nuages startproject mysite",
                project.name
            ))),
        }
    }

    /// Whether a folder is in a project, or in what should be one.
    pub(crate) fn is_around(folder: &Path) -> bool {
        folder.ancestors().any(|folder| folder.join("Cargo.toml").exists())
    }

    /// The project of a folder.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failure> {
        if !Self::is_around(folder) {
            return Err(Failure::new(
                "there is no project here (no Cargo.toml); go into the folder of one, or make one: nuages startproject mysite",
            ));
        }
        let manifest = cargo::output(folder, &["locate-project", "--message-format", "plain"])?;
        let manifest = Path::new(manifest.trim());
        let said = cargo::output(folder, &["metadata", "--no-deps", "--format-version", "1"])?;
        let metadata: Metadata = serde_json::from_str(&said).map_err(|error| {
            Failure::new(format_args!("`cargo metadata` says what is not understood: {error}"))
        })?;
        let mut candidates = metadata.packages;
        let depends =
            |package: &Package| package.dependencies.iter().any(|dependency| dependency.name == "nuages");
        let uses_nuages = candidates.iter().any(depends);
        if let Some(at) = candidates.iter().position(|package| package.manifest_path == manifest) {
            candidates = vec![candidates.swap_remove(at)];
        } else {
            candidates.retain(depends);
        }
        match (candidates.pop(), candidates.is_empty()) {
            (Some(package), true) => Ok(Self::new(package, metadata.target_directory, uses_nuages)),
            (Some(package), false) => Err(Failure::new(format_args!(
                "there are several projects in this workspace; go into the folder of one, for example {}",
                package.manifest_path.parent().unwrap_or(Path::new("")).display()
            ))),
            (None, _) => Err(Failure::new(
                "no crate of this workspace depends on nuages; go into the folder of one that does",
            )),
        }
    }

    fn new(package: Package, target: PathBuf, uses_nuages: bool) -> Self {
        let binaries =
            package.targets.into_iter().filter(|target| target.kind.iter().any(|kind| kind == "bin"));
        let named = |dependency: Dependency| dependency.rename.unwrap_or(dependency.name);
        Self {
            name: package.name,
            id: without_version(&package.id),
            folder: package.manifest_path.parent().map(Path::to_owned).unwrap_or_default(),
            target,
            binaries: binaries.map(|target| target.name).collect(),
            default_run: package.default_run,
            dependencies: package.dependencies.into_iter().map(named).collect(),
            uses_nuages,
        }
    }

    /// The binary to run: the one asked for, or the one that cargo would run.
    ///
    /// # Errors
    /// There is none of that name, none at all, or no way to choose.
    pub(crate) fn binary(&self, asked: Option<&str>) -> Result<String, Failure> {
        let names = || self.binaries.join(", ");
        match (asked.or(self.default_run.as_deref()), self.binaries.as_slice()) {
            (Some(name), all) if all.iter().any(|binary| binary == name) => Ok(name.to_owned()),
            (Some(name), _) => {
                Err(Failure::new(format_args!("{} has no binary `{name}`; it has {}", self.name, names())))
            }
            (None, [one]) => Ok(one.clone()),
            (None, []) => Err(Failure::new(format_args!(
                "{} has no binary; add a src/main.rs that calls nuages::management::run",
                self.name
            ))),
            (None, _) => Err(Failure::new(format_args!(
                "{} has several binaries ({}); write which one is the site into Cargo.toml, below [package]: default-run = \"{}\"; runserver takes --bin as well",
                self.name,
                names(),
                self.binaries
                    .iter()
                    .find(|name| **name == self.name)
                    .or(self.binaries.first())
                    .map_or("", String::as_str)
            ))),
        }
    }
}

/// `path+file:///site#name@0.1.0`, or without the name if the folder has it: the version may change while the site is served.
fn without_version(id: &str) -> String {
    match id.rsplit_once('#') {
        Some((place, rest)) => match rest.split_once('@') {
            Some((name, _)) => format!("{place}#{name}"),
            None => place.to_owned(),
        },
        None => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(binaries: &[&str], default_run: Option<&str>) -> Project {
        Project {
            name: "site".to_owned(),
            id: String::new(),
            folder: PathBuf::new(),
            target: PathBuf::new(),
            binaries: binaries.iter().map(|name| (*name).to_owned()).collect(),
            default_run: default_run.map(str::to_owned),
            dependencies: Vec::new(),
            uses_nuages: true,
        }
    }

    #[test]
    fn the_binary_to_run() {
        assert_eq!(project(&["a"], None).binary(None).unwrap(), "a");
        assert_eq!(project(&["a", "b"], Some("b")).binary(None).unwrap(), "b");
        assert_eq!(project(&["a", "b"], Some("b")).binary(Some("a")).unwrap(), "a");
        for (project, asked, part) in [
            (project(&[], None), None, "has no binary; add"),
            (project(&["a"], None), Some("c"), "no binary `c`; it has a"),
            (project(&["a", "site"], None), None, "default-run = \"site\""),
        ] {
            let error = project.binary(asked).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn what_cargo_calls_a_project() {
        assert_eq!(without_version("path+file:///srv/a#log@0.1.0"), "path+file:///srv/a#log");
        assert_eq!(without_version("path+file:///srv/log#0.1.0"), "path+file:///srv/log");
    }

    #[test]
    fn a_folder_without_a_project() {
        let folder = tempfile::tempdir().unwrap();
        let error = Project::of(folder.path()).unwrap_err().to_string();
        assert!(error.contains("nuages startproject mysite"), "{error}");
    }

    #[test]
    fn a_project_as_cargo_tells_it() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "[package]\nname = 'site'\n[workspace]\n[dependencies]\nnuages = '0.1'\n";
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("src/main.rs"), "fn main() {}").unwrap();
        let project = Project::of(&folder.path().join("src")).unwrap();
        assert_eq!((project.name.as_str(), project.binary(None).unwrap().as_str()), ("site", "site"));
        assert_eq!(project.folder.canonicalize().unwrap(), folder.path().canonicalize().unwrap());
        assert!(project.uses_nuages);
    }
}
