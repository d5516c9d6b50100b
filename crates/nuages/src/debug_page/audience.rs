//! Who may see the inside.

use nuages_http::{HttpRequest, Peer};

/// Whom an error page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Who develops the site: DEBUG is on, and the request is of this machine and for a host of this site.
    Developer,
    /// Anybody else.
    Visitor,
}

impl Audience {
    pub(crate) fn of(request: &HttpRequest) -> Self {
        // A page of another site may have its own name lead to this machine (DNS rebinding): it could read the answer.
        let developer = request.settings().DEBUG && is_local(request) && request.check_host().is_ok();
        if developer { Self::Developer } else { Self::Visitor }
    }
}

/// Sits who asks at the server's own machine? A proxy there asks for somebody else.
fn is_local(request: &HttpRequest) -> bool {
    let proxied = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
    if proxied.iter().any(|name| request.headers.contains(name)) {
        return false;
    }
    match request.peer() {
        Peer::Tcp { remote, .. } => remote.ip().to_canonical().is_loopback(),
        Peer::Unix => true,
        Peer::Unknown => false,
    }
}
