//! Static files: their settings, and whether they have been collected.

use nuages_contrib::staticfiles::{Finding, StaticFiles, check};

use super::message::Message;
use crate::application::Application;

/// What is wrong with the static files of an application.
pub(super) fn messages(application: &Application) -> Vec<Message> {
    let settings = application.site().settings();
    let mut findings = check(settings);
    if !settings.DEBUG {
        findings.extend(StaticFiles::of(application.site()).check_deployment());
    }
    findings.into_iter().map(message).collect()
}

fn message(finding: Finding) -> Message {
    if finding.is_error {
        Message::error(finding.id, finding.message, finding.hint)
    } else {
        Message::warning(finding.id, finding.message, finding.hint)
    }
}
