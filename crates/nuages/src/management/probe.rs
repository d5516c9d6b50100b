//! `probe`: what `nuages doctor` asks of a project.

use std::time::Duration;

use nuages_cache::{CacheBackend, CacheFront};
use nuages_db::Database;
use serde_json::json;

use super::output::Output;
use super::project::Project;
use super::{Outcome, report, runtime};
use crate::application::Application;
use crate::checks::{self, Level, Message};
use crate::configuration::ConfigurationError;
use crate::error_chain::chain;
use crate::site_caches;

/// The value that is written to each cache, and how long it may stay if it cannot be deleted.
const KEY: &str = "nuages.doctor";
const STAY: Duration = Duration::from_secs(10);

/// Tries everything, and writes an object a line: `about`, `ok`, `text`, and `fix` where something is bad.
pub(super) fn run(project: Project, errors: &[ConfigurationError], output: &mut Output) -> Outcome {
    let runtime = match runtime::of_one_thread() {
        Ok(runtime) => runtime,
        Err(error) => return report::error(&error, output),
    };
    let mut tell = |about: &str, ok: bool, text: &str, fix: &str| {
        output.line(json!({ "about": about, "ok": ok, "text": text, "fix": fix }));
    };
    for error in errors {
        tell("settings", false, &error.to_string(), "correct the setting there");
    }
    if errors.is_empty() {
        let debug = if project.settings().DEBUG { "on" } else { "off" };
        tell("settings", true, &format!("they can be loaded; DEBUG is {debug}"), "");
    }
    let built = project.build();
    for message in checks::built(&built).iter().filter(|message| message.level >= Level::Error) {
        tell("application", false, &message.text, &fix_of(message));
    }
    let Ok(application) = built else { return Outcome::Success };
    runtime.block_on(async {
        let messages = checks::services(&application).await;
        for message in &messages {
            tell("services", message.level < Level::Warning, &message.text, &fix_of(message));
        }
        if application.site().extensions().get::<Database>().is_some()
            && !messages.iter().any(|message| message.id.starts_with("database."))
        {
            let url = application.site().settings().DATABASE_URL.masked();
            tell("database", true, &format!("{url} answers, and has its tables"), "");
        }
        let tables_are_missing = messages.iter().any(|message| message.id.starts_with("caches."));
        caches(&application, tables_are_missing, &mut tell).await;
    });
    Outcome::Success
}

/// What mends it: a command where there is one.
fn fix_of(message: &Message) -> String {
    match (feature_of(&message.text), message.hint.as_str()) {
        (Some(feature), _) => format!("cargo add nuages --features {feature}"),
        (None, "") if message.text.contains("database") => "correct DATABASE_URL".to_owned(),
        (None, "") => "correct it where the application is made, in src/app.rs".to_owned(),
        (None, hint) => hint.to_owned(),
    }
}

/// The feature of nuages that this build lacks, if that is what a text is about.
fn feature_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("the feature ")?;
    let name = rest.strip_prefix(['`', '"'])?.split(['`', '"']).next()?;
    rest.contains("of nuages").then_some(name)
}

/// Writes to each cache, reads what was written, and deletes it. What was found out about their tables is told already.
async fn caches(
    application: &Application,
    tables_are_missing: bool,
    tell: &mut impl FnMut(&str, bool, &str, &str),
) {
    let site = application.site();
    // What is wrong with the settings was found when the application was built.
    let (Ok(configured), Ok(opened)) = (site_caches::configured(site.settings()), site_caches::open(site))
    else {
        return;
    };
    for cache in configured.iter().filter(|cache| cache.config.backend() != CacheBackend::Dummy) {
        if tables_are_missing && cache.config.backend() == CacheBackend::Db {
            continue;
        }
        let alias = &cache.alias;
        let Ok(front) = opened.get(alias) else { continue };
        match round_trip(front).await {
            Ok(()) => tell(
                "cache",
                true,
                &format!("{alias} ({}) keeps what it is given", name(cache.config.backend())),
                "",
            ),
            Err(message) => {
                let fix = match cache.config.backend() {
                    CacheBackend::Db => "run the command `createcachetable`".to_owned(),
                    CacheBackend::File => format!("make the folder writable, or correct {}", cache.setting),
                    _ => format!("start its server, or correct {}", cache.setting),
                };
                tell("cache", false, &format!("{alias} cannot be used: {message}"), &fix);
            }
        }
    }
}

fn name(backend: CacheBackend) -> String {
    format!("{backend:?}").to_ascii_lowercase()
}

async fn round_trip(cache: &CacheFront) -> Result<(), String> {
    let named = |error: nuages_cache::CacheError| chain(&error);
    cache.set(KEY, &1, STAY).await.map_err(named)?;
    let found: Option<u8> = cache.get(KEY).await.map_err(named)?;
    cache.delete(KEY).await.map_err(named)?;
    if found == Some(1) { Ok(()) } else { Err("what was written to it is not there".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mends_it() {
        for (text, hint, fix) in [
            ("turn on the feature `postgres` of nuages", "", "cargo add nuages --features postgres"),
            (
                "CACHE_URL: add the feature \"redis\" of nuages in Cargo.toml",
                "correct the setting",
                "cargo add nuages --features redis",
            ),
            ("the database file cannot be opened", "", "correct DATABASE_URL"),
            ("the layers are in disorder", "", "correct it where the application is made, in src/app.rs"),
            ("there is no feature", "correct the setting", "correct the setting"),
        ] {
            assert_eq!(fix_of(&Message::error("settings.E003", text, hint)), fix, "{text}");
        }
    }
}
