//! Laws that hold for every table and every path.

use nuages_urls::{CaptureValue, Converter, Converters, Entry, Resolver};
use proptest::prelude::*;
use proptest::sample::select;

struct Even;

impl Converter for Even {
    type Value = u64;

    fn regex(&self) -> &str {
        "[0-9]+"
    }
    fn to_value(&self, text: &str) -> Option<u64> {
        text.parse().ok().filter(|number| number % 2 == 0)
    }
    fn to_url(&self, value: &u64) -> Option<String> {
        Some(value.to_string())
    }
}

/// A table as data, so that a failure can be read and shrunk.
#[derive(Debug, Clone)]
enum Row {
    Path(Vec<&'static str>),
    Regex(Vec<&'static str>),
    Mount(Vec<&'static str>),
    Include(Vec<&'static str>, Vec<Row>),
    RegexInclude(Vec<&'static str>, Vec<Row>),
}

const PARTS: [&str; 20] = [
    "a",
    "ab",
    "b",
    "/",
    "a/",
    "ab/",
    "-",
    ".",
    "é",
    "{x}",
    "*",
    "<int:p>",
    "<slug:p>",
    "<str:p>",
    "<path:p>",
    "<uuid:p>",
    "<even:p>",
    "<int:p>/",
    "<str:p>/",
    "<slug:p>/",
];
const EXPRESSIONS: [&str; 14] = [
    "a",
    "ab",
    "b/",
    "/",
    "[ab]",
    "(a|b)",
    "(?:a/)?",
    r"(\d+)",
    r"\w+",
    ".*",
    "$",
    "(?P<n>[0-9]+)/",
    "é",
    r"\{x\}",
];
const PATHS: [&str; 20] = [
    "a",
    "ab",
    "b",
    "/",
    "a/",
    "ab/",
    "-",
    ".",
    "é",
    "{x}",
    "*",
    "1",
    "12/",
    "a-b",
    "\n",
    "x",
    "//",
    "ü",
    "c335544e-0000-4000-8000-0123456789ab",
    "99999999999999999999999999999999999999999",
];

/// Gives each capture of a pattern a name of its own.
fn named(parts: &[&str], depth: usize) -> String {
    let numbered = parts.iter().enumerate();
    numbered
        .map(|(at, part)| {
            part.replace(":p>", &format!(":p{depth}_{at}>")).replace("<n>", &format!("<n{depth}_{at}>"))
        })
        .collect()
}

fn entries(rows: &[Row], depth: usize, count: &mut usize) -> Vec<Entry<usize>> {
    let mut entries = Vec::new();
    for row in rows {
        *count += 1;
        let target = *count;
        entries.push(match row {
            Row::Path(parts) => Entry::path(named(parts, depth), target).name(format!("n{target}")),
            Row::Mount(parts) => Entry::mount(named(parts, depth), target),
            Row::Regex(parts) => Entry::re_path(format!("^{}", named(parts, depth)), target),
            Row::Include(parts, rows) => {
                Entry::include(named(parts, depth), self::entries(rows, depth + 1, count))
            }
            Row::RegexInclude(parts, rows) => {
                Entry::re_include(format!("^{}", named(parts, depth)), self::entries(rows, depth + 1, count))
            }
        });
    }
    entries
}

fn resolver(rows: &[Row]) -> Resolver<usize> {
    Resolver::new(entries(rows, 0, &mut 0), &Converters::new().register("even", Even)).unwrap()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let parts = || prop::collection::vec(select(&PARTS[..]), 0..4);
    let expressions = || prop::collection::vec(select(&EXPRESSIONS[..]), 0..4);
    let leaf = prop_oneof![
        6 => parts().prop_map(Row::Path),
        2 => expressions().prop_map(Row::Regex),
        1 => parts().prop_map(Row::Mount),
    ];
    let row = leaf.prop_recursive(3, 40, 6, move |inner| {
        let rows = || prop::collection::vec(inner.clone(), 0..6);
        prop_oneof![
            3 => (parts(), rows()).prop_map(|(parts, rows)| Row::Include(parts, rows)),
            1 => (expressions(), rows()).prop_map(|(parts, rows)| Row::RegexInclude(parts, rows)),
        ]
    });
    prop::collection::vec(row, 1..12)
}

fn paths() -> impl Strategy<Value = Vec<String>> {
    let path =
        prop::collection::vec(select(&PATHS[..]), 0..6).prop_map(|parts| format!("/{}", parts.concat()));
    prop::collection::vec(path, 1..30)
}

fn shown(found: Option<nuages_urls::Match<'_, usize>>) -> Option<(usize, Vec<String>, String)> {
    let found = found?;
    let arguments = found.arguments().map(|value| format!("{value:?}")).collect();
    Some((*found.target(), arguments, found.rest().to_owned()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The index changes nothing but the speed.
    #[test]
    fn indexed_is_linear(rows in rows(), paths in paths()) {
        let resolver = resolver(&rows);
        for path in &paths {
            prop_assert_eq!(shown(resolver.resolve(path)), shown(resolver.resolve_linear(path)), "{}", path);
        }
    }

    /// Any text whatever is answered without a panic, and indexed as linear.
    #[test]
    fn any_text_is_answered(rows in rows(), path in any::<String>()) {
        let resolver = resolver(&rows);
        prop_assert_eq!(shown(resolver.resolve(&path)), shown(resolver.resolve_linear(&path)));
    }

    /// A route that matched a path is reversed to a path that means the same.
    #[test]
    fn reversed_is_resolved(rows in rows(), paths in paths()) {
        let resolver = resolver(&rows);
        for path in &paths {
            let Some(found) = resolver.resolve(path) else { continue };
            let Some(name) = found.url_name() else { continue };
            let kwargs: Vec<(&str, CaptureValue<'_>)> =
                found.kwargs().into_iter().map(|(name, value)| (name, value.clone())).collect();
            if !found.args().is_empty() || found.chain().iter().any(|pattern| pattern.starts_with('^')) {
                continue;
            }
            let url = resolver.reverse(name).kwargs(kwargs).url();
            prop_assert!(url.is_ok(), "{} {:?} {:?}", path, found, url);
            // Leading zeros are gone, and percent-encoding has come; all else is the same path.
            let text = decode(&url.unwrap());
            if !path.contains(|c: char| c.is_ascii_digit()) {
                prop_assert_eq!(&text, path);
            }
        }
    }

    /// Declaration order decides: what stands first and matches is found.
    #[test]
    fn the_first_wins(first in prop::collection::vec(select(&PARTS[..]), 0..4), rows in rows(), paths in paths()) {
        let alone = resolver(&[Row::Path(first.clone())]);
        let all: Vec<Row> = [Row::Path(first)].into_iter().chain(rows).collect();
        let together = resolver(&all);
        for path in &paths {
            if alone.resolve(path).is_some() {
                prop_assert_eq!(together.resolve(path).map(|found| *found.target()), Some(1));
            }
        }
    }

    /// A warning that a route is never reached is true.
    #[test]
    fn unreachable_is_unreachable(rows in rows(), paths in paths()) {
        let resolver = resolver(&rows);
        for warning in resolver.warnings().iter().filter(|warning| warning.id() == "nuages.urls.W001") {
            for path in paths.iter().filter(|path| !path.contains('\n')) {
                let found = resolver.resolve(path);
                // The same text may stand on several routes; only when all are hidden does the text tell.
                let alike = resolver.routes().filter(|(route, _)| route.route() == warning.route()).count();
                if alike == 1 {
                    prop_assert!(found.is_none_or(|found| found.route() != warning.route()), "{} {}", path, warning);
                }
            }
        }
    }
}

/// Decodes percent-encoding.
fn decode(url: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
