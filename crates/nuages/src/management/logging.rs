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
        .with_ansi(std::io::stderr().is_terminal() && sources.get("NO_COLOR").is_none())
        .try_init();
    Ok(())
}
