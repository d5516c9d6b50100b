//! A middleware of the site's own.

use nuages::prelude::*;

// ANCHOR: maintenance
/// While a switch is on, answers every request by itself.
pub struct Maintenance {
    /// The switch.
    pub on: bool,
}

impl Middleware for Maintenance {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        if self.on {
            let mut response =
                HttpResponse::new("Back in a moment").with_status(StatusCode::SERVICE_UNAVAILABLE);
            response.set_header("Retry-After", "60")?;
            return Ok(response);
        }
        let started = std::time::Instant::now();
        let mut response = next.run(request).await;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        response.set_header("Server-Timing", &format!("view;dur={milliseconds:.1}"))?;
        Ok(response)
    }
}
// ANCHOR_END: maintenance
