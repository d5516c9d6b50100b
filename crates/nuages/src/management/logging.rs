//! What the server logs, and where: on standard error, chosen by RUST_LOG.

use std::error::Error;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::configuration::Sources;

/// Starts logging, unless the program has done so by itself.
pub(super) fn start(sources: &Sources) -> Result<(), Box<dyn Error>> {
    let directives = sources.get("RUST_LOG").map_or("info".into(), |text| text.to_string_lossy());
    let filter = EnvFilter::try_new(&directives).map_err(|error| {
        format!("environment variable RUST_LOG: {error}; write for example RUST_LOG=info")
    })?;
    let _program_logs_by_itself = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(has_colours(sources))
        .try_init();
    Ok(())
}

/// On a terminal, or before somebody who shows them (CLICOLOR_FORCE), unless NO_COLOR.
fn has_colours(sources: &Sources) -> bool {
    let forced = sources.get("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    (forced || std::io::stderr().is_terminal()) && sources.get("NO_COLOR").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let sources = Sources::in_folder("/").variable("CLICOLOR_FORCE", "1");
        assert!(has_colours(&sources));
        assert!(!has_colours(&sources.variable("NO_COLOR", "1")));
    }
}
