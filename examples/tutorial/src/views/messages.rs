//! Messages: left by one page, shown once by the next.

use nuages::prelude::*;

// ANCHOR: add_message
/// Leaves a message and goes on to the page that shows it.
pub(crate) async fn add_message(request: HttpRequest) -> Result {
    request.messages()?.success("Your message was kept for the next page.");
    redirect("/show_messages/")
}
// ANCHOR_END: add_message

// ANCHOR: show_messages
/// Shows the messages that are there. Reading them is what makes them go.
pub(crate) async fn show_messages(request: HttpRequest) -> Result {
    let mut page = String::new();
    for message in request.messages()?.read().await? {
        page += &format!("<p class=\"{}\">{}</p>", message.tags(), escape(message.text()));
    }
    if page.is_empty() {
        page += "There are no messages";
    }
    Ok(HttpResponse::new(page))
}
// ANCHOR_END: show_messages
