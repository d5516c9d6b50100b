//! A small file system that one process sees.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::account::Account;
use crate::program::find;

/// Root goes on as root, but without its right to write whatever the permissions of a file say.
const AS_ROOT: &str = r#"mount -t tmpfs -o size=$1 none "$2" && shift 4 &&
exec setpriv --bounding-set=-dac_override,-dac_read_search -- "$@""#;
/// Root becomes somebody else; who was root only inside of a namespace becomes himself again in another one.
const AS_USER: &str = r#"mount -t tmpfs -o size=$1 none "$2" && user=$3 && group=$4 && shift 4 &&
exec setpriv --reuid=$user --regid=$group --clear-groups -- "$@""#;
const AS_ONESELF: &str = r#"mount -t tmpfs -o size=$1 none "$2" && user=$3 && group=$4 && shift 4 &&
exec unshare --user --map-user=$user --map-group=$group -- "$@""#;

/// A command to which a program and its arguments are added: it runs with a file system of this size (`512k`, `8m`)
/// mounted on `folder`, and nobody else sees that. The process that it becomes may mount again, but root's right to
/// write whatever the permissions of a file say is taken from it.
///
/// # Panics
///
/// Mounting needs root, or the right to make a user namespace; if there is neither, the message says what to allow.
#[must_use]
pub fn small_disk(folder: &Path, size: &str) -> Command {
    let (mut command, _) = namespace();
    command.args(["sh", "-c", AS_ROOT, "sh", size]).arg(folder).args(["", ""]);
    command
}

/// The same for a program that must not run as root, as it seems to in a namespace.
pub(crate) fn small_disk_of_user(folder: &Path, size: &str, account: Option<Account>) -> Command {
    let (mut command, is_root) = namespace();
    let (user, group) = account.map_or_else(
        || (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw()),
        |account| (account.user, account.group),
    );
    let script = if is_root { AS_USER } else { AS_ONESELF };
    command.args(["sh", "-c", script, "sh", size]).arg(folder).args([user.to_string(), group.to_string()]);
    command
}

/// A command that mounts for itself alone, and whether it does so as root.
fn namespace() -> (Command, bool) {
    let unshare = find("unshare", "util-linux");
    let may = |way: &str| {
        let mut tried = Command::new(&unshare);
        tried.args([way, "mount", "-t", "tmpfs", "none", "/mnt"]);
        tried.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let Some(way) = ["-m", "-rm"].into_iter().find(|way| may(way)) else {
        panic!(
            "this test mounts a small file system: run it as root, or allow user namespaces \
             (sysctl kernel.apparmor_restrict_unprivileged_userns=0)"
        );
    };
    let mut command = Command::new(unshare);
    command.arg(way);
    (command, way == "-m")
}

const FILLER: &str = "filler";

/// Fills the disk that a folder is on to its last byte.
pub fn fill_disk(folder: &Path) {
    let path = folder.join(FILLER);
    let mut file = File::create(&path).unwrap_or_else(|e| panic!("cannot make {}: {e}", path.display()));
    let mut size = 1 << 20;
    while size > 0 {
        if file.write(&vec![1; size]).unwrap_or(0) == 0 {
            size /= 2;
        }
    }
}

/// Gives a disk its room again that was [filled](fill_disk).
pub fn empty_disk(folder: &Path) {
    let path = folder.join(FILLER);
    std::fs::remove_file(&path).unwrap_or_else(|e| panic!("cannot remove {}: {e}", path.display()));
}
