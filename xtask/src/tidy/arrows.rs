//! The arrows between the crates run only downwards, and hyper has one home.

use super::{Finding, Tree};
use crate::workspace::{Dependency, Kind, Package};

/// The floors of the house. A crate may depend only on crates of lower floors; one that is not listed has no place.
const FLOORS: &[(&str, u8)] = &[
    ("nuages-signing", 0),
    ("nuages-urls", 0),
    ("nuages-cache", 1),
    ("nuages-db", 0),
    ("nuages-server", 0),
    ("nuages-templates", 0),
    ("nuages-cookies", 1),
    ("nuages-cli", 1),
    ("nuages-http", 2),
    ("nuages-middleware", 3),
    ("nuages-forms", 3),
    ("nuages-test", 3),
    ("nuages-sessions", 4),
    ("nuages-contrib", 5),
    (FACADE, 6),
];

const FACADE: &str = "nuages";
const SERVER: &str = "nuages-server";

/// Arrows that are refused even in tests.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("nuages-urls", &["nuages-http"]),
    ("nuages-http", &["nuages-sessions", "nuages-middleware", "nuages-urls"]),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let arrows =
        tree.packages.iter().flat_map(|package| package.dependencies.iter().map(move |to| (package, to)));
    let mut findings: Vec<Finding> = arrows
        .filter_map(|(package, to)| refused(package, to).map(|why| (package, to, why)))
        .map(|(package, to, why)| {
            let manifest = format!("{}/Cargo.toml", package.folder);
            Finding::new(&manifest, None, format!("{} -> {}: {why}", package.name, to.name))
        })
        .collect();
    for package in tree.packages.iter().filter(|package| is_room(package) && floor(&package.name).is_none()) {
        let manifest = format!("{}/Cargo.toml", package.folder);
        findings.push(Finding::new(&manifest, None, "has no floor; give it one in xtask/src/tidy/arrows.rs"));
    }
    findings
}

fn refused(package: &Package, to: &Dependency) -> Option<&'static str> {
    if matches!(to.name.as_str(), "hyper" | "hyper-util") && package.name != SERVER {
        return Some("only nuages-server names hyper");
    }
    // Examples, whole-stack tests and chores stand outside the house: they may use all of it.
    if !is_room(package) || !to.ours {
        return None;
    }
    // A crate's own tests may ask for its features.
    if to.name == package.name && to.kind == Kind::Development {
        return None;
    }
    if to.name == FACADE {
        return Some("nothing depends on the facade");
    }
    if package.name == SERVER {
        return Some("the server knows no other crate of ours");
    }
    if FORBIDDEN
        .iter()
        .any(|(from, forbidden)| *from == package.name && forbidden.contains(&to.name.as_str()))
    {
        return Some("this arrow is forbidden, in tests too");
    }
    // Tests may look upwards: a crate's tests may use the in-process client.
    let upwards = floor(&to.name)? >= floor(&package.name)?;
    (upwards && to.kind != Kind::Development).then_some("an arrow runs only downwards")
}

fn is_room(package: &Package) -> bool {
    package.folder.starts_with("crates/")
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(room, _)| *room == name).map(|(_, floor)| *floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &str, from: &str, to: &str, kind: Kind) -> Vec<String> {
        let dependency = Dependency { name: to.to_owned(), kind, ours: to.starts_with("nuages") };
        let package =
            Package { name: from.to_owned(), folder: folder.to_owned(), dependencies: vec![dependency] };
        check(&Tree { files: Vec::new(), packages: vec![package] }).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn arrows() {
        use Kind::{Development, Normal};
        let cases: &[(&str, &str, Kind, Option<&str>)] = &[
            ("nuages-sessions", "nuages-http", Normal, None),
            ("nuages", "nuages-sessions", Normal, None),
            ("nuages-sessions", "nuages-test", Development, None),
            ("nuages-server", "hyper", Normal, None),
            ("nuages-server", "hyper-util", Development, None),
            ("nuages-sessions", "nuages", Development, Some("nothing depends on the facade")),
            ("nuages-urls", "nuages-http", Development, Some("this arrow is forbidden, in tests too")),
            ("nuages-http", "nuages-sessions", Normal, Some("this arrow is forbidden, in tests too")),
            ("nuages-http", "nuages-middleware", Normal, Some("this arrow is forbidden, in tests too")),
            ("nuages-http", "nuages-urls", Development, Some("this arrow is forbidden, in tests too")),
            ("nuages-server", "nuages-signing", Development, Some("the server knows no other crate of ours")),
            ("nuages-db", "nuages-signing", Normal, Some("an arrow runs only downwards")),
            ("nuages-middleware", "nuages-sessions", Normal, Some("an arrow runs only downwards")),
            ("nuages-test", "nuages-sessions", Normal, Some("an arrow runs only downwards")),
            ("nuages-http", "hyper", Normal, Some("only nuages-server names hyper")),
            ("nuages-test", "hyper-util", Development, Some("only nuages-server names hyper")),
        ];
        for (from, to, kind, expected) in cases {
            let expected: Vec<String> = expected.iter().map(|why| format!("{from} -> {to}: {why}")).collect();
            assert_eq!(found(&format!("crates/{from}"), from, to, *kind), expected, "{from} -> {to}");
        }
    }

    #[test]
    fn outside_the_house_the_facade_is_free_and_hyper_is_not() {
        assert!(found("examples/tutorial", "tutorial", "nuages", Kind::Normal).is_empty());
        assert_eq!(found("examples/tutorial", "tutorial", "hyper", Kind::Normal).len(), 1);
    }

    #[test]
    fn a_crate_without_a_floor_is_refused() {
        let found = found("crates/nuages-new", "nuages-new", "serde", Kind::Normal);
        assert_eq!(found, ["has no floor; give it one in xtask/src/tidy/arrows.rs"]);
    }
}
