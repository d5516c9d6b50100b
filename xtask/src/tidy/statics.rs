//! No static holds configuration: two applications with different settings live in one process.

use super::rust_source::code_only;
use super::{Finding, Tree};

/// What can hold something that is not known at compile time.
const CELLS: &[&str] =
    &["Mutex", "RwLock", "OnceLock", "OnceCell", "LazyLock", "LazyCell", "ArcSwap", "Atomic", "RefCell"];
const MACROS: &[&str] = &["thread_local!", "task_local!"];
/// The comment that tells what such a static holds, on a line just above it.
const REASON: &str = "// Not configuration: ";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/")) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, line) in code_only(&file.text).lines().enumerate() {
            if is_cell(line) && !explained(&lines[..index.min(lines.len())]) {
                let message = format!(
                    "a static that is filled at run time: say what it holds (`{REASON}…`), or pass it"
                );
                findings.push(Finding::new(&file.path, index + 1, message));
            }
        }
    }
    findings
}

fn is_cell(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let declared = words.any(|word| word == "static") && line.contains(':');
    (declared && CELLS.iter().any(|cell| line.contains(cell)))
        || MACROS.iter().any(|name| line.contains(name))
}

/// Whether the comments and attributes just above give the reason.
fn explained(above: &[&str]) -> bool {
    let mut attached = above
        .iter()
        .rev()
        .map(|line| line.trim())
        .take_while(|line| line.starts_with("//") || line.starts_with("#["));
    attached.any(|line| line.starts_with(REASON.trim_end()) && line.len() > REASON.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statics() {
        let cases = [
            ("static NAMES: &[&str] = &[];", 0),
            ("static SETTINGS: OnceLock<Settings> = OnceLock::new();", 1),
            ("    pub(crate) static COUNT: AtomicU64 = AtomicU64::new(0);", 1),
            ("thread_local! {", 1),
            ("// Not configuration: a compiled pattern.\nstatic RE: LazyLock<Regex> = x;", 0),
            ("// Not configuration: a pattern.\n#[rustfmt::skip]\nstatic RE: LazyLock<Regex> = x;", 0),
            ("// Not configuration: \nstatic RE: LazyLock<Regex> = x;", 1),
            ("// Not configuration: far away.\n\nstatic RE: LazyLock<Regex> = x;", 1),
            ("fn a(m: &'static Mutex<u8>) {}", 0),
            ("// static A: Mutex<u8>", 0),
        ];
        for (text, found) in cases {
            assert_eq!(check(&Tree::of(&[("crates/a/src/a.rs", text)])).len(), found, "{text}");
            assert!(check(&Tree::of(&[("crates/a/tests/a.rs", text)])).is_empty());
        }
    }
}
