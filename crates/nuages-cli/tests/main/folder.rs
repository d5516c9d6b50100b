//! A folder to run the program in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// The folder of this workspace.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Where this workspace is built: what a project needs is built there once, for all tests and the next run.
fn target() -> PathBuf {
    // target/debug/nuages
    Path::new(env!("CARGO_BIN_EXE_nuages")).ancestors().nth(2).unwrap().to_owned()
}

/// How a run ended, and what it said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder of one test. It is the same in every run, so that cargo, which tells crates apart by their paths, builds over what it
/// built before.
pub(crate) struct Folder {
    path: PathBuf,
    project: String,
    _removed_at_the_end: Option<TempDir>,
}

impl Folder {
    /// An empty one, far from any project.
    pub(crate) fn outside() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().to_owned(), project: String::new(), _removed_at_the_end: Some(folder) }
    }

    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _there_was_none = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self { path, project: format!("site_{name}"), _removed_at_the_end: None }
    }

    /// One with a new project in its folder `site`, for the test of this name; its crates are those of this workspace, so that nothing is loaded.
    pub(crate) fn with_project(name: &str) -> Self {
        let folder = Self::new(name);
        // Binaries of all projects are in one place, and may not overwrite each other.
        let said = folder.run(["startproject", &folder.project, "site"]);
        assert_eq!(said.status, 0, "{}", said.err);
        std::fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("site/Cargo.lock")).unwrap();
        folder
    }

    /// The name of its project.
    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// A command in this folder, without what tests and cargo put into the environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, folder: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.join(folder));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let of_cargo = text.starts_with("CARGO") && text != "CARGO_HOME";
            if of_cargo || text.starts_with("NUAGES_") || text == "SECRET_KEY" || text.ends_with("_URL") {
                command.env_remove(&name);
            }
        }
        command
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never");
        command.env_remove("VIRTUAL_ENV");
        command
    }

    /// The program in this folder, or in one beneath it.
    pub(crate) fn nuages(&self, folder: &str) -> Command {
        self.command(env!("CARGO_BIN_EXE_nuages"), folder)
    }

    /// Runs the program here.
    pub(crate) fn run<const N: usize>(&self, arguments: [&str; N]) -> Said {
        self.run_in("", &arguments)
    }

    /// Runs the program in a folder beneath.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Said {
        said(self.nuages(folder).args(arguments))
    }

    /// Changes a file.
    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.join(file)).unwrap()
    }
}

/// Runs a command to its end.
pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A project whose binary is built, and whose tables are made, for tests that change nothing.
pub(crate) fn built_project() -> &'static Folder {
    static PROJECT: OnceLock<Folder> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let folder = Folder::with_project("built");
        let said = said(folder.command("cargo", "site").args(["build", "--quiet"]));
        assert_eq!(said.status, 0, "{}", said.err);
        let migrate = folder.run_in("site", &["migrate"]);
        assert!(migrate.out.contains("sessions.0001_initial: made"), "{}{}", migrate.out, migrate.err);
        folder
    })
}

/// Holds what was said against `tests/snapshots/<name>.snap`; `INSTA_UPDATE=always` writes it anew.
pub(crate) fn snapshot(name: &str, said: impl AsRef<str>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said.as_ref()));
}
