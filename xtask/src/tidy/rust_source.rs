//! Rust source with its comments and literals blanked, so that a rule sees code and nothing else.

/// The same text, every byte of a comment, string or character literal made a space; the lines stay where they were.
pub(super) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match literal_end(bytes, at) {
            Some(end) => end,
            None => {
                // A character of more than one byte is no code that a rule looks for.
                code.push(if bytes[at].is_ascii() { char::from(bytes[at]) } else { ' ' });
                at += 1;
                continue;
            }
        };
        code.extend(bytes[at..end].iter().map(|byte| if *byte == b'\n' { '\n' } else { ' ' }));
        at = end;
    }
    code
}

/// Where the comment or literal that begins here ends, if one does.
fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let length = match rest {
        [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => quoted(rest),
        [b'\'', ..] => character(rest)?,
        [b'r' | b'b' | b'c', ..] if at == 0 || !is_word(bytes[at - 1]) => {
            let prefix = rest.iter().take_while(|byte| matches!(byte, b'r' | b'b' | b'c')).count();
            match &rest[prefix..] {
                [b'"' | b'#', ..] if rest[..prefix].contains(&b'r') => prefix + raw(&rest[prefix..])?,
                [b'"', ..] => prefix + quoted(&rest[prefix..]),
                [b'\'', ..] if prefix == 1 && rest[0] == b'b' => prefix + character(&rest[prefix..])?,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(at + length.min(rest.len()))
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"` and `r#"…"#` from after the letters; a raw identifier (`r#type`) is none.
fn raw(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = &rest[hashes + 1..];
    let end = body.windows(close.len()).position(|window| window == close);
    Some(end.map_or(rest.len(), |end| hashes + 1 + end + close.len()))
}

/// `'a'` and `'\n'`; a lifetime is none.
fn character(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'\\' => rest.iter().skip(3).position(|byte| *byte == b'\'').map(|end| end + 4),
        _ => {
            let text = std::str::from_utf8(&rest[1..rest.len().min(5)]);
            let valid = match &text {
                Ok(text) => *text,
                Err(e) => std::str::from_utf8(&rest[1..1 + e.valid_up_to()]).ok()?,
            };
            let width = valid.chars().next()?.len_utf8();
            (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
        }
    }
}

/// Whether the byte can be part of a name.
pub(super) fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The lines, counted from 1, where `word` stands in the code by itself.
pub(super) fn lines_with_word<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let whole = move |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line.as_bytes()[..at].last();
            let after = line.as_bytes().get(at + word.len());
            let open =
                |neighbour: Option<&u8>, edge: u8| is_word(edge) && neighbour.is_some_and(|b| is_word(*b));
            !open(before, word.as_bytes()[0]) && !open(after, word.as_bytes()[word.len() - 1])
        })
    };
    code.lines().enumerate().filter(move |(_, line)| whole(line)).map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked() {
        let cases: &[(&str, &str)] = &[
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            ("x(\"un\\\"safe\") y", "x(          ) y"),
            ("r#\"a\"b\"# z", "         z"),
            ("br\"\\\" z", "      z"),
            ("r#type z", "r#type z"),
            ("'a' 'b: &'c str", "    'b: &'c str"),
            ("'\\'' '\\u{1F600}' x", "                 x"),
            ("b'\"' x", "     x"),
            ("bar\"s\"", "bar   "),
            ("'é' \"é\" x", "          x"),
            ("\"a\nb\" c", "  \n   c"),
            ("\"open", "     "),
        ];
        for (source, code) in cases {
            assert_eq!(code_only(source), *code, "{source}");
        }
    }

    #[test]
    fn words_stand_alone() {
        let lines: Vec<_> =
            lines_with_word("unsafe_code\nunsafe {\nan unsafe fn\nxunsafe", "unsafe").collect();
        assert_eq!(lines, [2, 3]);
    }
}
