//! A terminal's colours as HTML: what rustc and cargo write for people.

/// The text with its HTML escaped, and its colours as classes: `b` bold, `c0` to `c15` the sixteen colours. Whatever else a
/// terminal can be told is left out.
pub(crate) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len().saturating_add(text.len() / 4));
    let mut style = Style::default();
    let mut rest = text;
    while let Some((plain, sequence)) = rest.split_once('\u{1b}') {
        escape(plain, &mut html);
        rest = match sequence.strip_prefix('[') {
            Some(parameters) => {
                let end =
                    parameters.find(|c: char| ('\u{40}'..='\u{7e}').contains(&c)).unwrap_or(parameters.len());
                let (numbers, after) = parameters.split_at(end);
                if after.starts_with('m') {
                    let before = style;
                    style.apply(numbers);
                    before.change(style, &mut html);
                }
                after.get(1..).unwrap_or_default()
            }
            None => link(sequence),
        };
    }
    escape(rest, &mut html);
    style.change(Style::default(), &mut html);
    html
}

/// The text without any of it.
pub(crate) fn to_plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// What follows an escape that is no colour: a link's address (`ESC ] … ESC \`) is dropped, its text stays.
fn link(sequence: &str) -> &str {
    match sequence.strip_prefix(']') {
        Some(address) => match address.find(['\u{7}', '\u{1b}']) {
            Some(end) => address.get(end..).map_or("", |rest| {
                rest.strip_prefix("\u{1b}\\").or_else(|| rest.strip_prefix('\u{7}')).unwrap_or(rest)
            }),
            None => "",
        },
        None => sequence,
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    bold: bool,
    colour: Option<u8>,
}

impl Style {
    /// The parameters of a sequence that sets colours, `1;38;5;9`.
    fn apply(&mut self, parameters: &str) {
        let mut numbers = parameters.split([';', ':']).map(|number| number.parse().unwrap_or(0_u8));
        while let Some(number) = numbers.next() {
            match number {
                0 => *self = Self::default(),
                1 => self.bold = true,
                22 => self.bold = false,
                30..=37 => self.colour = Some(number.saturating_sub(30)),
                90..=97 => self.colour = Some(number.saturating_sub(82)),
                39 => self.colour = None,
                38 => match numbers.next() {
                    Some(5) => self.colour = numbers.next().filter(|colour| *colour < 16),
                    // Red, green and blue, which no class has.
                    _ => self.colour = numbers.by_ref().take(3).last().and(None),
                },
                _ => {}
            }
        }
    }

    /// Closes this style's element, and opens that of the next.
    fn change(self, next: Self, html: &mut String) {
        if self == next {
            return;
        }
        if self != Self::default() {
            html.push_str("</span>");
        }
        match (next.bold, next.colour) {
            (false, None) => {}
            (true, None) => html.push_str("<span class=\"b\">"),
            (false, Some(colour)) => html.push_str(&format!("<span class=\"c{colour}\">")),
            (true, Some(colour)) => html.push_str(&format!("<span class=\"b c{colour}\">")),
        }
    }
}

/// Adds text to HTML.
pub(crate) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        for (text, html) in [
            ("a < b & \"c\" 'd'", "a &lt; b &amp; &quot;c&quot; &#x27;d&#x27;"),
            (
                "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: x",
                "<span class=\"b\"></span><span class=\"b c9\">error</span>: x",
            ),
            ("\u{1b}[91mred\u{1b}[39m plain", "<span class=\"c9\">red</span> plain"),
            ("\u{1b}[32mnever ended", "<span class=\"c2\">never ended</span>"),
            ("\u{1b}[38;2;1;2;3mrgb", "rgb"),
            ("\u{1b}[2K\u{1b}[1Acursor", "cursor"),
            ("\u{1b}]8;;https://a\u{1b}\\link\u{1b}]8;;\u{1b}\\ on", "link on"),
            ("cut \u{1b}[1;3", "cut "),
            ("cut \u{1b}", "cut "),
            ("\u{1b}[é1m<", "&lt;"),
        ] {
            assert_eq!(to_html(text), html, "{text:?}");
        }
        assert_eq!(to_plain("\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: x"), "error: x");
    }

    #[test]
    fn no_tag_gets_through() {
        for text in ["<script>", "\u{1b}[<script>m", "\u{1b}<script>", "\u{1b}]<script>", "\u{1b}[1<b>m"] {
            let html = to_html(text).replace("<span class=\"b\">", "").replace("</span>", "");
            assert!(!html.contains('<'), "{text:?}: {html}");
        }
    }
}
