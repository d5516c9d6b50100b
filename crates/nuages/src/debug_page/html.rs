//! The page as HTML: nothing from elsewhere, no script, everything escaped.

use super::report::{Report, Section, Tone};
use crate::escape::escape;

const STYLE: &str = include_str!("page.css");

pub(super) fn page(report: &Report) -> String {
    let mut body = head(report);
    if !report.source.is_empty() {
        body.push_str(&source(report));
    }
    if !report.tried.is_empty() {
        body.push_str(&tried(report));
    }
    for section in &report.sections {
        body.push_str(&table(section));
    }
    let title = escape(&report.title()).into_owned();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"none\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}: {}</title><style>{STYLE}</style></head>\
         <body><main>{body}<footer>You see this because DEBUG is on and you are on the server's own machine. \
         Visitors of the site see a page that tells nothing.</footer></main></body></html>\n",
        escape(report.name),
    )
}

fn head(report: &Report) -> String {
    let causes: String = report.causes.iter().map(|cause| format!("<li>{}</li>", escape(cause))).collect();
    let causes = if causes.is_empty() {
        causes
    } else {
        format!("<h3>Caused by</h3><ol class=\"causes\">{causes}</ol>")
    };
    format!(
        "<header><p class=\"status\">{}</p><h1>{}</h1><p class=\"message\">{}</p>\
         <dl><dt>on</dt><dd><code>{}</code></dd><dt>at</dt><dd><code>{}</code></dd></dl>{causes}</header>",
        escape(&report.title()),
        escape(report.name),
        escape(&report.message),
        escape(&report.request_line),
        escape(&report.place),
    )
}

fn source(report: &Report) -> String {
    let lines: String = report
        .source
        .iter()
        .map(|line| {
            let class = if line.is_it { " class=\"it\"" } else { "" };
            format!("<li value=\"{}\"{class}><code>{}</code></li>", line.number, escape(&line.text))
        })
        .collect();
    format!("<section><h2>Source</h2><ol class=\"source\">{lines}</ol></section>")
}

fn tried(report: &Report) -> String {
    let patterns: String =
        report.tried.iter().map(|pattern| format!("<li><code>/{}</code></li>", escape(pattern))).collect();
    format!(
        "<section><h2>Patterns that were tried</h2><p>None matches this path. The first that matches wins, so their \
         order counts.</p><ol class=\"tried\">{patterns}</ol></section>"
    )
}

fn table(section: &Section) -> String {
    let rows: String = section
        .rows
        .iter()
        .map(|row| {
            let class = match row.tone {
                Tone::Plain => "",
                Tone::Good => " class=\"good\"",
                Tone::Warn => " class=\"warn\"",
                Tone::Bad => " class=\"bad\"",
            };
            let mut parts = row.value.splitn(2, '\n');
            let first = escape(parts.next().unwrap_or_default()).into_owned();
            let second =
                parts.next().map(|rest| format!("<small>{}</small>", escape(rest))).unwrap_or_default();
            format!("<tr{class}><th scope=\"row\">{}</th><td>{first}{second}</td></tr>", escape(&row.name))
        })
        .collect();
    let note =
        if section.note.is_empty() { String::new() } else { format!("<p>{}</p>", escape(section.note)) };
    let content = match (rows.is_empty(), note.is_empty()) {
        (true, true) => "<p class=\"none\">none</p>".to_owned(),
        (true, false) => note,
        (false, _) => format!("{note}<table><tbody>{rows}</tbody></table>"),
    };
    if section.folded {
        let count = section.rows.len();
        format!(
            "<details><summary><h2>{}</h2><span>{count}</span></summary>{content}</details>",
            section.title
        )
    } else {
        format!("<section><h2>{}</h2>{content}</section>", section.title)
    }
}
