//! What a login is: a session that knows who is there.

use nuages::PassesTest;
use nuages::decorators::{Decorated, decorate};
use nuages::middleware::csrf::rotate_token;
use nuages::prelude::*;

const NAME: Key<String> = Key::new("name");

/// Who is logged in.
pub(crate) async fn name(request: &HttpRequest) -> Result<Option<String>> {
    Ok(request.session().await?.get(NAME)?)
}

// ANCHOR: log_in
/// Logs in, until the browser is closed or, if it is to be remembered, for two weeks after the last change.
pub(crate) async fn log_in(request: &HttpRequest, name: &str, remember: bool) -> Result<()> {
    let session = request.session().await?;
    match session.get(NAME)? {
        // Whoever was here before leaves nothing behind for somebody else.
        Some(other) if other != name => request.session_handle()?.flush(),
        // A key that somebody planted before the login is worth nothing after it, and what a visitor has put into the
        // session stays.
        _ => session.cycle_key()?,
    }
    session.set(NAME, name.to_owned())?;
    session.set_expiry(if remember { Expiry::Default } else { Expiry::BrowserClose })?;
    rotate_token(request);
    Ok(())
}

/// Logs out: the session ends, here and in every copy of its cookie.
pub(crate) fn log_out(request: &HttpRequest) -> Result<()> {
    request.session_handle()?.flush();
    Ok(())
}
// ANCHOR_END: log_in

// ANCHOR: login_required
/// A view for those who are logged in; all others are sent to the login page, and back afterwards.
pub(crate) fn login_required<V>(view: V) -> Decorated<V, impl nuages::decorators::Decorator> {
    decorate(
        PassesTest::new(async |request: HttpRequest| Ok(name(&request).await?.is_some())).login_url("login"),
        view,
    )
}
// ANCHOR_END: login_required
