//! Names of variables: a name that minijinja would read otherwise is written in hexadecimal.

use std::borrow::Cow;

const MARK: &str = "_x_";

/// What minijinja has another meaning for.
const RESERVED: &[&str] = &[
    "True",
    "False",
    "None",
    "true",
    "false",
    "none",
    "loop",
    "self",
    "super",
    "caller",
    "not",
    "and",
    "or",
    "in",
    "is",
    "if",
    "elif",
    "else",
    "recursive",
    "range",
    "dict",
    "debug",
    "namespace",
    "ignore",
    "with",
    "without",
    "context",
];

/// The name under which minijinja knows a variable of Django's.
pub(crate) fn mangle(name: &str) -> Cow<'_, str> {
    if is_identifier(name) && !name.starts_with('_') && !RESERVED.contains(&name) {
        return Cow::Borrowed(name);
    }
    let mut mangled = String::from(MARK);
    for byte in name.bytes() {
        let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 15)]);
        mangled.push(digit(byte >> 4));
        mangled.push(digit(byte));
    }
    Cow::Owned(mangled)
}

/// The variable of Django's behind such a name, if it is one.
pub(crate) fn unmangle(name: &str) -> Option<String> {
    let digits = name.strip_prefix(MARK)?.as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    String::from_utf8(bytes?).ok().filter(|_| rest.is_empty())
}

/// Whether minijinja reads a text as one name.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back() {
        for name in ["loop", "größe", "2", "", "True", "_hidden", "a-b"] {
            let mangled = mangle(name).into_owned();
            assert!(is_identifier(&mangled) && mangled != name, "{mangled}");
            assert_eq!(unmangle(&mangled).as_deref(), Some(name));
        }
        assert_eq!(mangle("row"), "row");
        assert_eq!(unmangle("row"), None);
        assert_eq!(unmangle("_x_6"), None);
        assert_eq!(unmangle("_x_zz"), None);
    }
}
