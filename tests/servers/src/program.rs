//! Finding the servers' programs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian has servers that are not on everybody's path.
const ELSEWHERE: &[&str] = &["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/// The program, or a panic that names the package.
pub(crate) fn find(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian's `psql` on the path is a script around the one in the version's folder.
    let mut folders = postgres_versions();
    folders.extend(std::env::split_paths(&path));
    folders.extend(ELSEWHERE.iter().map(PathBuf::from));
    folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()).unwrap_or_else(|| {
        panic!(
            "`{name}` is not installed: run `cargo xtask test setup`, or as root \
             `apt-get install --no-install-recommends {package}`"
        )
    })
}

/// Debian keeps PostgreSQL's programs in a folder for each version; the newest first.
fn postgres_versions() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// Runs a command to its end and gives what it wrote; a failure panics with what it said.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("cannot run {command:?}: {e}"));
    assert!(
        output.status.success(),
        "{} ended with {}: {}{}",
        Path::new(command.get_program()).display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_names_its_package() {
        let message = std::panic::catch_unwind(|| find("no-such-server", "no-such-package")).unwrap_err();
        let message = message.downcast_ref::<String>().unwrap();
        assert!(message.contains("`no-such-server` is not installed"), "{message}");
        assert!(message.contains("apt-get install --no-install-recommends no-such-package"), "{message}");
    }

    #[test]
    fn programs_are_found_and_run() {
        assert_eq!(run(Command::new(find("echo", "coreutils")).arg("hello")), "hello\n");
    }
}
