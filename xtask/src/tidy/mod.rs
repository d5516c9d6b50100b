//! The rules of the house, read from the sources and from `cargo metadata`: what the compiler and clippy cannot check.
//!
//! A rule is a function from the [`Tree`] to its [`Finding`]s, in a file of its own, with tests that show it can
//! fail. A new rule is added to [`RULES`], and to the list in `ARCHITECTURE.md`.

mod arrows;
mod book;
mod contents;
mod dependencies;
mod examples;
mod homes;
mod lengths;
mod lints;
mod names;
mod paths;
mod public_api;
mod rust_source;
mod signatures;
mod statics;
mod words;

use std::fmt;

use crate::workspace::{File, Package, Workspace};

/// Everything that a rule may look at.
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    pub(crate) packages: Vec<Package>,
}

impl Tree {
    fn read(workspace: &Workspace) -> Result<Self, String> {
        Ok(Self { files: workspace.files()?, packages: workspace.packages.clone() })
    }

    fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// The sources of one package, its tests and examples left out.
    fn sources<'a>(&'a self, package: &Package) -> impl Iterator<Item = &'a File> + use<'a> {
        let folder = format!("{}/src/", package.folder);
        self.rust().filter(move |file| file.path.starts_with(&folder))
    }

    /// A tree of these files, for the tests of the rules.
    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect(), packages: Vec::new() }
    }
}

/// What a rule has to say about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: Option<usize>,
    message: String,
    warning: bool,
}

impl Finding {
    fn new(path: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: line.into(), message: message.into(), warning: false }
    }

    /// Listed, but not refused.
    fn warning(mut self) -> Self {
        self.warning = true;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let warning = if self.warning { "warning: " } else { "" };
        write!(f, "{}{line}: {warning}{}", self.path, self.message)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    arrows::check,
    book::check,
    contents::check,
    dependencies::check,
    examples::check,
    homes::check,
    lengths::check,
    lints::check,
    names::check,
    paths::check,
    public_api::check,
    statics::check,
    words::check,
];

/// Checks every rule; warnings are printed and do not fail.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    report(&Tree::read(workspace)?, RULES)
}

/// Checks the rules of the book alone.
pub(crate) fn run_book(workspace: &Workspace) -> Result<(), String> {
    report(&Tree::read(workspace)?, &[book::check])
}

fn report(tree: &Tree, rules: &[Rule]) -> Result<(), String> {
    let findings: Vec<Finding> = rules.iter().flat_map(|rule| rule(tree)).collect();
    for finding in &findings {
        println!("{finding}");
    }
    let refused = findings.iter().filter(|finding| !finding.warning).count();
    let warnings = findings.len() - refused;
    println!("tidy: {} files, {refused} findings, {warnings} warnings", tree.files.len());
    if refused == 0 { Ok(()) } else { Err(format!("{refused} findings, listed above")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fail_and_warnings_do_not() {
        let tree = Tree::of(&[]);
        assert_eq!(report(&tree, &[|_| vec![Finding::new("a.rs", 3, "too long").warning()]]), Ok(()));
        assert!(report(&tree, &[|_| vec![Finding::new("a.rs", None, "refused")]]).is_err());
    }

    #[test]
    fn a_finding_names_its_place() {
        assert_eq!(Finding::new("a.rs", 3, "bad").to_string(), "a.rs:3: bad");
        assert_eq!(Finding::new("a.rs", None, "long").warning().to_string(), "a.rs: warning: long");
    }
}
