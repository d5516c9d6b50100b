//! The index page.

use std::fmt::Write;

use nuages::prelude::*;

use crate::catalogue::CHAPTERS;

/// Links every view of the site, in the order of the tutorials.
pub(crate) async fn index(_request: HttpRequest) -> Result {
    let mut html = String::new();
    for chapter in CHAPTERS {
        write!(
            html,
            "<section><h2>{}</h2><p>{}</p><ul class=\"lessons\">",
            escape(chapter.title),
            escape(chapter.about)
        )?;
        for lesson in chapter.lessons {
            write!(
                html,
                "<li><a href=\"/{0}\">{0}</a><span>{1}</span></li>",
                escape(lesson.path),
                escape(lesson.about)
            )?;
        }
        html.push_str("</ul></section>");
    }
    Ok(HttpResponse::new(html))
}
