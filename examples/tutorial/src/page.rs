//! The page around an answer, in HTML.

use nuages::prelude::*;

use crate::catalogue;

const STYLE: &str = include_str!("page.css");

/// The page. `answer` is HTML; everything else is escaped here.
pub(crate) fn render(request: &HttpRequest, answer: &str, set_cookies: &[String]) -> String {
    let lesson = catalogue::find(request.path.trim_start_matches('/'));
    let (title, above, answer) = match lesson {
        Some(lesson) if lesson.path != "index/" => {
            let above = format!(
                "<a href=\"/\">← All views</a><h1>/{}</h1><p>{}</p>",
                escape(lesson.path),
                escape(lesson.about)
            );
            (lesson.path, above, format!("<section class=\"answer\">{answer}</section>"))
        }
        _ => {
            let above =
                "<h1>Cookies and sessions</h1><p>Every view of two Django tutorials, answered by nuages.</p>";
            ("Cookies and sessions", above.to_owned(), answer.to_owned())
        }
    };
    let exchange = format!(
        "<div class=\"exchange\"><section><h2>What your browser sent</h2>{}</section>\
         <section><h2>What this answer set</h2>{}</section></div>",
        sent(request),
        set(set_cookies),
    );
    // On the index the views come first.
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{} · nuages tutorial</title><style>{STYLE}</style></head>\
         <body><header>{above}</header><main>{answer}{exchange}</main></body></html>\n",
        escape(title),
    )
}

fn sent(request: &HttpRequest) -> String {
    let cookies: String = request
        .COOKIES
        .iter()
        .map(|(name, value)| format!("<dt>{}</dt><dd><code>{}</code></dd>", escape(&name), escape(&value)))
        .collect();
    let line = format!("{} {}", request.method, request.get_full_path());
    let cookies = if cookies.is_empty() {
        "<p class=\"none\">no cookies</p>".to_owned()
    } else {
        format!("<dl>{cookies}</dl>")
    };
    format!("<p><code>{}</code></p>{cookies}", escape(&line))
}

fn set(lines: &[String]) -> String {
    if lines.is_empty() {
        return "<p class=\"none\">no cookies</p>".to_owned();
    }
    lines.iter().map(|line| format!("<pre>Set-Cookie: {}</pre>", escape(line))).collect()
}
