//! JSON text that somebody else wrote, laid out anew as Python would write it.
//!
//! One pass over the tokens and no recursion: a fragment may nest as deep as it likes. The text is taken to be valid
//! JSON; anything else comes out as some other invalid text.

use std::ops::Range;

use super::{JsonError, MAX_DEPTH, Style, float, text};

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
const DELIMITERS: [char; 11] = [' ', '\t', '\n', '\r', ',', ':', '"', '[', ']', '{', '}'];

/// Appends `json` in `style`, as the content of something at `depth`.
pub(crate) fn restyle(out: &mut String, json: &str, style: &Style, depth: usize) -> Result<(), JsonError> {
    let mut writer = Writer { out, style, depth, open: Vec::new() };
    let mut rest = json.trim_start_matches(BLANKS);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            ',' | ':' | '[' | ']' | '{' | '}' => 1,
            _ => rest.find(DELIMITERS).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after.trim_start_matches(BLANKS);
        match first {
            '"' => writer.string(token),
            '[' | '{' => match rest.strip_prefix([']', '}']) {
                Some(after) => {
                    writer.out.push_str(if first == '[' { "[]" } else { "{}" });
                    rest = after.trim_start_matches(BLANKS);
                }
                None => writer.open(first)?,
            },
            ']' | '}' => writer.close(first),
            ',' => writer.next_item(),
            ':' => writer.out.push_str(style.key_separator()),
            _ => push_literal(writer.out, token),
        }
    }
    Ok(())
}

/// Whether the text is a single value that comes out as it stands, whatever the style: plain text, an integer, a word.
pub(crate) fn is_settled(json: &str) -> bool {
    match json.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').is_some_and(text::is_plain),
        None => {
            let digits = json.strip_prefix('-').unwrap_or(json);
            let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (is_integer && json != "-0") || matches!(json, "true" | "false" | "null")
        }
    }
}

/// Appends a number, or `true`, `false`, `null`: integers keep their digits, other numbers are printed as floats.
pub(crate) fn push_literal(out: &mut String, token: &str) {
    let number = token.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if number && token.contains(['.', 'e', 'E']) {
        match token.parse::<f64>() {
            Ok(value) if value.is_finite() => return float::push_f64(out, value),
            // Python would read an infinity here, which JSON cannot say; the text keeps what was meant.
            _ => {}
        }
    }
    out.push_str(if token == "-0" { "0" } else { token });
}

/// The length of the string token at the start, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index.saturating_add(1),
            _ => {}
        }
    }
    text.len()
}

struct Writer<'a> {
    out: &'a mut String,
    style: &'a Style,
    depth: usize,
    /// The lists and objects that are open, kept only where keys are sorted.
    open: Vec<Open>,
}

/// A list or object being sorted.
struct Open {
    object: bool,
    /// Where its first member starts in the output.
    start: usize,
    /// Where the current member starts.
    member: usize,
    key: Option<String>,
    members: Vec<(String, Range<usize>)>,
}

impl Writer<'_> {
    fn open(&mut self, bracket: char) -> Result<(), JsonError> {
        self.out.push(bracket);
        self.depth = self.depth.saturating_add(1);
        self.new_line();
        if self.style.sorts() {
            // Members are copied once a level, so the levels are bounded.
            if self.depth > MAX_DEPTH {
                return Err(JsonError::too_deep());
            }
            let start = self.out.len();
            self.open.push(Open {
                object: bracket == '{',
                start,
                member: start,
                key: None,
                members: Vec::new(),
            });
        }
        Ok(())
    }

    fn next_item(&mut self) {
        self.end_member();
        self.out.push_str(self.style.item_separator());
        self.new_line();
        if let Some(open) = self.open.last_mut() {
            open.member = self.out.len();
        }
    }

    fn close(&mut self, bracket: char) {
        self.end_member();
        if let Some(open) = self.open.pop() {
            self.sort(open);
        }
        self.depth = self.depth.saturating_sub(1);
        self.new_line();
        self.out.push(bracket);
    }

    fn end_member(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|open| open.object) {
            let key = open.key.take().unwrap_or_default();
            open.members.push((key, open.member..self.out.len()));
        }
    }

    fn sort(&mut self, open: Open) {
        let mut members = open.members;
        if members.is_sorted_by(|(left, _), (right, _)| left <= right) {
            return;
        }
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        let unsorted = self.out.split_off(open.start);
        for (index, (_, range)) in members.into_iter().enumerate() {
            if index > 0 {
                self.out.push_str(self.style.item_separator());
                self.new_line();
            }
            let range = range.start.saturating_sub(open.start)..range.end.saturating_sub(open.start);
            self.out.push_str(unsorted.get(range).unwrap_or_default());
        }
    }

    fn new_line(&mut self) {
        let Some(indentation) = self.style.indentation() else { return };
        self.out.push('\n');
        self.out.extend((0..self.depth).map(|_| indentation));
    }

    fn string(&mut self, token: &str) {
        let position = self.out.len();
        if let Some(open) = self.open.last_mut().filter(|open| open.object && open.member == position) {
            // A key with half a surrogate pair is no Rust text; it sorts by its escapes.
            open.key = Some(serde_json::from_str(token).unwrap_or_else(|_| token.to_owned()));
        }
        let inner = token.strip_prefix('"').unwrap_or(token);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        self.out.push('"');
        if text::is_plain(inner) {
            self.out.push_str(inner);
        } else {
            self.characters(inner);
        }
        self.out.push('"');
    }

    /// Undoes the escapes that are there and sets Python's.
    fn characters(&mut self, inner: &str) {
        let ascii = self.style.escapes();
        let mut rest = inner.chars();
        while let Some(character) = rest.next() {
            let character = match character {
                '\\' => match rest.next() {
                    Some('u') => {
                        self.unicode_escape(&mut rest);
                        continue;
                    }
                    Some('b') => '\u{8}',
                    Some('f') => '\u{c}',
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some(itself) => itself,
                    None => return,
                },
                plain => plain,
            };
            text::push_char(self.out, character, ascii);
        }
    }

    /// Reads what follows `\u`, with the second half of a surrogate pair if there is one.
    fn unicode_escape(&mut self, rest: &mut std::str::Chars<'_>) {
        let Some(unit) = hex_unit(rest) else { return };
        let mut ahead = rest.clone();
        let second = match (ahead.next(), ahead.next()) {
            (Some('\\'), Some('u')) if (0xD800..0xDC00).contains(&unit) => hex_unit(&mut ahead),
            _ => None,
        };
        let units = [unit, second.unwrap_or_default()];
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => {
                if second.is_some() {
                    *rest = ahead;
                }
                text::push_char(self.out, character, self.style.escapes());
            }
            // Half a pair, which Python keeps as it is.
            _ => text::push_unit(self.out, unit),
        }
    }
}

fn hex_unit(rest: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = rest.as_str().get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    *rest = rest.as_str().get(4..)?.chars();
    Some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(json: &str, style: Style) -> String {
        let mut out = String::new();
        restyle(&mut out, json, &style, 0).unwrap();
        out
    }

    #[test]
    fn comes_out_as_python_writes_it() {
        let cases = [
            (" { \"a\" : [ 1 ,\t2 ] ,\n\"b\":{ } , \"c\":[\r] } ", r#"{"a":[1,2],"b":{},"c":[]}"#),
            (r#""a : , [ \" { b""#, r#""a : , [ \" { b""#),
            ("\"é🦀\u{7f}\"", r#""\u00e9\ud83e\udd80\u007f""#),
            (r#""\u00E9\/\u0041\u000a\u007F\ud83e\udd80""#, r#""\u00e9/A\n\u007f\ud83e\udd80""#),
            (
                r#""\ud800 \udc00\ud800\u0041\ud800\ud83e\udd80""#,
                r#""\ud800 \udc00\ud800A\ud800\ud83e\udd80""#,
            ),
            (r#""\b\f\n\r\t\\\"""#, r#""\b\f\n\r\t\\\"""#),
            ("[1E5,1.50,-0.0,-0,1e-7,1e16,0.1,12e2]", "[100000.0,1.5,-0.0,0,1e-07,1e+16,0.1,1200.0]"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("[1e999,true,false,null]", "[1e999,true,false,null]"),
        ];
        for (json, expected) in cases {
            assert_eq!(styled(json, Style::compact()), expected);
            assert!(json == expected || !is_settled(json), "{json}");
            assert_eq!(styled(expected, Style::compact()), expected, "a second time");
        }
    }

    #[test]
    fn what_is_settled_stays() {
        for json in [r#""""#, r#""plain / text ~""#, "0", "12", "-7", "true", "false", "null"] {
            assert!(is_settled(json), "{json}");
            for style in [Style::compact(), Style::spaced().indent(2).sort_keys(true).ensure_ascii(false)] {
                assert_eq!(styled(json, style), json);
            }
        }
        for json in ["", "\"", r#"" \" ""#, "\"é\"", "-", "-0", "1.0", "1e5", " 1", "[]", "{}", "\"a\",\"b\""]
        {
            assert!(!is_settled(json), "{json}");
        }
    }

    #[test]
    fn styles_are_those_of_json_dumps() {
        let json = r#"{"b":[1,{}],"a":{"d":"\u00e9","c":[]}}"#;
        assert_eq!(styled(json, Style::spaced()), r#"{"b": [1, {}], "a": {"d": "\u00e9", "c": []}}"#);
        assert_eq!(
            styled(json, Style::spaced().sort_keys(true).ensure_ascii(false)),
            r#"{"a": {"c": [], "d": "é"}, "b": [1, {}]}"#
        );
        assert_eq!(
            styled(json, Style::spaced().indent(1).sort_keys(true)),
            "{\n \"a\": {\n  \"c\": [],\n  \"d\": \"\\u00e9\"\n },\n \"b\": [\n  1,\n  {}\n ]\n}"
        );
        assert_eq!(styled("[1,2]", Style::compact().indent_with("\t")), "[\n\t1,\n\t2\n]");
        assert_eq!(styled(r#"{"a":1,"b":2}"#, Style::spaced().separators(";", "=")), r#"{"a"=1;"b"=2}"#);
    }

    #[test]
    fn keys_sort_by_code_point_not_by_escape() {
        let style = Style::compact().sort_keys(true).ensure_ascii(false);
        assert_eq!(
            styled(r#"{"\u00e9":1,"z":2,"\uD83E\uDD80":3,"A":4}"#, style),
            r#"{"A":4,"z":2,"é":1,"🦀":3}"#
        );
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(styled(&deep, Style::compact()), deep);
        let error = restyle(&mut String::new(), &deep, &Style::compact().sort_keys(true), 0).unwrap_err();
        assert!(error.to_string().contains("nested"), "{error}");
    }

    #[test]
    fn what_is_no_json_does_not_panic() {
        for json in [
            "\"",
            "\"\\",
            "\"\\u",
            "\"\\u12",
            "\"\\ué😀",
            "]",
            "}}",
            ",",
            ":",
            "{\"a\"",
            "[1",
            "é",
            "\\",
            "-",
        ] {
            for style in [Style::compact(), Style::spaced().indent(2).sort_keys(true)] {
                styled(json, style);
            }
        }
    }
}
