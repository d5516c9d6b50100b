//! The index page.

use nuages::prelude::*;

use crate::catalogue::CHAPTERS;

/// Links every view of the site, in the order of the tutorials.
pub(crate) async fn index(request: HttpRequest) -> Result {
    render(&request, "index.html", context! { chapters => Serde(CHAPTERS) })
}
