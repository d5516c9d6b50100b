//! Where a new project takes nuages from.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder of the facade beside this crate, as it was when this program was built.
const BUILT_FROM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../nuages");

/// The repository that the manifest of this crate names; empty until it has one.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A source of nuages.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dependency {
    Path(PathBuf),
    Git(String),
}

impl Dependency {
    /// The source that was asked for; else the sources that this program was built from, else its repository.
    ///
    /// # Errors
    /// There is none of them.
    pub(super) fn find(asked: Option<&str>) -> Result<Self, Failure> {
        match asked {
            Some(url) if url.contains("://") || url.starts_with("git@") => Ok(Self::Git(url.to_owned())),
            Some(path) => Self::at(Path::new(path)).ok_or_else(|| {
                Failure::new(format_args!("{path}: there is no crate nuages; name the folder of its repository, or a git URL"))
            }),
            None => Self::at(Path::new(BUILT_FROM)).or_else(|| (!REPOSITORY.is_empty()).then(|| Self::Git(REPOSITORY.to_owned()))).ok_or_else(|| {
                Failure::new("the sources that this program was built from are gone; say where nuages is: --nuages FOLDER, or --nuages https://…")
            }),
        }
    }

    /// The crate in this folder, or in the repository there.
    fn at(folder: &Path) -> Option<Self> {
        let candidates = [folder.join("crates/nuages"), folder.to_owned()];
        let is_it = |folder: &&PathBuf| {
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
            manifest.parse::<toml_edit::DocumentMut>().is_ok_and(|manifest| {
                manifest.get("package").and_then(|package| package.get("name")?.as_str()) == Some("nuages")
            })
        };
        candidates.iter().find(is_it)?.canonicalize().ok().map(Self::Path)
    }

    /// As it stands between the braces of a manifest's dependency.
    pub(super) fn toml(&self, features: &[&str]) -> String {
        let quoted = |text: &str| toml_edit::Value::from(text).to_string();
        let source = match self {
            Self::Path(path) => format!("path = {}", quoted(&path.to_string_lossy())),
            Self::Git(url) => format!("git = {}", quoted(url)),
        };
        if features.is_empty() {
            return source;
        }
        let features: Vec<String> = features.iter().map(|feature| quoted(feature)).collect();
        format!("{source}, features = [{}]", features.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        let own = Dependency::find(None).unwrap();
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        for folder in [root, BUILT_FROM] {
            assert_eq!(Dependency::find(Some(folder)).unwrap(), own);
        }
        let error = Dependency::find(Some("/nowhere")).unwrap_err().to_string();
        assert!(error.contains("there is no crate nuages"), "{error}");
        let git = Dependency::find(Some("https://example.com/\"x")).unwrap();
        assert_eq!(git.toml(&[]), r#"git = 'https://example.com/"x'"#);
        assert!(git.toml(&["redis", "test"]).ends_with(r#", features = ["redis", "test"]"#));
    }
}
