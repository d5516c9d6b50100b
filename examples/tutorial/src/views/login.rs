//! Does this browser take cookies? The login view of the first tutorial, with the test cookie and a CSRF token.

use nuages::middleware::csrf::rotate_token;
use nuages::prelude::*;

// ANCHOR: login
pub(crate) async fn login(request: HttpRequest) -> Result {
    let session = request.session().await?;
    if request.method != "POST" {
        session.set_test_cookie()?;
        return render(&request, "accounts/login.html", context! {});
    }
    if !session.test_cookie_worked() {
        return Ok(HttpResponse::new("Enable cookies before retrying."));
    }
    session.delete_test_cookie()?;
    // What was known before the login is worth nothing after it: neither the key nor a token.
    session.cycle_key()?;
    rotate_token(&request);
    Ok(HttpResponse::new("You have logged in successfully."))
}
// ANCHOR_END: login
