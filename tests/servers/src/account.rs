//! The user that a server runs as.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// A user and its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

impl Account {
    /// For root, the first of these users that exists, since many servers refuse to run as root; for anybody else nobody
    /// but themselves.
    pub(crate) fn of(names: &[&str]) -> Option<Account> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        names.iter().find_map(|name| named(&users, name))
    }
}

/// A line of the list of users: name:password:user:group:…
fn named(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next() == Some(name);
        let (user, group) = (fields.nth(1)?, fields.next()?);
        found.then_some(Account { user: user.parse().ok()?, group: group.parse().ok()? })
    })
}

/// The command as this user.
pub(crate) fn run_as(command: &mut Command, account: Option<Account>) -> &mut Command {
    match account {
        Some(account) => command.uid(account.user).gid(account.group),
        None => command,
    }
}

/// Gives the user a file or a folder.
pub(crate) fn give(path: &Path, account: Option<Account>) {
    if let Some(account) = account {
        chown(path, Some(account.user), Some(account.group))
            .unwrap_or_else(|e| panic!("cannot give {} away: {e}", path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name() {
        let users = "root:x:0:0:root:/:/bin/sh\nbroken\npostgres:x:101:104::/var:/bin/sh\n";
        assert_eq!(named(users, "postgres"), Some(Account { user: 101, group: 104 }));
        assert_eq!(named(users, "broken"), None);
        assert_eq!(named(users, "mysql"), None);
    }
}
