//! A crate's public API speaks its own types: what it is built on can be changed without breaking anybody.

use std::collections::{BTreeMap, BTreeSet};

use super::signatures::{self, Token};
use super::{Finding, Tree};
use crate::workspace::Package;

/// The crates whose types stay inside, and who is about them.
const INSIDE: &[(&str, &[&str])] = &[
    ("cookie", &[]),
    ("hyper", &[]),
    ("hyper_util", &[]),
    ("matchit", &[]),
    ("minijinja", &["nuages-templates"]),
    ("redis", &[]),
    ("rusqlite", &["nuages-db"]),
    ("rustls", &[]),
    ("sqlx", &["nuages-db"]),
    ("time", &[]),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree.packages.iter().filter(|package| package.folder.starts_with("crates/")) {
        let inside = inside(package);
        if inside.is_empty() {
            continue;
        }
        let private = private(tree, package);
        for file in tree.sources(package) {
            for (line, name) in leaks(&file.text, &inside, &private) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{name}` in a public signature: wrap it"),
                ));
            }
        }
    }
    findings
}

/// Those of the crates that this package depends on and is not about: no other name can mean them.
fn inside(package: &Package) -> Vec<&'static str> {
    let depends = |name: &str| package.dependencies.iter().any(|d| d.name.replace('-', "_") == name);
    let about = |owners: &[&str]| owners.contains(&package.name.as_str());
    INSIDE.iter().filter(|(name, owners)| depends(name) && !about(owners)).map(|(name, _)| *name).collect()
}

/// The types that are declared in this package and are nowhere public: nobody sees what is implemented for them.
fn private(tree: &Tree, package: &Package) -> BTreeSet<String> {
    let (mut hidden, mut public) = (BTreeSet::new(), BTreeSet::new());
    for file in tree.sources(package) {
        let code = signatures::code(&file.text);
        for (name, is_public) in signatures::declared(&signatures::tokens(&code)) {
            if is_public { &mut public } else { &mut hidden }.insert(name.to_owned());
        }
    }
    hidden.difference(&public).cloned().collect()
}

/// The places in public signatures that name one of these crates, by path or by an imported name.
fn leaks(source: &str, inside: &[&str], private: &BTreeSet<String>) -> Vec<(usize, String)> {
    let code = signatures::code(source);
    let tokens = signatures::tokens(&code);
    let imported = imports(&tokens, inside);
    let mut found = Vec::new();
    for signature in signatures::public(&tokens) {
        if signatures::implementor(&signature).is_some_and(|name| private.contains(name)) {
            continue;
        }
        for (index, token) in signature.iter().enumerate() {
            // `std::time` and `crate::cookie` are other things; a leading `::` is not.
            let qualified =
                index > 1 && signature[index - 1].text == "::" && is_name(signature[index - 2].text);
            let path = signature.get(index + 1).is_some_and(|next| next.text == "::");
            if qualified {
                continue;
            }
            if inside.contains(&token.text) && (path || signature[0].text == "use") {
                found.push((token.line, token.text.to_owned()));
            } else if let Some(full) = imported.get(token.text) {
                found.push((token.line, full.clone()));
            }
        }
    }
    found
}

/// The names that `use` brings in from one of these crates, with their full paths.
fn imports(tokens: &[Token<'_>], inside: &[&str]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (index, _) in tokens.iter().enumerate().filter(|(_, token)| token.text == "use") {
        let end = tokens[index..]
            .iter()
            .position(|token| token.text == ";")
            .map_or(tokens.len(), |end| index + end);
        let tree = tokens.get(index + 1..end).unwrap_or_default();
        let tree = if tree.first().is_some_and(|first| first.text == "::") { &tree[1..] } else { tree };
        if tree.first().is_some_and(|first| inside.contains(&first.text)) {
            import(tree, String::new(), &mut names);
        }
    }
    names
}

/// One branch of a `use` tree, or a list of them.
fn import(tree: &[Token<'_>], mut path: String, names: &mut BTreeMap<String, String>) {
    for (index, token) in tree.iter().enumerate() {
        match token.text {
            "::" => path.push_str("::"),
            "as" => {
                if let Some(name) = tree.get(index + 1) {
                    names.insert(name.text.to_owned(), path);
                }
                return;
            }
            "{" => {
                let (mut depth, mut start) = (0_usize, index + 1);
                for (at, token) in tree.iter().enumerate().skip(index) {
                    match token.text {
                        "{" => depth += 1,
                        "}" => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if (depth == 1 && token.text == ",") || depth == 0 {
                        import(&tree[start..at], path.clone(), names);
                        start = at + 1;
                    }
                    if depth == 0 {
                        return;
                    }
                }
                return;
            }
            name => path.push_str(name),
        }
    }
    let full = path.strip_suffix("::self").unwrap_or(&path).to_owned();
    let last = full.rsplit("::").next().unwrap_or_default().to_owned();
    // A crate's own name is found by its path; a glob brings in no name of its own.
    if full.contains("::") && is_name(&last) {
        names.insert(last, full);
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    #[test]
    fn leaks_are_found() {
        let cases: &[(&str, &[&str])] = &[
            ("pub fn a() -> cookie::Cookie<'static> {}", &["cookie"]),
            ("pub fn a() -> ::time::Duration {}", &["time"]),
            ("pub fn a() -> std::time::Duration {}", &[]),
            ("pub fn a() -> crate::cookie::Jar {}", &[]),
            ("use std::time::Duration; pub fn a() -> Duration {}", &[]),
            ("use cookie::Cookie; pub fn a(c: Cookie<'_>) {}", &["cookie::Cookie"]),
            ("use cookie::Cookie as C; pub struct A { pub c: Option<C> }", &["cookie::Cookie"]),
            ("use cookie::{Jar, a::{B, C}}; pub enum A { B(Jar), C(C) }", &["cookie::Jar", "cookie::a::C"]),
            ("use time::{self, Date}; pub type D = Date;", &["time::Date"]),
            ("pub use cookie::SameSite;", &["cookie"]),
            ("pub use cookie;", &["cookie"]),
            ("use cookie::Cookie; fn a(c: Cookie<'_>) {} pub(crate) fn b(c: Cookie<'_>) {}", &[]),
            ("use cookie::Cookie; pub struct A(Cookie<'static>);", &[]),
            ("impl From<time::Date> for A {}", &["time"]),
            ("impl From<time::Date> for Hidden {}", &[]),
            ("pub fn time(cookie: u8) -> u8 {}", &[]),
        ];
        for (source, expected) in cases {
            let private = BTreeSet::from(["Hidden".to_owned()]);
            let found: Vec<_> =
                leaks(source, &["cookie", "time"], &private).into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, *expected, "{source}");
        }
    }

    #[test]
    fn a_crate_may_be_about_it() {
        let found = |name: &str, dependency: &str| {
            let mut tree = Tree::of(&[("crates/x/src/a.rs", "pub fn a() -> rusqlite::Connection {}")]);
            let dependencies = vec![Dependency { name: dependency.into(), ..Dependency::default() }];
            tree.packages.push(Package { name: name.into(), folder: "crates/x".into(), dependencies });
            check(&tree).len()
        };
        assert_eq!(found("nuages-sessions", "rusqlite"), 1);
        assert_eq!(found("nuages-db", "rusqlite"), 0);
        assert_eq!(found("nuages-sessions", "serde"), 0);
    }
}
