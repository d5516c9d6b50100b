//! What panics.

use nuages::prelude::*;

/// The text of every panic here: no page may show it.
const TEXT: &str = "the-text-of-a-panic";

/// A middleware that panics where the header `X-Bomb` says so: `before` the view or `after` it.
pub(crate) struct Bomb;

impl Middleware for Bomb {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let when = request.headers.get("X-Bomb").map(|when| when.into_owned());
        let lit = |moment: &str| when.as_deref() == Some(moment);
        if lit("before") {
            blow_up();
        }
        let response = next.run(request).await;
        if lit("after") {
            blow_up();
        }
        Ok(response)
    }
}

#[expect(clippy::panic, reason = "it is what this is for")]
fn blow_up() {
    panic!("{TEXT}");
}

/// A view that panics.
pub(crate) async fn explode(_request: HttpRequest) -> Result {
    blow_up();
    Ok(HttpResponse::new("unreachable"))
}
