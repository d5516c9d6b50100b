//! Does this browser take cookies? The login view of the first tutorial, with the test cookie.

use nuages::prelude::*;

// ANCHOR: login
pub(crate) async fn login(request: HttpRequest) -> Result {
    let session = request.session().await?;
    if request.method != "POST" {
        session.set_test_cookie()?;
        return Ok(HttpResponse::new(FORM));
    }
    if !session.test_cookie_worked() {
        return Ok(HttpResponse::new("Enable cookies before retrying."));
    }
    session.delete_test_cookie()?;
    Ok(HttpResponse::new("You have logged in successfully."))
}
// ANCHOR_END: login

const FORM: &str = r#"<form method="post">
<label>Username <input name="username" autocomplete="username" value="guest"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Log in</button>
</form>"#;
