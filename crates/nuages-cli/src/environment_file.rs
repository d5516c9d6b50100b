//! The file `.env` of a project: variables for what is not to be in the sources, such as the password of the database.
//!
//! It is what systemd's EnvironmentFile and docker's `--env-file` read as well: `NAME=value` a line, `#` begins a comment
//! line. A value may stand in quotes, which are taken off; nothing else is interpreted.

use std::io::ErrorKind;
use std::path::Path;

use crate::failure::Failure;

pub(crate) const NAME: &str = ".env";

/// The variables of the folder's file that this process does not have: what is set goes before what is written.
///
/// # Errors
/// The file cannot be read, or a line is none.
pub(crate) fn missing(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let path = folder.join(NAME);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::at(&path, "cannot be read", &error)),
    };
    Ok(read(&path, &text)?.into_iter().filter(|(name, _)| std::env::var_os(name).is_none()).collect())
}

/// The variables in the text of this file.
///
/// # Errors
/// A line is none.
pub(crate) fn read(path: &Path, text: &str) -> Result<Vec<(String, String)>, Failure> {
    parse(text).map_err(|line| {
        Failure::new(format_args!(
            "{}:{line}: is no NAME=value; write no `export` and no spaces in the name, and # before a comment",
            path.display()
        ))
    })
}

/// The variables, or the number of the first line that is none. It may hold a secret, so it is not shown.
fn parse(text: &str) -> Result<Vec<(String, String)>, usize> {
    let mut variables = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=').ok_or(index + 1)?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty()
            || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            || value.contains('\0')
        {
            return Err(index + 1);
        }
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
        variables.push((name.to_owned(), value.to_owned()));
    }
    Ok(variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text = "# comment\n\nA=1\n B = two words \nC=\"x=y\"\nD=''\nE='\n";
        let expected = [("A", "1"), ("B", "two words"), ("C", "x=y"), ("D", ""), ("E", "'")];
        let expected: Vec<_> =
            expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(parse(text), Ok(expected));
        for (text, line) in [("A", 1), ("A=1\nB C=2", 2), ("=1", 1), ("export A=1", 1), ("A=\0", 1)] {
            assert_eq!(parse(text), Err(line), "{text}");
        }
    }
}
