//! A file that grows holds two ideas.

use super::{Finding, Tree};

/// Above this a file is listed.
const SOFT: usize = 500;
/// Above this a file is refused, unless a line at its top says why.
const HARD: usize = 700;
/// What such a line begins with.
const REASON: &str = "//! Length: ";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let lines = file.text.lines().count();
        let mut top = file.text.lines().take_while(|line| line.starts_with("//") || line.trim().is_empty());
        let reason =
            top.any(|line| line.strip_prefix(REASON).is_some_and(|reason| !reason.trim().is_empty()));
        if lines > HARD && !reason {
            let message = format!("{lines} lines: split it, or say at the top why not (`{REASON}…`)");
            findings.push(Finding::new(&file.path, None, message));
        } else if lines > SOFT {
            findings.push(Finding::new(&file.path, None, format!("{lines} lines")).warning());
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let cases: &[(usize, &str, Option<bool>)] = &[
            (500, "", None),
            (501, "", Some(true)),
            (700, "", Some(true)),
            (701, "", Some(false)),
            (701, "//! Length: one table, read as a whole.", Some(true)),
            (701, "//! Length: ", Some(false)),
            (701, "fn a() {}\n//! Length: too late.", Some(false)),
        ];
        for (lines, top, expected) in cases {
            let rest = lines - top.lines().count();
            let text = format!("{top}{}{}", if top.is_empty() { "" } else { "\n" }, "x\n".repeat(rest));
            let warnings: Vec<_> = check(&Tree::of(&[("a.rs", &text)])).iter().map(|f| f.warning).collect();
            assert_eq!(warnings, expected.iter().copied().collect::<Vec<_>>(), "{lines} {top}");
        }
    }
}
