//! The table in `README.md` and the sources say the same.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

const TABLE: &str = include_str!("../../README.md");

/// The cases of the list.
const CASES: RangeInclusive<u32> = 1..=425;

/// The cases of a row, and what its last cell says.
fn rows(table: &str) -> Vec<(RangeInclusive<u32>, &str)> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let lines = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    lines
        .filter_map(|line| {
            let (cases, rest) = line.split_once(" | ")?;
            let (_, tests) = rest.split_once(" | ")?;
            let (first, last) = cases.split_once('-').unwrap_or((cases, cases));
            Some((number(first)?..=number(last)?, tests))
        })
        .collect()
}

/// The tests that a cell names: file and function.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    cell.split('`')
        .filter_map(|part| part.split_once(": "))
        .filter(|(file, _)| file.ends_with(".rs"))
        .collect()
}

#[test]
fn every_case_stands_in_the_table_once() {
    let mut counts: BTreeMap<u32, u32> = CASES.map(|case| (case, 0)).collect();
    for case in rows(TABLE).into_iter().flat_map(|(cases, _)| cases) {
        *counts.entry(case).or_insert(10) += 1;
    }
    let wrong: Vec<_> = counts.into_iter().filter(|(_, count)| *count != 1).collect();
    assert_eq!(wrong, [], "(case, how often); ten more for a case that is not of these sections");
}

#[test]
fn every_test_in_the_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    for (cases, cell) in rows(TABLE) {
        let named = tests(cell);
        assert_eq!(named.is_empty(), cell.starts_with("later: needs "), "{cases:?}: {cell}");
        for (file, test) in named {
            let source =
                std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let lines: Vec<&str> = source.lines().map(str::trim).collect();
            let start = format!("fn {test}(");
            let is_test =
                |index: usize| lines[..index].iter().rev().take(3).any(|line| line.contains("test"));
            let found = lines
                .iter()
                .enumerate()
                .any(|(index, line)| line.trim_start_matches("async ").starts_with(&start) && is_test(index));
            assert!(found, "{cases:?}: no test {test} in {file}");
        }
    }
}

#[test]
fn rows_are_read() {
    let table =
        "| Cases | What |\n|---|---|\n| 3-5 | a | `a/b.rs: c`, `d.rs: e` |\n| 9 | b | later: needs x |\n";
    assert_eq!(rows(table), [(3..=5, "`a/b.rs: c`, `d.rs: e`"), (9..=9, "later: needs x")]);
    assert_eq!(tests("`a/b.rs: c`, `d.rs: e`"), [("a/b.rs", "c"), ("d.rs", "e")]);
}
