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

/// Writes text that is printed as it is: braces that could begin a tag become a string.
pub(super) fn text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        let count = from.bytes().take_while(|byte| *byte == b'{').count();
        let (braces, after) = from.split_at(count);
        out.push_str(before);
        // At the end of the text the next tag begins with a brace.
        if count > 1 || after.is_empty() || after.starts_with(['%', '#']) {
            out.push_str("{{ \"");
            out.push_str(braces);
            out.push_str("\" }}");
        } else {
            out.push_str(braces);
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_strings_survive_minijinja() {
        let env = minijinja::Environment::new();
        for sample in [
            "",
            "a",
            "{",
            "{{",
            "{{{ a }}}",
            "{{{{%",
            "a{b{{c{#d",
            "{% raw %}",
            "{# a #}",
            "a{",
            "}}",
            "\"\\n\n\r\t'",
            "{-",
            "ü",
        ] {
            let mut source = String::new();
            text(&mut source, sample);
            // A trailing line end is minijinja's to drop here; the engine tells it not to.
            assert_eq!(env.render_str(&source, ()).unwrap(), sample.strip_suffix('\n').unwrap_or(sample));
            let source = format!("{{{{ {} }}}}", string(sample));
            assert_eq!(env.render_str(&source, ()).unwrap(), sample, "{source}");
        }
    }
}
