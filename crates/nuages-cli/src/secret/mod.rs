//! `secret generate` and `secret rotate`.

mod place;

use std::process::ExitCode;

use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};
use zeroize::Zeroizing;

use crate::arguments::SecretCommand;
use crate::failure::Failure;
use crate::project::Project;
use crate::terminal;
use place::Place;

/// Characters of a new key.
const LENGTH: usize = 64;

/// The beginning of keys for development, which stays what it is.
const FOR_DEVELOPMENT: &str = "nuages-insecure-";

/// Runs one of the two.
pub(crate) fn run(command: &SecretCommand) -> Result<ExitCode, Failure> {
    match command {
        SecretCommand::Generate => terminal::text(format_args!("{}\n", &*new_key("")))?,
        SecretCommand::Rotate => rotate(&Project::find_site()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn new_key(beginning: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{beginning}{}", get_random_string(LENGTH, RANDOM_STRING_CHARS)))
}

fn rotate(project: &Project) -> Result<(), Failure> {
    let place =
        Place::find(&project.folder, |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))?;
    let path = place
        .rotate(|former| new_key(if former.starts_with(FOR_DEVELOPMENT) { FOR_DEVELOPMENT } else { "" }))?;
    terminal::line(format_args!("{} a new SECRET_KEY in {}", terminal::good("wrote"), path.display()));
    terminal::line(
        "\
The former key is the first of SECRET_KEY_FALLBACKS now: what it signed is still read.

Next:
- restart the site; where several processes share the key, give the new one to all of them as a fallback first, and only
  then as SECRET_KEY
- a Django that shares the key needs both as well
- when the last session and cookie that the former key signed has ended (two weeks, unless SESSION_COOKIE_AGE says
  otherwise), take it out of SECRET_KEY_FALLBACKS",
    );
    Ok(())
}
