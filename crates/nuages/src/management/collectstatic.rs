//! `collectstatic`.

use std::io::{BufRead, IsTerminal, stdin};

use nuages_contrib::staticfiles::{CollectOptions, Collected, StaticFiles};

use super::arguments::CollectstaticOptions;
use super::output::Output;
use super::project::Project;
use super::{Outcome, report};

/// Copies static files, and says how many.
pub(super) fn run(project: Project, options: &CollectstaticOptions, output: &mut Output) -> Outcome {
    let application = match project.build() {
        Ok(application) => application,
        Err(errors) => return report::startup(&errors, output),
    };
    let files = StaticFiles::of(application.site());
    let place = files.root().map(|root| root.display().to_string()).unwrap_or_default();
    if options.clear && !options.dry_run && !options.noinput && !agreed(&place, output) {
        output.error_line("collected nothing; give --noinput to be asked nothing");
        return Outcome::Failure;
    }
    match files.collect(&collect_options(options)) {
        Ok(done) => {
            tell(&done, &place, options.dry_run, output);
            Outcome::Success
        }
        Err(error) => report::error(&error, output),
    }
}

fn collect_options(options: &CollectstaticOptions) -> CollectOptions {
    let mut collect = CollectOptions::default();
    if options.no_default_ignore {
        collect = collect.no_default_ignore();
    }
    for pattern in &options.ignore {
        collect = collect.ignore(pattern);
    }
    if options.clear {
        collect = collect.clear();
    }
    if options.dry_run {
        collect = collect.dry_run();
    }
    if options.no_post_process { collect.no_post_process() } else { collect }
}

/// Asks before everything in a folder is deleted; nobody at the terminal does not agree.
fn agreed(place: &str, output: &mut Output) -> bool {
    if !stdin().is_terminal() {
        return false;
    }
    output.text(format_args!("This deletes everything in {place}. Type 'yes' to go on: "));
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

fn tell(done: &Collected, place: &str, dry_run: bool, output: &mut Output) {
    for skipped in &done.skipped {
        output.error_line(format_args!("left out, as it is no regular file: {}", skipped.display()));
    }
    for duplicate in &done.duplicates {
        output
            .error_line(format_args!("left out, as an earlier folder has one of the same name: {duplicate}"));
    }
    let plural = if done.copied.len() == 1 { "" } else { "s" };
    let verb = if dry_run { "to be copied" } else { "copied" };
    let mut line = format!("{} static file{plural} {verb} to {place}", done.copied.len());
    for (count, what) in [
        (done.unmodified.len(), "unmodified"),
        (done.post_processed.len(), "post-processed"),
        (done.compressed.len(), "compressed"),
    ] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    output.line(format_args!("{line}."));
}
