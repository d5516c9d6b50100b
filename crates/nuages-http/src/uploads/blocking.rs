//! Work on files, which blocks, away from the threads that serve requests.

use std::io;

use tokio::runtime::Handle;

/// Runs this on tokio's threads for blocking work; outside of tokio, here.
pub(crate) async fn blocking<T, F>(work: F) -> io::Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    match Handle::try_current() {
        Ok(runtime) => match runtime.spawn_blocking(work).await {
            Ok(result) => result,
            Err(error) => Err(io::Error::other(error)),
        },
        Err(_) => work(),
    }
}
