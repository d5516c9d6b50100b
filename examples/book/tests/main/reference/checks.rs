//! What `check` may say.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nuages::management::CHECKS;
use regex::Regex;

use super::compare;

const HEAD: &str = "# Checks

What the commands `check` and `check --deploy` may say, by the id that stands before each message, and what to do about it. An `E` is an error,
which makes the command fail; a `W` is a warning. `check --fail-level WARNING` fails for these too.

This page is written from the list in the code; a test holds the list to the ids that the code gives.
";

const FOOT: &str = "
## How Django differs

An id that Django has means here what it means there. Django's checks of models, the admin, templates and `sites` have nothing to look at
here.
";

#[test]
fn the_page_lists_every_check() {
    let mut page = HEAD.to_owned();
    for (title, deploy) in [("`check`", false), ("`check --deploy`: what a public site should not do", true)]
    {
        write!(page, "\n## {title}\n\n| id | what it finds | what to do |\n| --- | --- | --- |\n").unwrap();
        for check in CHECKS.iter().filter(|check| check.deploy == deploy) {
            writeln!(page, "| <span id=\"{0}\">`{0}`</span> | {1} | {2} |", check.id, check.finds, check.fix)
                .unwrap();
        }
    }
    page.push_str(FOOT);
    compare("checks.md", &page);
}

/// The list before a deployment leaves none of them out.
#[test]
fn the_deploy_checklist_has_every_check_about_deployment() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/security/deploy-checklist.md");
    let page = std::fs::read_to_string(path).unwrap();
    let missing =
        CHECKS.iter().filter(|check| check.deploy && !page.contains(&format!("checks.md#{})", check.id)));
    let missing: Vec<&str> = missing.map(|check| check.id).collect();
    assert!(missing.is_empty(), "docs/src/security/deploy-checklist.md lacks {missing:?}");
}

/// No id in the code that the list lacks, and none in the list that the code never gives.
#[test]
fn the_list_is_that_of_the_code() {
    let id = Regex::new(r#""([a-z0-9_.]+\.[EWIC][0-9]{3})""#).unwrap();
    let mut given = BTreeSet::new();
    for file in sources(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates"))) {
        if !file.ends_with("checks/catalogue.rs") {
            let text = std::fs::read_to_string(file).unwrap();
            given.extend(id.captures_iter(&text).map(|found| found[1].to_owned()));
        }
    }
    let listed: BTreeSet<String> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(given, listed, "add what is missing to crates/nuages/src/checks/catalogue.rs");
}

/// The Rust files below the `src` of each crate.
pub(super) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
