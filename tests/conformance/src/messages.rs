//! Messages: adding, reading, looking.

use nuages::Route;
use nuages::contrib::messages::{Level, Message, Text};
use nuages::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::outcome::Outcome;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("messages/add", add).view_path("views.messages_add"),
        path("messages/read", read).view_path("views.messages_read"),
        path("messages/count", count).view_path("views.messages_count"),
    ]
}

#[derive(Deserialize)]
struct Additions {
    messages: Vec<Addition>,
    set_level: Option<i64>,
    #[serde(default)]
    read: bool,
}

#[derive(Deserialize)]
struct Addition {
    level: i64,
    text: String,
    #[serde(default)]
    extra_tags: String,
    #[serde(default)]
    safe: bool,
}

#[derive(Serialize)]
struct Added<'a> {
    results: Vec<Outcome<()>>,
    level: i64,
    read: Option<Vec<Shown<'a>>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    level: i64,
    message: &'a str,
    extra_tags: Option<&'a str>,
    level_tag: &'a str,
    tags: String,
    safe: bool,
}

impl<'a> From<&'a Message> for Shown<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            level: message.level().number(),
            message: message.text(),
            extra_tags: message.own_tags(),
            level_tag: message.level_tag(),
            tags: message.tags(),
            safe: message.is_safe(),
        }
    }
}

async fn add(request: HttpRequest) -> Result {
    let additions: Additions = request.json().await?;
    let messages = request.messages()?;
    if let Some(level) = additions.set_level {
        messages.set_level(Level::new(level));
    }
    let mut results = Vec::with_capacity(additions.messages.len());
    for addition in additions.messages {
        let text = if addition.safe { Text::safe(addition.text) } else { addition.text.into() };
        messages.add(Message::new(addition.level, text).extra_tags(addition.extra_tags));
        results.push(Outcome::Value(()));
    }
    let found = if additions.read { Some(messages.read().await?) } else { None };
    let read = found.as_ref().map(|found| found.iter().map(Shown::from).collect());
    HttpResponse::json(&Added { results, level: messages.level().number(), read })
}

async fn read(request: HttpRequest) -> Result {
    let messages = request.messages()?;
    let count = messages.count().await?;
    let found = messages.read().await?;
    if request.GET.get("keep").is_some_and(|keep| !keep.is_empty()) {
        messages.keep();
    }
    let shown: Vec<Shown<'_>> = found.iter().map(Shown::from).collect();
    HttpResponse::json(&json!({"count": count, "messages": shown}))
}

async fn count(request: HttpRequest) -> Result {
    HttpResponse::json(&json!({"count": request.messages()?.count().await?}))
}
