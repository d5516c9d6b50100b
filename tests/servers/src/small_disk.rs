//! A small file system that one process sees.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::find;

const SCRIPT: &str = r#"mount -t tmpfs -o size=$1 none "$2" && shift 2 &&
exec setpriv --bounding-set=-dac_override,-dac_read_search -- "$@""#;

/// A command to which a program and its arguments are added: it runs with a file system of this size (`512k`, `8m`)
/// mounted on `folder`, and nobody else sees that. The process that it becomes may mount again, but root's right to
/// write whatever the permissions of a file say is taken from it.
///
/// # Panics
///
/// Mounting needs root, or the right to make a user namespace; if there is neither, the message says what to allow.
#[must_use]
pub fn small_disk(folder: &Path, size: &str) -> Command {
    let ways: [&[&str]; 2] = [&["-m"], &["-rm"]];
    let unshare = find("unshare", "util-linux");
    let may = |way: &&[&str]| {
        let mut tried = Command::new(&unshare);
        tried.args(*way).args(["mount", "-t", "tmpfs", "none", "/mnt"]);
        tried.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let Some(way) = ways.into_iter().find(may) else {
        panic!(
            "this test mounts a small file system: run it as root, or allow user namespaces \
             (sysctl kernel.apparmor_restrict_unprivileged_userns=0)"
        );
    };
    let mut command = Command::new(unshare);
    command.args(way).args(["sh", "-c", SCRIPT, "sh", size]);
    command.arg(folder);
    command
}
