//! The page around an answer, in HTML.

use nuages::prelude::*;

use crate::catalogue::{self, Lesson};

const STYLE: &str = include_str!("page.css");

/// The page. `answer` is HTML; everything else is escaped here.
pub(crate) fn render(request: &HttpRequest, answer: &str, set_cookies: &[String]) -> String {
    let exchange = format!(
        "<div class=\"exchange\"><section><h2>What your browser sent</h2>{}</section>\
         <section><h2>What this answer set</h2>{}</section></div>",
        sent(request),
        set(set_cookies),
    );
    match catalogue::find(request.path.trim_start_matches('/')) {
        Some(place) if place.lesson.path != "index/" => {
            let title = format!("/{}", place.lesson.path);
            let above = "<a href=\"/\">← All views</a>";
            let steps = format!(
                "<nav><span>{}</span><span>{}</span></nav>",
                step("← ", place.previous, ""),
                step("", place.next, " →")
            );
            let body = format!("<section class=\"answer\">{answer}</section>{exchange}{steps}");
            document(&title, above, place.lesson.about, &body)
        }
        _ => {
            let about = "Every view of two Django tutorials, answered by nuages.";
            document("Cookies and sessions", "", about, &format!("{answer}{exchange}"))
        }
    }
}

fn document(title: &str, above: &str, about: &str, body: &str) -> String {
    let (title, about) = (escape(title), escape(about));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title} · nuages tutorial</title><style>{STYLE}</style></head>\
         <body><header>{above}<h1>{title}</h1><p>{about}</p></header><main>{body}</main></body></html>\n",
    )
}

fn step(before: &str, lesson: Option<&Lesson>, after: &str) -> String {
    lesson.map_or_else(String::new, |lesson| {
        format!("<a href=\"/{0}\">{before}{0}{after}</a>", escape(lesson.path))
    })
}

fn sent(request: &HttpRequest) -> String {
    let line = format!("{} {}", request.method, request.get_full_path());
    let cookies: String = request
        .COOKIES
        .iter()
        .map(|(name, value)| {
            let value = match &*value {
                "" => "<span class=\"none\">empty</span>".to_owned(),
                value => format!("<code>{}</code>", escape(value)),
            };
            format!("<dt>{}</dt><dd>{value}</dd>", escape(&name))
        })
        .collect();
    let cookies = match cookies.is_empty() {
        true => no_cookies(),
        false => format!("<dl>{cookies}</dl>"),
    };
    format!("<p><code>{}</code></p>{cookies}", escape(&line))
}

fn set(lines: &[String]) -> String {
    if lines.is_empty() {
        return no_cookies();
    }
    lines.iter().map(|line| format!("<pre>Set-Cookie: {}</pre>", escape(line))).collect()
}

fn no_cookies() -> String {
    "<p class=\"none\">no cookies</p>".to_owned()
}
