//! HTML for a browser, JSON for a program that asks for it, text for everything else.

use nuages_http::HttpRequest;
use serde_json::{Map, Value, json};

use super::html;
use super::report::{Report, Section};

/// In which form the page is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Json,
    Text,
}

impl Format {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let accept = request.headers.get("accept").unwrap_or_default().to_ascii_lowercase();
        if accept.contains("text/html") || accept.contains("application/xhtml") {
            Self::Html
        } else if accept.contains("json") {
            Self::Json
        } else {
            Self::Text
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    pub(super) fn write(self, report: &Report) -> String {
        match self {
            Self::Html => html::page(report),
            Self::Json => json(report),
            Self::Text => text(report),
        }
    }
}

/// Control characters would forge lines, or do things to a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

fn text(report: &Report) -> String {
    let mut lines = vec![
        format!("{} - {}: {}", report.title(), report.name, printable(&report.message)),
        format!("  on {}", printable(&report.request_line)),
        format!("  at {}", report.place),
    ];
    lines.extend(report.causes.iter().map(|cause| format!("  caused by: {}", printable(cause))));
    if !report.source.is_empty() {
        lines.push(String::new());
        lines.extend(report.source.iter().map(|line| {
            let mark = if line.is_it { ">" } else { " " };
            format!("{mark} {:>5} | {}", line.number, printable(&line.text.replace('\t', "    ")))
        }));
    }
    if !report.tried.is_empty() {
        lines.push("\nThese patterns were tried, in this order:".to_owned());
        lines.extend(report.tried.iter().map(|pattern| format!("  /{pattern}")));
    }
    for section in report.sections.iter().filter(|section| !section.folded && !is_empty(section)) {
        lines.push(format!("\n{}", section.title));
        if !section.note.is_empty() {
            lines.push(format!("  {}", section.note));
        }
        for row in &section.rows {
            let value: Vec<String> = row.value.lines().map(printable).collect();
            lines.push(format!("  {}: {}", printable(&row.name), value.join("\n      ")));
        }
    }
    lines.push("\nYou see this because DEBUG is on and you are on the server's own machine.\n".to_owned());
    lines.join("\n")
}

fn is_empty(section: &Section) -> bool {
    section.rows.is_empty() && section.note.is_empty()
}

fn json(report: &Report) -> String {
    let sections: Map<String, Value> = report
        .sections
        .iter()
        .map(|section| {
            let rows = section.rows.iter().map(|row| json!([row.name, row.value])).collect();
            (section.title.to_owned(), Value::Array(rows))
        })
        .collect();
    let value = json!({
        "error": {
            "status": report.status.as_u16(),
            "title": report.title(),
            "name": report.name,
            "message": report.message,
            "request": report.request_line,
            "at": report.place,
            "causes": report.causes,
            "tried": report.tried,
        },
        "debug": sections,
    });
    format!("{value:#}\n")
}
