//! Names of projects and of their parts, which become names of Rust crates and modules.

use crate::failure::Failure;

/// What Rust keeps for itself.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Crates that are there without being asked for.
const STANDARD: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];

/// Crates that a project uses, or will use, by these names.
const CRATES: &[&str] = &["nuages", "tokio", "serde", "serde_json", "tracing", "http", "cargo"];

/// Folders of a project that are not for an own use.
const FOLDERS: &[&str] = &["build", "deps", "examples", "incremental", "target"];

/// Modules that every project has.
const MODULES: &[&str] = &["main", "lib", "app", "page", "tests", "urls", "views"];

/// A name for a project.
///
/// # Errors
/// Why the name cannot be taken, with one that can.
pub(crate) fn project(name: &str) -> Result<&str, Failure> {
    let taken = |list: &[&str]| list.contains(&module_of(name).as_str());
    letters(name, "-_")?;
    if taken(KEYWORDS) {
        return refuse(name, "is a word of Rust", &format!("{name}_site"));
    }
    if taken(STANDARD) || taken(CRATES) || name.starts_with("nuages-") || name.starts_with("nuages_") {
        return refuse(name, "is the name of a crate that a project uses", &format!("my_{name}"));
    }
    if taken(FOLDERS) {
        return refuse(name, "is a folder that cargo makes", &format!("{name}_site"));
    }
    Ok(name)
}

/// A name for a part of a project whose dependencies have these names.
///
/// # Errors
/// As for [`project`].
pub(crate) fn module<'a>(name: &'a str, dependencies: &[String]) -> Result<&'a str, Failure> {
    letters(name, "_")?;
    if KEYWORDS.contains(&name) {
        return refuse(name, "is a word of Rust", &format!("{name}s"));
    }
    if STANDARD.contains(&name) || dependencies.iter().any(|dependency| module_of(dependency) == name) {
        return refuse(name, "is the name of a crate that the project uses", &format!("{name}_app"));
    }
    if name == "bin" {
        return refuse(name, "is the folder in src for cargo's other binaries", "bin_app");
    }
    if MODULES.contains(&name) {
        return refuse(name, "is a module that a project has for itself", &format!("{name}_app"));
    }
    Ok(name)
}

/// What a crate is called in Rust.
pub(crate) fn module_of(name: &str) -> String {
    name.replace('-', "_")
}

fn letters(name: &str, joints: &str) -> Result<(), Failure> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || joints.contains(c);
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if starts && name.len() <= 64 && name.chars().all(fits) {
        return Ok(());
    }
    let mut better: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if fits(c) { c } else { '_' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(64)
        .collect();
    better.truncate(better.trim_end_matches(['_', '-']).len());
    if better.is_empty() || KEYWORDS.contains(&better.as_str()) {
        better = "mysite".to_owned();
    }
    let what = "is no name: it begins with a lower case letter, and goes on with lower case letters, digits";
    refuse(name, &format!("{what} and {}", if joints.len() > 1 { "- or _" } else { "_" }), &better).map(drop)
}

fn refuse<'a>(name: &str, why: &str, better: &str) -> Result<&'a str, Failure> {
    Err(Failure::new(format_args!("`{}` {why}; take another, for example `{better}`", name.escape_debug())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects() {
        for good in ["mysite", "my-site", "my_site2", "a"] {
            assert_eq!(project(good), Ok(good));
        }
        for (bad, part) in [
            ("", "for example `mysite`"),
            ("My Site", "for example `my_site`"),
            ("2fast", "for example `fast`"),
            ("été", "for example `t`"),
            ("../evil", "for example `evil`"),
            ("a\nb", "`a\\nb` is no name"),
            ("Match", "for example `mysite`"),
            ("match", "`match` is a word of Rust; take another, for example `match_site`"),
            ("type", "is a word of Rust"),
            ("std", "is the name of a crate"),
            ("test", "for example `my_test`"),
            ("nuages", "is the name of a crate"),
            ("nuages-http", "is the name of a crate"),
            ("serde-json", "is the name of a crate"),
            ("deps", "is a folder that cargo makes"),
        ] {
            let error = project(bad).unwrap_err().to_string();
            assert!(error.contains(part), "{bad}: {error}");
        }
        assert!(project(&"a".repeat(65)).is_err());
    }

    #[test]
    fn modules() {
        let dependencies = ["nuages".to_owned(), "my-crate".to_owned()];
        assert_eq!(module("blog", &dependencies), Ok("blog"));
        for (bad, part) in [
            ("my-app", "for example `my_app`"),
            ("my_crate", "is the name of a crate that the project uses"),
            ("core", "for example `core_app`"),
            ("trait", "for example `traits`"),
            ("bin", "for example `bin_app`"),
            ("views", "is a module that a project has for itself"),
        ] {
            let error = module(bad, &dependencies).unwrap_err().to_string();
            assert!(error.contains(part), "{bad}: {error}");
        }
    }
}
