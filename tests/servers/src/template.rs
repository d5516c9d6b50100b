//! A database's first files, made once a process and copied for each server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::account::{self, Account};
use crate::program::{find, run};
use crate::watch::Watch;

/// Files that take seconds to make.
pub(crate) struct Template(OnceLock<Made>);

struct Made {
    folder: PathBuf,
    // A static is not dropped at the end of the process: this one removes the folder then.
    _watch: Watch,
}

impl Template {
    pub(crate) const fn new() -> Template {
        Template(OnceLock::new())
    }

    /// Copies the files to `target`, which is not there yet; `make` makes them in an empty folder that belongs to the
    /// account.
    pub(crate) fn copy(&self, target: &Path, account: Option<Account>, make: impl FnOnce(&Path)) {
        let made = self.0.get_or_init(|| {
            let folder = tempfile::Builder::new().prefix("nuages-template-").tempdir().map(TempDir::keep);
            let folder = folder.unwrap_or_else(|e| panic!("cannot make a temporary folder: {e}"));
            let watch = Watch::folder(&folder);
            account::give(&folder, account);
            make(&folder);
            Made { folder, _watch: watch }
        });
        let mut copy = Command::new(find("cp", "coreutils"));
        copy.args(["-a", "--reflink=auto", "--sparse=auto"]).arg(&made.folder).arg(target);
        run(&mut copy);
    }
}
