//! Tests on a small disk of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::page::{Table, compare};

/// Tells the child where its disk is, and where to write what it has measured.
const DISK: &str = "FAULTS_DISK";
const REPORT: &str = "NUAGES_FAULTS_REPORT";

/// Runs the test named `name` again in a process that alone sees a small file system, and compares what it measures
/// there with the page. Mounting needs root, or the right to make a user namespace.
pub(crate) fn on_a_small_disk(name: &str, measure: impl AsyncFnOnce(PathBuf) -> Table) {
    if let (Some(disk), Some(report)) = (std::env::var_os(DISK), std::env::var_os(REPORT)) {
        let table = block_on(measure(PathBuf::from(disk)));
        std::fs::write(report, format!("{}\n{}", table.title(), table.markdown())).unwrap();
        return;
    }
    let (disk, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let report = elsewhere.path().join("report");
    let mut command = test_servers::small_disk(disk.path(), "32m");
    command.arg(std::env::current_exe().unwrap()).args(["--exact", name, "--nocapture"]);
    let output = command.env(DISK, disk.path()).env(REPORT, &report).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} on a small disk:\n{errors}");
    let report = std::fs::read_to_string(report).unwrap();
    let (title, markdown) = report.split_once('\n').unwrap();
    compare(title, markdown);
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

/// Makes the disk read-only, or writable again: `ro` or `rw`.
pub(crate) fn remount(disk: &Path, mode: &str) {
    // The mount alone, which is allowed in a namespace too.
    let options = format!("remount,bind,{mode}");
    let output = Command::new("mount").args(["-o", &options]).arg(disk).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
