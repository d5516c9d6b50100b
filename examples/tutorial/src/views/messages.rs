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
/// Shows the messages that are there. That the template shows them is what makes them go.
pub(crate) async fn show_messages(request: HttpRequest) -> Result {
    render(&request, "show_messages.html", context! {})
}
// ANCHOR_END: show_messages
