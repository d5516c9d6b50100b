//! Does this browser take cookies? The login view of the first tutorial, with the test cookie and a CSRF token.

use nuages::middleware::csrf::rotate_token;
use nuages::prelude::*;

// ANCHOR: login
pub(crate) async fn login(request: HttpRequest) -> Result {
    let session = request.session().await?;
    if request.method != "POST" {
        session.set_test_cookie()?;
        return Ok(HttpResponse::new(form(&request)));
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

// ANCHOR: form
/// The form, with the token that CsrfViewMiddleware asks for.
fn form(request: &HttpRequest) -> String {
    let token = get_token(request);
    format!(
        r#"<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<label>Username <input name="username" autocomplete="username" value="guest"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Log in</button>
</form>"#
    )
}
// ANCHOR_END: form
