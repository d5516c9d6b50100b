//! The views.

use nuages::chrono::{DateTime, Utc};
use nuages::contrib::messages::{Message, Text};
use nuages::prelude::*;
use nuages::{HttpResponse, Paginator};

use crate::board::Board;

fn the_board(request: &HttpRequest) -> &Board {
    request.site().extensions().get_or_insert_with(Board::default)
}

// ANCHOR: board
/// The board and its form; a POST puts a note on it.
pub(crate) async fn board(request: HttpRequest) -> Result {
    if request.method == "POST" {
        let text = request.POST().await?.get("text").unwrap_or("").trim().to_owned();
        if text.is_empty() {
            request.messages()?.warning("A note needs a text.");
        } else {
            the_board(&request).add(&text);
            request.session().await?.set("has_written", true)?;
            request.messages()?.success("Your note is on the board.");
        }
        return redirect_to(&request, "board").response();
    }
    let notes = the_board(&request).all();
    let page = Paginator::new(notes.len(), 5).get_page(&notes, request.GET.get("page").unwrap_or("1"));
    let mut html = shown_messages(&request).await?;
    html += &format!(
        "<form method=\"post\"><input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\">\
         <input name=\"text\"><button>Put it on the board</button></form>",
        get_token(&request),
    );
    for note in page.iter() {
        html += &format!("<p class=\"note\">{}</p>", escape(note));
    }
    html += &format!("<p>Page {} of {}</p>", page.number(), page.num_pages());
    Ok(HttpResponse::new(html))
}
// ANCHOR_END: board

// ANCHOR: shown_messages
/// The messages that wait for this visitor; they are not shown again.
async fn shown_messages(request: &HttpRequest) -> Result<String> {
    let mut html = String::new();
    for message in request.messages()?.read().await? {
        let text = if message.is_safe() { message.text().to_owned() } else { escape(message.text()).into() };
        html += &format!("<p class=\"{}\">{text}</p>", escape(&message.tags()));
    }
    Ok(html)
}
// ANCHOR_END: shown_messages

// ANCHOR: note
/// One note, by its place.
pub(crate) async fn note(request: HttpRequest, number: usize) -> Result {
    let notes = the_board(&request).all().or_404()?;
    let note = number.checked_sub(1).and_then(|at| notes.get(at)).or_404()?;
    Ok(HttpResponse::new(escape(note).into_owned()))
}
// ANCHOR_END: note

/// The same for everybody, so that it can be cached.
pub(crate) async fn about(_: HttpRequest) -> Result {
    Ok(HttpResponse::new("A board of notes."))
}

// ANCHOR: feed
/// What changes whenever the feed does.
pub(crate) async fn feed_tag(request: HttpRequest) -> Result<Option<String>> {
    Ok(Some(format!("{} notes", the_board(&request).all().len())))
}

/// Nobody keeps the time.
pub(crate) async fn feed_changed(_: HttpRequest) -> Result<Option<DateTime<Utc>>> {
    Ok(None)
}

/// Not called for a client that has the newest feed.
pub(crate) async fn feed(request: HttpRequest) -> Result {
    Ok(HttpResponse::new(the_board(&request).all().join("\n")).with_content_type("text/plain")?)
}
// ANCHOR_END: feed

// ANCHOR: levels
/// A note from a program, which has no CSRF token; it tells the visitor's next page.
pub(crate) async fn hook(request: HttpRequest) -> Result {
    let text = String::from_utf8_lossy(request.body().await?).into_owned();
    the_board(&request).add(&text);
    let messages = request.messages()?;
    messages.add(Message::new(50, Text::safe("<b>A program</b> has written.")).extra_tags("robot"));
    Ok(HttpResponse::new("thank you"))
}
// ANCHOR_END: levels

// ANCHOR: test
/// Has this visitor put a note on the board?
pub(crate) async fn has_written(request: HttpRequest) -> Result<bool> {
    Ok(request.session().await?.get("has_written")?.unwrap_or(false))
}
// ANCHOR_END: test

/// For those who have.
pub(crate) async fn mine(_: HttpRequest) -> Result {
    Ok(HttpResponse::new("Thank you for writing."))
}
