//! The project that the current folder belongs to, as cargo knows it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cargo;
use crate::failure::Failure;

/// A crate that is built on nuages.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    /// Where its Cargo.toml is.
    pub(crate) folder: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    pub(crate) binaries: Vec<String>,
    pub(crate) default_run: Option<String>,
    /// The names by which it uses other crates.
    pub(crate) dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
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
        let here = std::env::current_dir()
            .map_err(|error| Failure::new(format_args!("no current folder: {error}")))?;
        Self::of(&here)
    }

    /// The project of a folder.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failure> {
        if !folder.ancestors().any(|folder| folder.join("Cargo.toml").exists()) {
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
        if let Some(at) = candidates.iter().position(|package| package.manifest_path == manifest) {
            candidates = vec![candidates.swap_remove(at)];
        } else {
            candidates
                .retain(|package| package.dependencies.iter().any(|dependency| dependency.name == "nuages"));
        }
        match (candidates.pop(), candidates.is_empty()) {
            (Some(package), true) => Ok(Self::new(package, metadata.target_directory)),
            (Some(package), false) => Err(Failure::new(format_args!(
                "there are several projects in this workspace; go into the folder of one, for example {}",
                package.manifest_path.parent().unwrap_or(Path::new("")).display()
            ))),
            (None, _) => Err(Failure::new(
                "no crate of this workspace depends on nuages; go into the folder of one that does",
            )),
        }
    }

    fn new(package: Package, target: PathBuf) -> Self {
        let binaries =
            package.targets.into_iter().filter(|target| target.kind.iter().any(|kind| kind == "bin"));
        let named = |dependency: Dependency| dependency.rename.unwrap_or(dependency.name);
        Self {
            name: package.name,
            folder: package.manifest_path.parent().map(Path::to_owned).unwrap_or_default(),
            target,
            binaries: binaries.map(|target| target.name).collect(),
            default_run: package.default_run,
            dependencies: package.dependencies.into_iter().map(named).collect(),
        }
    }

    /// Whether it is built on nuages at all.
    pub(crate) fn uses_nuages(&self) -> bool {
        self.dependencies.iter().any(|dependency| dependency == "nuages")
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
                "{} has several binaries ({}); choose with --bin, or write default-run in Cargo.toml",
                self.name,
                names()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(binaries: &[&str], default_run: Option<&str>) -> Project {
        Project {
            name: "site".to_owned(),
            folder: PathBuf::new(),
            target: PathBuf::new(),
            binaries: binaries.iter().map(|name| (*name).to_owned()).collect(),
            default_run: default_run.map(str::to_owned),
            dependencies: Vec::new(),
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
            (project(&["a", "b"], None), None, "choose with --bin"),
        ] {
            let error = project.binary(asked).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
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
        assert!(project.uses_nuages());
    }
}
