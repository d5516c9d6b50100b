//! The page of an error that no handler of the application answers.

use nuages_http::{Error, HttpRequest, HttpResponse, Peer, StatusCode};

use crate::escape::escape;

const STYLE: &str = include_str!("stock_page.css");

/// The page: it says nothing about the inside, unless in debug mode and to this machine.
pub(crate) fn answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    let status = error.status();
    let title = status.canonical_reason().unwrap_or("Error");
    let detail = match request.settings().DEBUG && is_local(request) {
        true => inside(request, error),
        false => format!("<p>{}</p>", explanation(status)),
    };
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title} ({})</h1>{detail}</main></body></html>\n",
        status.as_u16()
    );
    HttpResponse::new(page).with_status(status)
}

/// What the error is, where it was made, and what caused it; for the developer.
fn inside(request: &HttpRequest, error: &Error) -> String {
    let whole = format!("{error:?}");
    // The first line is the message, which has its own place.
    let trail = whole.split_once('\n').map_or("", |(_, trail)| trail);
    let line = format!("{} {}", request.method, &*request.path);
    format!(
        "<section><h2>{}</h2><p>{}</p><pre>  on {}\n{}</pre></section>\
         <small>You see this because DEBUG is on and you are on the server's own machine.</small>",
        error.name(),
        escape(&error.to_string()),
        escape(&line),
        escape(trail),
    )
}

fn explanation(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is no such page on this server.",
        StatusCode::FORBIDDEN => "You may not see this page.",
        StatusCode::SERVICE_UNAVAILABLE => "Please try again in a moment.",
        status if status.is_client_error() => "The server could not understand this request.",
        _ => "Something went wrong on the server.",
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

#[cfg(test)]
mod tests {
    use nuages_http::{ErrorKind, Settings, Site};

    use super::*;

    fn page(debug: bool, address: &str, error: &Error) -> String {
        let site = Site::new(Settings { DEBUG: debug, ..Settings::default() }).unwrap();
        let remote = std::net::SocketAddr::new(address.parse().unwrap(), 40_000);
        let peer = Peer::Tcp { remote, local: remote };
        let request = HttpRequest::test("GET", "/a%3Cb%3E?token=s3cret").site(&site).peer(peer).build();
        let answer = answer(&request, error);
        assert_eq!(answer.status(), error.status());
        String::from_utf8(answer.body().as_bytes().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn the_inside_is_for_the_developer_alone() {
        let error = Error::from("<x>".parse::<u32>().unwrap_err());
        for (debug, address, shown) in [
            (true, "127.0.0.1", true),
            (true, "::1", true),
            (true, "::ffff:127.0.0.1", true),
            (true, "192.0.2.1", false),
            (false, "127.0.0.1", false),
        ] {
            let page = page(debug, address, &error);
            for inside in ["ParseIntError", "invalid digit found in string", "stock_page.rs"] {
                assert_eq!(page.contains(inside), shown, "{debug} {address}: {page}");
            }
            assert!(page.contains("<h1>Internal Server Error (500)</h1>"), "{page}");
        }
    }

    #[test]
    fn nothing_is_html_that_came_from_outside() {
        let error = Error::with_source(ErrorKind::BadRequest, "<script>\n  at <script>");
        let page = page(true, "127.0.0.1", &error);
        assert!(page.contains("<h2>BadRequest</h2><p>&lt;script&gt;\n  at &lt;script&gt;</p>"), "{page}");
        assert!(page.contains("  on GET /a&lt;b&gt;\n  at crates/nuages/src/stock_page.rs"), "{page}");
        assert!(!page.contains("<script>") && !page.contains("s3cret"), "{page}");
    }
}
