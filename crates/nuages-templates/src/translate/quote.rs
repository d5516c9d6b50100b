//! Text as it has to stand in the source for minijinja.

/// Writes a string in quotes.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Writes text that is printed as it is: a brace that could begin a tag becomes a string.
pub(super) fn text(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for at in memchr::memchr_iter(b'{', bytes) {
        // At the end of the text the next tag begins with a brace.
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#') | None) {
            out.push_str(&text[copied..at]);
            out.push_str("{{ \"{\" }}");
            copied = at + 1;
        }
    }
    out.push_str(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_strings_survive_minijinja() {
        let env = minijinja::Environment::new();
        for sample in
            ["", "a", "{", "{{", "{{{ a }}}", "{% raw %}", "{# a #}", "a{", "}}", "\"\\n\n\r\t'", "{-", "ü"]
        {
            let mut source = String::new();
            text(&mut source, sample);
            // A trailing line end is minijinja's to drop here; the engine tells it not to.
            assert_eq!(env.render_str(&source, ()).unwrap(), sample.strip_suffix('\n').unwrap_or(sample));
            let source = format!("{{{{ {} }}}}", string(sample));
            assert_eq!(env.render_str(&source, ()).unwrap(), sample, "{source}");
        }
    }
}
