//! The middleware that shows what a browser cannot show by itself.

use nuages::prelude::*;

use crate::page::page;

// ANCHOR: inspector
/// Puts a page around each answer: what the browser sent, and what the answer set.
///
/// Programs get the bare answer. It stands outside of the session middleware, whose cookie it shows too.
pub struct Inspector;

impl Middleware for Inspector {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = next.run(request.clone()).await;
        response.patch_vary(&["Accept"]);
        let wants_page = request.headers.get("Accept").is_some_and(|types| types.contains("text/html"));
        let answer = response.body().as_bytes().map(String::from_utf8_lossy);
        if let Some(answer) = answer.filter(|_| wants_page && response.status().is_success()) {
            let page = page(&request, &answer, set_cookie_lines(&request, &response)?).await?;
            response.set_body(page);
            response.remove_header("Content-Length");
        }
        Ok(response)
    }
}

/// The Set-Cookie lines, as they will be sent.
fn set_cookie_lines(request: &HttpRequest, response: &HttpResponse) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    response.cookies().write(request.site().cookie_signer(), |line| lines.push(line))?;
    Ok(lines)
}
// ANCHOR_END: inspector
