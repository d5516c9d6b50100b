//! The site's own pages for errors.

use nuages::prelude::*;

use crate::page::page;

// ANCHOR: not_found
/// What a visitor sees in place of a page that is not there.
pub(crate) async fn not_found(request: HttpRequest, _error: Error) -> Result {
    page(&request, "Not here", "<p>There is no such page. <a href=\"/\">Back to the beginning</a></p>")
}
// ANCHOR_END: not_found

// ANCHOR: server_error
/// Of an error a visitor is told nothing: it is in the log.
pub(crate) async fn server_error(_request: HttpRequest, error: Error) -> Result {
    Ok(HttpResponse::new(format!("Something went wrong ({}). We have been told.", error.status().as_u16())))
}
// ANCHOR_END: server_error
