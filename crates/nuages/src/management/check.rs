//! `check`.

use super::arguments::CheckOptions;
use super::output::Output;
use super::project::Project;
use super::{Outcome, report, runtime};
use crate::checks::{self, Level, Message, Subject};
use crate::configuration::ConfigurationError;

/// Says everything that is wrong, the gravest first.
pub(super) fn run(
    project: Project,
    errors: &[ConfigurationError],
    options: &CheckOptions,
    output: &mut Output,
) -> Outcome {
    let runtime = match runtime::of_one_thread() {
        Ok(runtime) => runtime,
        Err(error) => return report::error(&error, output),
    };
    let (settings, middleware) = (project.settings().clone(), project.middleware().to_vec());
    let subject = Subject { settings: &settings, middleware: &middleware };
    let mut messages: Vec<Message> = checks::configuration(errors).collect();
    let built = project.build();
    // Of settings that could not all be read nobody knows whether DEBUG is on, and with it a key of its own.
    let follows = |message: &Message| !errors.is_empty() && message.id == "settings.E001";
    messages.extend(checks::built(&built).into_iter().filter(|message| !follows(message)));
    if let Ok(application) = &built {
        messages.extend(runtime.block_on(checks::services(application)));
    }
    if options.deploy {
        messages.extend(checks::deployment(&subject));
    }
    let found = messages.len();
    messages.retain(|message| !settings.SILENCED_SYSTEM_CHECKS.iter().any(|id| id == message.id));
    show(&messages, found - messages.len(), output);
    let failed = messages.iter().any(|message| message.level >= options.fail_level);
    if failed { Outcome::Failure } else { Outcome::Success }
}

fn show(messages: &[Message], silenced: usize, output: &mut Output) {
    for level in Level::ALL {
        let of_level: Vec<&Message> = messages.iter().filter(|message| message.level == level).collect();
        if of_level.is_empty() {
            continue;
        }
        output.line(level.heading());
        for message in of_level {
            output.line(format_args!("- {message}"));
        }
        output.line("");
    }
    let count = match messages.len() {
        0 => "no issues".to_owned(),
        1 => "1 issue".to_owned(),
        count => format!("{count} issues"),
    };
    let silenced = if silenced == 0 { String::new() } else { format!(" ({silenced} silenced)") };
    output.line(format_args!("System check identified {count}{silenced}."));
}
