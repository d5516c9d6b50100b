//! The page of an error that no handler of the application answers: it says nothing about the inside.

use nuages_http::{Error, HttpResponse, StatusCode};

const STYLE: &str = include_str!("stock_page.css");

/// The page.
pub(crate) fn answer(error: &Error) -> HttpResponse {
    let status = error.status();
    let title = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title} ({})</h1><p>{}</p></main></body></html>\n",
        status.as_u16(),
        explanation(status),
    );
    HttpResponse::new(page).with_status(status)
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
