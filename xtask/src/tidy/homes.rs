//! Some things are done in one place only, so that one place can be right.

use super::rust_source::{code_only, lines_with_word};
use super::{Finding, Tree};

/// A name, the paths where it is at home, and why.
const HOMES: &[(&str, &[&str], &str)] = &[(
    "SET_COOKIE",
    &["crates/nuages-http/src/response/cookies.rs", "crates/nuages-test/src/"],
    "Set-Cookie is written in one function",
)];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/")) {
        let code = code_only(&file.text);
        for (name, homes, why) in HOMES {
            if !homes.iter().any(|home| file.path.starts_with(home)) {
                let found = lines_with_word(&code, name);
                findings.extend(found.map(|line| Finding::new(&file.path, line, format!("`{name}`: {why}"))));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn away_from_home() {
        for (name, homes, _) in HOMES {
            let text = format!("fn a() {{}}\nuse http::header::{name};");
            assert_eq!(check(&Tree::of(&[("crates/nuages-urls/src/a.rs", &text)])).len(), 1, "{name}");
            for home in *homes {
                assert!(check(&Tree::of(&[(home, &text)])).is_empty());
            }
        }
    }
}
