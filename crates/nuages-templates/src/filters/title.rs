//! `title`.

use minijinja::{Error, State, Value};

use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("title", ArgCount::None, title).safe()];

fn title(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(mended(&titled(&python::str(value)))))
}

/// Python's `str.title`: every run of letters that know cases begins with a capital.
fn titled(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_cased) {
        titled.push_str(&rest[..start]);
        let run = &rest[start..];
        let end = run.find(|c| !is_cased(c)).unwrap_or(run.len());
        let mut letters = run[..end].chars();
        titled.extend(letters.next().into_iter().flat_map(capital));
        // The letter before says that a sigma at the end is a final one.
        let lower = format!("a{}", letters.as_str()).to_lowercase();
        titled.push_str(&lower[1..]);
        rest = &run[end..];
    }
    titled.push_str(rest);
    titled
}

/// Django's mending of `title`: no capital after an apostrophe between letters, and none after a digit.
fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut before, mut last) = (None, None);
    for c in text.chars() {
        let possessive = last == Some('\'') && before.is_some_and(|c: char| c.is_ascii_lowercase());
        let numbered = last.is_some_and(|c: char| c.is_numeric() && !c.is_alphabetic());
        let small = c.is_ascii_uppercase() && (possessive || numbered);
        mended.push(if small { c.to_ascii_lowercase() } else { c });
        (before, last) = (last, Some(c));
    }
    mended
}

fn is_cased(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase() || matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ')
}

/// The letter at the beginning of a word: a capital, of a pair of letters the first alone, and of Georgian no capital.
fn capital(c: char) -> Vec<char> {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => vec!['ǅ'],
        'Ǉ' | 'ǈ' | 'ǉ' => vec!['ǈ'],
        'Ǌ' | 'ǋ' | 'ǌ' => vec!['ǋ'],
        'Ǳ' | 'ǲ' | 'ǳ' => vec!['ǲ'],
        'ა'..='ჿ' => vec![c],
        c => {
            let mut upper = c.to_uppercase();
            upper.next().into_iter().chain(upper.flat_map(char::to_lowercase)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_a_capital() {
        for (text, wanted) in [
            ("hello WORLD", "Hello World"),
            ("joe's 1ST 2nd", "Joe's 1st 2nd"),
            ("O'NEIL l'été", "O'Neil L'Été"),
            ("ßeta ﬁn ǆ", "Sseta Fin ǅ"),
            ("ΟΔΟΣ", "Οδος"),
            ("a1b", "A1b"),
        ] {
            assert_eq!(mended(&titled(text)), wanted);
        }
    }
}
