//! The lines of source code around the place where an error was made.

use std::panic::Location;
use std::path::PathBuf;

/// How many lines are shown before and after.
const AROUND: usize = 4;

/// A source file longer than this is not read.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// A line of source code.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) is_it: bool,
}

/// The lines around a place; none if the source is not on this machine, as in a container.
pub(super) fn around(location: &Location<'_>) -> Vec<Line> {
    let Some(source) = read(location.file()) else { return Vec::new() };
    let line = usize::try_from(location.line()).unwrap_or(0);
    let first = line.saturating_sub(AROUND).max(1);
    source
        .lines()
        .enumerate()
        .map(|(index, text)| (index.saturating_add(1), text))
        .skip(first.saturating_sub(1))
        .take_while(|(number, _)| *number <= line.saturating_add(AROUND))
        .map(|(number, text)| Line { number, text: text.to_owned(), is_it: number == line })
        .collect()
}

/// The compiler names files from the workspace's folder, which is the working folder or one above it.
fn read(file: &str) -> Option<String> {
    let here = std::env::current_dir().ok()?;
    let candidates: Vec<PathBuf> = here.ancestors().take(5).map(|folder| folder.join(file)).collect();
    let path = candidates.into_iter().find(|path| {
        std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= MOST_BYTES)
    })?;
    std::fs::read_to_string(path).ok()
}
