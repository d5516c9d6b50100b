//! `sessions list`, `sessions show` and `sessions delete`.

use std::error::Error;

use chrono::{DateTime, Utc};
use nuages_sessions::{SessionEngine, SessionKey, StoredSession};

use super::arguments::{DeletedSessions, ListedSessions, SessionsCommand, ShownSession};
use super::output::Output;
use super::project::Project;
use super::table::aligned;
use super::{Outcome, report, runtime};
use crate::checks;

/// Sessions read at once.
const PAGE: usize = 500;

/// Characters of a value that are shown.
const LONGEST: usize = 200;

/// Names whose values nobody should see on a screen.
const SECRETS: [&str; 9] =
    ["secret", "token", "password", "passwd", "hash", "signature", "api_key", "apikey", "credential"];

/// Runs one of the three.
pub(super) fn run(project: Project, command: SessionsCommand, output: &mut Output) -> Outcome {
    let application = match project.build() {
        Ok(application) => application,
        Err(errors) => return report::startup(&errors, output),
    };
    let lines = runtime::of_one_thread().map_err(Into::into).and_then(|runtime| {
        let engine = application.site().extensions().get::<SessionEngine>();
        let engine = engine.ok_or("there are no sessions; add .middleware(SessionMiddleware::new())")?;
        runtime.block_on(async {
            if let Some(message) = checks::database(&application).await {
                return Err(message.to_string().into());
            }
            match command {
                SessionsCommand::List(options) => list(engine, &options).await,
                SessionsCommand::Show(options) => show(engine, &options).await,
                SessionsCommand::Delete(options) => delete(engine, &options).await,
            }
        })
    });
    let lines: Result<Vec<String>, Box<dyn Error>> = lines;
    match lines {
        Ok(lines) => lines.iter().for_each(|line| output.line(line)),
        Err(error) => return report::error(&*error, output),
    }
    Outcome::Success
}

/// What of a key is shown.
fn name(session: &StoredSession, whole: bool) -> String {
    if whole { session.key().as_str().to_owned() } else { format!("{}…", session.prefix()) }
}

fn time(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

async fn list(engine: &SessionEngine, options: &ListedSessions) -> Result<Vec<String>, Box<dyn Error>> {
    let (mut rows, mut after, mut more): (Vec<[String; 4]>, Option<SessionKey>, bool) =
        (Vec::new(), None, false);
    let now = Utc::now();
    'pages: loop {
        let page = engine.stored_sessions(after.as_ref(), PAGE).await?;
        let page = page.ok_or(
            "this session engine cannot list what it has; show and delete take whole keys, and with SESSION_INDEX \
             delete takes a user",
        )?;
        for session in &page.sessions {
            let (expired, user) = (session.expires().is_some_and(|end| end <= now), session.user_id());
            if (expired && !options.expired)
                || options.user.as_ref().is_some_and(|wanted| user.as_ref() != Some(wanted))
            {
                continue;
            }
            if rows.len() >= options.limit {
                more = true;
                break 'pages;
            }
            let values = match session.data() {
                Some(data) => data.len().to_string(),
                None => "unreadable".to_owned(),
            };
            rows.push([
                name(session, options.full_keys),
                user.unwrap_or_else(|| "-".to_owned()),
                time(session.expires()),
                values,
            ]);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    if rows.is_empty() {
        return Ok(vec!["There are no such sessions.".to_owned()]);
    }
    let heads = ["KEY", "USER", "EXPIRES", "VALUES"].map(str::to_owned);
    rows.insert(0, heads);
    let mut lines = aligned(&rows);
    if more {
        lines.push("There are more; --limit shows them.".to_owned());
    }
    Ok(lines)
}

/// The one session that a text names.
async fn find(engine: &SessionEngine, text: &str) -> Result<StoredSession, Box<dyn Error>> {
    let mut found = engine.find_stored(text).await?;
    match (found.pop(), found.is_empty()) {
        (Some(session), true) => Ok(session),
        (Some(_), false) => Err("several sessions begin with that; give more of the key".into()),
        (None, _) => {
            Err("there is no such session; give at least six characters of its key, or all of it".into())
        }
    }
}

async fn show(engine: &SessionEngine, options: &ShownSession) -> Result<Vec<String>, Box<dyn Error>> {
    let session = find(engine, &options.key).await?;
    let mut rows = vec![
        ["key".to_owned(), name(&session, options.full_key)],
        ["user".to_owned(), session.user_id().unwrap_or_else(|| "-".to_owned())],
        ["expires".to_owned(), time(session.expires())],
    ];
    let mut lines = Vec::new();
    match session.data() {
        Some(data) => {
            let values =
                data.iter().map(|(name, raw)| [format!("  {name}"), shown(name, raw.get(), options.secrets)]);
            rows.push(["values".to_owned(), data.len().to_string()]);
            rows.extend(values);
        }
        None => lines.push("Its values were not written with this SECRET_KEY.".to_owned()),
    }
    let mut whole = aligned(&rows);
    whole.append(&mut lines);
    Ok(whole)
}

/// A value for the screen.
fn shown(name: &str, value: &str, secrets: bool) -> String {
    let lower = name.to_ascii_lowercase();
    if !secrets && SECRETS.iter().any(|secret| lower.contains(secret)) {
        return "********".to_owned();
    }
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", value.get(..end).unwrap_or_default(), value.len()),
        None => value.to_owned(),
    }
}

async fn delete(engine: &SessionEngine, options: &DeletedSessions) -> Result<Vec<String>, Box<dyn Error>> {
    if let Some(user) = &options.user {
        let sessions = engine.user_sessions();
        let sessions = sessions
            .ok_or("deleting by user needs the index of sessions; set SESSION_INDEX and run migrate")?;
        let line = match sessions.end_all(user, None).await? {
            1 => "Deleted 1 session.".to_owned(),
            count => format!("Deleted {count} sessions."),
        };
        return Ok(vec![line]);
    }
    let session = find(engine, options.key.as_deref().unwrap_or_default()).await?;
    engine.end_stored(&session).await?;
    Ok(vec![format!("Deleted the session {}.", name(&session, false))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        for name in ["_auth_user_hash", "csrfToken", "API_KEY", "password_reset"] {
            assert_eq!(shown(name, "\"x\"", false), "********", "{name}");
            assert_eq!(shown(name, "\"x\"", true), "\"x\"", "{name}");
        }
        assert_eq!(shown("visits", "3", false), "3");
        assert!(shown("cart", &"ü".repeat(300), false).ends_with("… (600 bytes)"));
    }
}
