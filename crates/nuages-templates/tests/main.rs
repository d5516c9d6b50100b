//! The engine, as a site uses it.

#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod checks;
mod errors;
mod escaping;
mod jinja;
mod laws;
mod limits;
mod names;
mod own;
mod recorded;
mod reload;
mod site;

use std::path::Path;

use nuages_templates::{Engine, Reload};
use tempfile::TempDir;

/// A folder with templates.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in files {
        write(folder.path(), name, source);
    }
    folder
}

fn write(folder: &Path, name: &str, source: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, source).unwrap();
}

/// An engine that reads the templates of a folder once.
fn engine(folder: &TempDir) -> Engine {
    Engine::new().dir(folder.path()).reload(Reload::Never)
}
