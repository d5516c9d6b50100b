//! From Python's regular expressions to those of the `regex` crate.
//!
//! What means the same in both is copied; what differs is rewritten (`\Z`, `\w`, `\s`, `[` inside a class, `{` that is
//! no repetition); what a linear engine can't do is refused with a message that tells the fix.

use std::iter::Peekable;
use std::str::Chars;

/// A translated regular expression.
#[derive(Debug, Clone, Default)]
pub(crate) struct Translation {
    /// The expression for the engine. Groups are unnamed; [`groups`](Self::groups) has their names.
    pub(crate) engine: String,
    /// The same expression with `\w` and `\s` as written, from which a representative text is taken.
    pub(crate) shape: String,
    /// The capturing groups, in order.
    pub(crate) groups: Vec<Option<String>>,
    /// Whether `$` occurs, which in Python also matches before a last line feed.
    pub(crate) has_dollar: bool,
}

/// Python's `\w`: what `str.isalnum` accepts, and the underscore.
const WORD: &str = r"\p{L}\p{N}_";
/// Python's `\s`: white space, and the four information separators.
const SPACE: &str = r"\s\x1c-\x1f";

/// Translates a regular expression; `groups: false` makes all groups non-capturing.
///
/// # Errors
/// A message that tells what is wrong or unsupported.
pub(crate) fn translate(source: &str, groups: bool) -> Result<Translation, String> {
    let mut writer = Writer {
        rest: source.chars().peekable(),
        capture: groups,
        out: Translation::default(),
        repeatable: false,
    };
    while let Some(c) = writer.rest.next() {
        writer.one(c)?;
    }
    Ok(writer.out)
}

struct Writer<'a> {
    rest: Peekable<Chars<'a>>,
    capture: bool,
    out: Translation,
    /// Whether a repetition may follow.
    repeatable: bool,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.put_both(text, text);
    }

    fn put_both(&mut self, engine: &str, shape: &str) {
        self.out.engine.push_str(engine);
        self.out.shape.push_str(shape);
    }

    fn put_literal(&mut self, c: char) {
        let mut buffer = [0; 4];
        self.put(&regex_syntax::escape(c.encode_utf8(&mut buffer)));
    }

    fn one(&mut self, c: char) -> Result<(), String> {
        let repeatable = std::mem::replace(&mut self.repeatable, true);
        match c {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '*' | '+' | '?' => self.repetition(&c.to_string(), repeatable),
            '{' => match self.counts() {
                Some(counts) => self.repetition(&counts, repeatable),
                None => {
                    self.put_literal('{');
                    Ok(())
                }
            },
            '^' | '|' => {
                self.repeatable = false;
                self.put(c.encode_utf8(&mut [0; 4]));
                Ok(())
            }
            '$' => {
                self.out.has_dollar = true;
                self.put("$");
                Ok(())
            }
            '.' | ')' => {
                self.put(c.encode_utf8(&mut [0; 4]));
                Ok(())
            }
            c => {
                self.put_literal(c);
                Ok(())
            }
        }
    }

    fn repetition(&mut self, operator: &str, repeatable: bool) -> Result<(), String> {
        self.repeatable = false;
        if !repeatable {
            return Err(format!("there is nothing that '{operator}' could repeat"));
        }
        self.put(operator);
        match self.rest.peek() {
            Some('?') => {
                self.rest.next();
                self.put("?");
                Ok(())
            }
            Some('+') => Err("possessive repetitions are not supported; drop the '+'".into()),
            _ => Ok(()),
        }
    }

    /// Reads `m}`, `m,}`, `,n}` or `m,n}` after an opening brace; anything else is literal text.
    fn counts(&mut self) -> Option<String> {
        let mut ahead = self.rest.clone();
        let mut inner = String::new();
        loop {
            match ahead.next()? {
                '}' => break,
                c @ ('0'..='9' | ',') => inner.push(c),
                _ => return None,
            }
        }
        let counts = match inner.split_once(',') {
            None if inner.is_empty() => return None,
            None => format!("{{{inner}}}"),
            Some((_, max)) if max.contains(',') => return None,
            Some((min, max)) => format!("{{{},{max}}}", if min.is_empty() { "0" } else { min }),
        };
        self.rest = ahead;
        Some(counts)
    }

    fn escape(&mut self) -> Result<(), String> {
        let c = self.rest.next().ok_or("the pattern ends in a backslash")?;
        match c {
            'A' | 'b' | 'B' => {
                self.repeatable = false;
                self.put(&format!("\\{c}"));
            }
            'Z' => {
                self.repeatable = false;
                self.put(r"\z");
            }
            'd' | 'D' => self.put(&format!("\\{c}")),
            'w' => self.put_both(&format!("[{WORD}]"), r"\w"),
            'W' => self.put_both(&format!("[^{WORD}]"), r"\W"),
            's' => self.put_both(&format!("[{SPACE}]"), r"\s"),
            'S' => self.put_both(&format!("[^{SPACE}]"), r"\S"),
            '1'..='9' => {
                return Err(format!(
                    "the backreference \\{c} is not supported; repeat the expression instead of referring to it"
                ));
            }
            c => {
                let text = self.character(c)?;
                self.put(&text);
            }
        }
        Ok(())
    }

    /// An escaped single character, inside a class or outside.
    fn character(&mut self, c: char) -> Result<String, String> {
        match c {
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => Ok(format!("\\{c}")),
            'x' => self.code_point(2),
            'u' => self.code_point(4),
            'U' => self.code_point(8),
            '0' => {
                let mut value = 0;
                for _ in 0..2 {
                    let Some(digit) = self.rest.peek().and_then(|digit| digit.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    self.rest.next();
                }
                Ok(format!("\\x{{{value:x}}}"))
            }
            c if c.is_ascii_alphanumeric() => Err(format!("the escape \\{c} is not known")),
            c => Ok(regex_syntax::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }

    fn code_point(&mut self, digits: usize) -> Result<String, String> {
        let code: String = self.rest.by_ref().take(digits).collect();
        if code.chars().count() < digits || !code.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(format!("an escaped code point needs {digits} hexadecimal digits"));
        }
        Ok(format!("\\x{{{code}}}"))
    }

    fn class(&mut self) -> Result<(), String> {
        const UNCLOSED: &str = "a '[' is not closed; escape it if it is meant literally";
        self.put("[");
        if self.rest.next_if_eq(&'^').is_some() {
            self.put("^");
        }
        let mut first = true;
        loop {
            let c = self.rest.next().ok_or(UNCLOSED)?;
            if c == ']' && !first {
                self.put("]");
                return Ok(());
            }
            first = false;
            let Some(low) = self.class_item(c)? else { continue };
            self.put(&low);
            // A hyphen makes a range unless it is the last character.
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('-') && ahead.peek().is_some_and(|c| *c != ']') {
                self.rest.next();
                let c = self.rest.next().ok_or(UNCLOSED)?;
                match self.class_character(c)? {
                    Some(high) => self.put(&format!("-{high}")),
                    None => return Err("a range in '[…]' ends in a class; escape the '-'".into()),
                }
            }
        }
    }

    /// One item of a class: writes it if it is a class itself, else returns the character.
    fn class_item(&mut self, c: char) -> Result<Option<String>, String> {
        if c == '\\' {
            let (engine, shape) = match self.rest.peek() {
                Some('w') => (WORD.to_owned(), r"\w"),
                Some('W') => (format!("[^{WORD}]"), r"\W"),
                Some('s') => (SPACE.to_owned(), r"\s"),
                Some('S') => (format!("[^{SPACE}]"), r"\S"),
                Some('d') => (r"\d".to_owned(), r"\d"),
                Some('D') => (r"\D".to_owned(), r"\D"),
                _ => return self.class_character(c),
            };
            self.rest.next();
            self.put_both(&engine, shape);
            return Ok(None);
        }
        self.class_character(c)
    }

    fn class_character(&mut self, c: char) -> Result<Option<String>, String> {
        match c {
            '\\' => match self.rest.next().ok_or("the pattern ends in a backslash")? {
                'b' => Ok(Some(r"\x08".into())),
                'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(None),
                c => self.character(c).map(Some),
            },
            // Also what would be an operator on sets.
            c => Ok(Some(regex_syntax::escape(c.encode_utf8(&mut [0; 4])))),
        }
    }

    fn group(&mut self) -> Result<(), String> {
        self.repeatable = false;
        if self.rest.next_if_eq(&'?').is_none() {
            self.open(None);
            return Ok(());
        }
        match self.rest.next() {
            Some(':') => self.put("(?:"),
            Some('P') => match self.rest.next() {
                Some('<') => {
                    let name = self.until('>')?;
                    if !is_identifier(&name) {
                        return Err(format!("the group name '{name}' is not an identifier"));
                    }
                    if self.out.groups.iter().flatten().any(|known| *known == name) {
                        return Err(format!("the group '{name}' occurs twice; give one another name"));
                    }
                    self.open(Some(name));
                }
                _ => {
                    return Err("backreferences are not supported; repeat the expression instead".into());
                }
            },
            Some('#') => {
                self.until(')')?;
                self.repeatable = true;
            }
            Some('=' | '!') => return Err(LOOKAROUND.into()),
            Some('<') => return Err(LOOKAROUND.into()),
            Some('>') => return Err("atomic groups are not supported; write '(?:' instead of '(?>'".into()),
            Some('(') => {
                return Err("conditional groups are not supported; declare two routes instead".into());
            }
            Some(flag) => self.flags(flag)?,
            None => return Err("a '(' is not closed".into()),
        }
        Ok(())
    }

    fn open(&mut self, name: Option<String>) {
        if self.capture {
            self.out.groups.push(name);
            self.put("(");
        } else {
            // The name is kept so that the caller can refuse it.
            if name.is_some() {
                self.out.groups.push(name);
            }
            self.put("(?:");
        }
    }

    /// Flags such as `(?i)` or `(?i:`; Python's `u` is how the engine always works.
    fn flags(&mut self, first: char) -> Result<(), String> {
        let mut flags = String::new();
        let mut next = Some(first);
        loop {
            match next {
                Some(c @ ('i' | 'm' | 's' | '-')) => flags.push(c),
                Some('u') => {}
                Some(end @ (')' | ':')) => {
                    let text = match (flags.is_empty(), end) {
                        (true, ':') => "(?:".to_owned(),
                        (true, _) => String::new(),
                        (false, end) => format!("(?{flags}{end}"),
                    };
                    self.put(&text);
                    return Ok(());
                }
                Some(c) => return Err(format!("'(?{c}' is not supported; the flags i, m, s and u are")),
                None => return Err("a '(' is not closed".into()),
            }
            next = self.rest.next();
        }
    }

    fn until(&mut self, end: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some(c) if c == end => return Ok(text),
                Some(c) => text.push(c),
                None => return Err(format!("a '{end}' is missing")),
            }
        }
    }
}

const LOOKAROUND: &str = "look-around is not supported, because patterns are matched in linear time; \
    declare the exception as a route of its own before this one, or check in the view";

/// Python's `str.isidentifier`, but for a few exotic characters.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_rewritten() {
        let cases = [
            (r"^a\Z", r"^a\z"),
            (r"\w+", r"[\p{L}\p{N}_]+"),
            (r"[\w.]", r"[\p{L}\p{N}_\.]"),
            (r"[^\s]", r"[^\s\x1c-\x1f]"),
            (r"[[a]", r"[\[a]"),
            (r"[]a]", r"[\]a]"),
            (r"[a&&b]", r"[a\&\&b]"),
            (r"[a-z-]", r"[a-z\-]"),
            (r"[+--]", r"[\+-\-]"),
            (r"a{,3}", r"a{0,3}"),
            (r"a{x}", r"a\{x\}"),
            (r"\<\-\ \é", r"<\- é"),
            (r"\x41\u00e9\012", r"\x{41}\x{00e9}\x{a}"),
            (r"(?#note)a", r"a"),
            (r"(?u)a(?i:b)", r"a(?i:b)"),
            (r"(?P<y>\d)(\d)(?:\d)", r"(\d)(\d)(?:\d)"),
        ];
        for (source, engine) in cases {
            let translation = translate(source, true).unwrap();
            assert_eq!(translation.engine, engine, "{source}");
            regex::Regex::new(&translation.engine).unwrap();
            regex::Regex::new(&translation.shape).unwrap();
        }
        assert_eq!(translate("(?P<y>a)(b)", true).unwrap().groups, [Some("y".into()), None]);
        assert_eq!(translate("(a)", false).unwrap().engine, "(?:a)");
    }

    #[test]
    fn what_is_unsupported_is_refused() {
        for source in [
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?<!a)",
            r"(a)\1",
            "(?P<a>.)(?P=a)",
            "(?>a)",
            "a++",
            "(?P<a>.)(?P<a>.)",
            "(?P<1>.)",
            "[a",
            r"\q",
            "a\\",
            "*",
            "(?x)a",
            "(?",
            r"\xg1",
            r"[a-\d]",
            "(?(1)a)",
        ] {
            assert!(translate(source, true).is_err(), "{source}");
        }
    }
}
