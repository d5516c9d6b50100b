//! The table of threats has every attack of the list.

use std::collections::BTreeSet;

use regex::Regex;

/// The numbers in the last cell of a row: `1–73`, `139, 140`.
fn cases(page: &str) -> BTreeSet<u32> {
    let range = Regex::new(r"(\d+)(?:–(\d+))?").unwrap();
    let cells = page.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit(" | ").next());
    let cells =
        cells.filter(|cell| cell.chars().all(|letter| letter.is_ascii_digit() || "–, ".contains(letter)));
    let number = |text: &str| text.parse::<u32>().unwrap();
    cells
        .flat_map(|cell| range.captures_iter(cell))
        .flat_map(|found| {
            number(&found[1])..=found.get(2).map_or(number(&found[1]), |end| number(end.as_str()))
        })
        .collect()
}

#[test]
fn no_attack_is_left_out() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/security/threats.md");
    let found = cases(&std::fs::read_to_string(path).unwrap());
    let missing: Vec<u32> = (1..=425).filter(|case| !found.contains(case)).collect();
    assert!(
        missing.is_empty() && found.len() == 425,
        "docs/src/security/threats.md lacks the cases {missing:?}"
    );
}

#[test]
fn numbers_of_a_cell() {
    assert_eq!(cases("| a 9 | b | 1–3, 7 |\n| c | 12 x |\n"), BTreeSet::from([1, 2, 3, 7]));
}
