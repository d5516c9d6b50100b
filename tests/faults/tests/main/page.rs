//! The page of the book, and the blocks in it that the tests measure.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::operation::Operation;
use crate::word::Word;

/// Set to write what was measured instead of comparing with it.
const BLESS: &str = "BLESS_TESTS";

/// The page is one file, and the tests of a process run at once.
static WRITING: Mutex<()> = Mutex::new(());

/// What was measured of one engine.
pub(crate) struct Table {
    title: String,
    rows: Vec<String>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(title: &str) -> Table {
        Table { title: title.to_owned(), rows: Vec::new(), notes: Vec::new() }
    }

    /// A row, and why cells of it are not there.
    pub(crate) fn add(&mut self, fault: &str, words: [Word; 6], lacks: [Option<&'static str>; 6]) {
        let words: Vec<&str> = words.into_iter().map(Word::text).collect();
        self.rows.push(format!("| {fault} | {} |", words.join(" | ")));
        let mut reasons: Vec<&str> = lacks.into_iter().flatten().collect();
        reasons.dedup();
        for reason in reasons {
            if !self.notes.iter().any(|note| note == reason) {
                self.notes.push(reason.to_owned());
            }
        }
    }

    /// Without its title, which names the block.
    pub(crate) fn markdown(&self) -> String {
        let columns = Operation::ALL.map(Operation::title).join(" | ");
        let mut text = format!("|  | {columns} |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        for row in &self.rows {
            text.push_str(row);
            text.push('\n');
        }
        if !self.notes.is_empty() {
            text.push_str(&format!("\n– {}.\n", self.notes.join("; ")));
        }
        text
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }
}

/// Compares a block of the page with what was measured, or writes it.
pub(crate) fn compare(title: &str, markdown: &str) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let page = std::fs::read_to_string(path()).unwrap();
    let (begin, end) = marks(title);
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{begin} is not in {:?}", path()));
    let (block, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{end} is not in {:?}", path()));
    let measured = format!("\n{markdown}");
    if block == measured {
        return;
    }
    assert!(
        std::env::var_os(BLESS).is_some_and(|value| !value.is_empty()),
        "the page has another table of {title} than was measured; if that is right, write it with \
         `{BLESS}=1 cargo test -p faults`\nin the page:{block}\nmeasured:{measured}"
    );
    std::fs::write(path(), format!("{before}{begin}{measured}{end}{after}")).unwrap();
}

fn marks(title: &str) -> (String, String) {
    (format!("<!-- measured: {title} -->"), format!("<!-- end of {title} -->"))
}

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/when-a-server-is-away.md"))
}
