//! What is wrong with one project: its keys, and what its own binary says of settings, database and caches.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::finding::Finding;
use crate::project::Project;
use crate::{cargo, environment_file};

/// Files that hold secrets.
const SECRETS: [&str; 2] = [".secret_key", ".env"];

/// Whether files with secrets are for their owner alone, and out of git's sight.
pub(super) fn secrets(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in SECRETS {
        let Ok(metadata) = std::fs::metadata(project.folder.join(name)) else { continue };
        let mode = metadata.permissions().mode() & 0o777;
        findings.push(if mode & 0o077 == 0 {
            Finding::good("secret", format_args!("{name} is for its owner alone"))
        } else {
            Finding::bad(
                "secret",
                format_args!("{name} can be read by others (mode {mode:o})"),
                format_args!("chmod 600 {name}"),
            )
        });
        if git(project, &["rev-parse", "--is-inside-work-tree"])
            && !git(project, &["check-ignore", "--quiet", name])
        {
            findings.push(Finding::bad(
                "secret",
                format_args!("git does not ignore {name}"),
                format_args!("echo /{name} >> .gitignore, and if it was committed: git rm --cached {name}, nuages secret rotate"),
            ));
        }
    }
    findings
}

fn git(project: &Project, arguments: &[&str]) -> bool {
    let mut git = Command::new("git");
    git.args(arguments)
        .current_dir(&project.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    git.status().is_ok_and(|status| status.success())
}

/// A line of what the binary says.
#[derive(Deserialize)]
struct Said {
    about: String,
    ok: bool,
    text: String,
    fix: String,
}

/// Asks the project's binary.
pub(super) fn probe(project: &Project) -> Vec<Finding> {
    let build = "cargo build";
    let binary = match project.binary(None) {
        Ok(binary) => binary,
        Err(why) => return vec![Finding::bad("project", why, "correct Cargo.toml")],
    };
    let variables = match environment_file::missing(&project.folder) {
        Ok(variables) => variables,
        Err(why) => return vec![Finding::bad("settings", why, "correct the line")],
    };
    let mut command = Command::new(cargo::program());
    command
        .args(["run", "--quiet", "--package", &project.id, "--bin", &binary, "--", "probe"])
        .envs(variables)
        .current_dir(&project.folder)
        .stdin(Stdio::null());
    match command.output() {
        Ok(output) => {
            let findings = read(&String::from_utf8_lossy(&output.stdout));
            if findings.is_empty() {
                let said = String::from_utf8_lossy(&output.stderr);
                let first = said.lines().find(|line| line.starts_with("error")).unwrap_or("it says nothing");
                return vec![Finding::bad("project", format_args!("cannot be asked: {first}"), build)];
            }
            findings
        }
        Err(error) => vec![Finding::bad("project", cargo::refusal(&error), build)],
    }
}

fn read(said: &str) -> Vec<Finding> {
    let lines = said.lines().filter_map(|line| serde_json::from_str::<Said>(line).ok());
    lines
        .map(|said| match said.ok {
            true => Finding::good(said.about, said.text),
            false => Finding::bad(said.about, said.text, as_command(&said.fix)),
        })
        .collect()
}

/// The binary speaks of commands of its own.
fn as_command(fix: &str) -> String {
    match fix.strip_prefix("run the command `").and_then(|rest| rest.strip_suffix('`')) {
        Some(command) => format!("nuages {command}"),
        None => fix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_binary_says() {
        let said = "noise\n\
            {\"about\":\"settings\",\"ok\":true,\"text\":\"fine\",\"fix\":\"\"}\n\
            {\"about\":\"services\",\"ok\":false,\"text\":\"lacks tables\",\"fix\":\"run the command `migrate`\"}\n";
        assert_eq!(
            read(said),
            [Finding::good("settings", "fine"), Finding::bad("services", "lacks tables", "nuages migrate")]
        );
    }

    #[test]
    fn secrets_are_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project {
            name: String::new(),
            id: String::new(),
            folder: folder.path().to_owned(),
            target: folder.path().join("target"),
            binaries: Vec::new(),
            default_run: None,
            dependencies: Vec::new(),
            uses_nuages: true,
        };
        let path = folder.path().join(".secret_key");
        std::fs::write(&path, "x").unwrap();
        for (mode, bad) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(secrets(&project)[0].is_bad(), bad, "{mode:o}");
        }
        assert!(git(&project, &["init", "--quiet"]));
        assert!(secrets(&project)[1].to_string().contains("echo /.secret_key >> .gitignore"));
        std::fs::write(folder.path().join(".gitignore"), "/.secret_key\n").unwrap();
        assert_eq!(secrets(&project).len(), 1);
    }
}
