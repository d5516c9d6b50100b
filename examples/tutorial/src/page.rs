//! The page around an answer.

use nuages::prelude::*;

use crate::catalogue;

/// The page: `lesson.html` around the answer of a view, `home.html` around the list of all.
pub(crate) async fn page(request: &HttpRequest, answer: &str, set_cookies: Vec<String>) -> Result<String> {
    match catalogue::find(request.path.trim_start_matches('/')) {
        Some(place) if place.lesson.path != "index/" => {
            let context = context! {
                answer,
                set_cookies,
                lesson => Serde(place.lesson),
                previous => place.previous.map(|lesson| lesson.path),
                next => place.next.map(|lesson| lesson.path),
            };
            render_to_string(request, "lesson.html", context).await
        }
        _ => render_to_string(request, "home.html", context! { answer, set_cookies }).await,
    }
}
