//! What cargo and git know of the repository: its packages, their dependencies, its files.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::Run;

/// The repository on the disk.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Where cargo builds; our tools go beneath it.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Its folder relative to the root, with `/` between the parts.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// A member of this workspace, by path.
    pub(crate) ours: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Normal,
    Development,
    Build,
}

/// A file that git keeps, or would keep, whose text is UTF-8.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Workspace {
    /// The workspace that this program was built from.
    pub(crate) fn find() -> Result<Self, String> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent folder")?.to_owned();
        let metadata = Run::cargo(&root)
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .output()?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|e| format!("cargo metadata: {e}"))?;
        let target = text(&metadata, "target_directory").into();
        Ok(Self { packages: packages(&metadata, &root), target, root })
    }

    /// Every text file that is tracked, or new and not ignored.
    pub(crate) fn files(&self) -> Result<Vec<File>, String> {
        // A checkout that belongs to another user is still read: nothing in it is run by git.
        let listing = Run::new("git", &self.root)
            .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()?;
        let mut files = Vec::new();
        for path in listing.split('\0').filter(|path| !path.is_empty()) {
            // A tracked file may be gone from the work tree.
            if let Ok(bytes) = std::fs::read(self.root.join(path)) {
                // One that is no text, a picture, is there to be linked to, and has nothing to read.
                let text = String::from_utf8(bytes).unwrap_or_default();
                files.push(File { path: path.to_owned(), text });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(files)
    }
}

fn packages(metadata: &Value, root: &Path) -> Vec<Package> {
    let mut packages: Vec<Package> = list(metadata, "packages")
        .iter()
        .map(|package| {
            let manifest = PathBuf::from(text(package, "manifest_path"));
            let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
            Package {
                name: text(package, "name").to_owned(),
                folder: folder.map(|f| f.to_string_lossy().replace('\\', "/")).unwrap_or_default(),
                dependencies: list(package, "dependencies").iter().map(dependency).collect(),
            }
        })
        .collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    packages
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: text(value, "name").to_owned(),
        kind: match value.get("kind").and_then(Value::as_str) {
            Some("dev") => Kind::Development,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
        ours: value.get("path").is_some_and(Value::is_string),
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_read() {
        let workspace = Workspace::find().unwrap();
        let xtask = workspace.packages.iter().find(|package| package.name == "xtask").unwrap();
        assert_eq!(xtask.folder, "xtask");
        assert!(xtask.dependencies.iter().any(|d| d.name == "serde_json" && !d.ours));
        let files = workspace.files().unwrap();
        assert!(files.iter().any(|file| file.path == "xtask/src/workspace.rs"));
        assert!(!files.iter().any(|file| file.path.starts_with("target/")));
    }
}
