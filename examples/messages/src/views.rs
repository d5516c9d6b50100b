//! The list, and what changes it: each change is answered with a redirect, and the list says what came of it.

use nuages::contrib::messages::{Level, Message, Text};
use nuages::prelude::*;

use crate::chores::Chores;

// ANCHOR: add
/// A level of this site's own, above `SUCCESS` and below `WARNING`; `MESSAGE_TAGS` gives it a name.
const PARTY: Level = Level::new(27);

/// Adds a chore. Whoever reloads the page that follows adds nothing twice.
pub(crate) async fn add(request: HttpRequest) -> Result {
    let messages = request.messages()?;
    let chore = request.POST().await?.get("chore").unwrap_or_default().trim();
    if chore.is_empty() {
        messages.error("A chore needs a name.");
    } else if Chores::of(&request).add(chore) {
        messages.success(format!("{chore} is on the list."));
        messages.debug(format!("{} characters", chore.chars().count()));
    } else {
        messages.warning(format!("{chore} was on the list before."));
    }
    redirect_to(&request, "list").response()
}
// ANCHOR_END: add

// ANCHOR: done
pub(crate) async fn done(request: HttpRequest, number: usize) -> Result {
    let (chore, left) = Chores::of(&request).done(number).or_404()?;
    let messages = request.messages()?;
    messages.info(format!("{chore} is done."));
    if left == 0 {
        // This text is HTML that we have written ourselves; every other text is escaped.
        let text = Text::safe("Nothing left to do: <b>hooray!</b>");
        messages.add(Message::new(PARTY, text).extra_tags("large"));
    }
    redirect_to(&request, "list").response()
}
// ANCHOR_END: done

// ANCHOR: list
/// The list, below the messages that wait for this visitor. Reading them is what makes them go.
pub(crate) async fn list(request: HttpRequest) -> Result {
    let mut html = String::new();
    for message in request.messages()?.read().await? {
        let text = if message.is_safe() { message.text().into() } else { escape(message.text()) };
        html += &format!("<p role=\"status\" class=\"{}\">{text}</p>", escape(&message.tags()));
    }
    let token =
        format!("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\">", get_token(&request));
    for (number, chore) in Chores::of(&request).all().iter().enumerate() {
        html += &format!(
            "<form method=\"post\" action=\"/done/{number}/\">{token}{} <button>Done</button></form>",
            escape(chore),
        );
    }
    html += &format!(
        "<form method=\"post\" action=\"/add/\">{token}<input name=\"chore\" aria-label=\"Chore\">\
         <button>Add</button></form>"
    );
    Ok(HttpResponse::new(html))
}
// ANCHOR_END: list
