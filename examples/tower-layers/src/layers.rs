//! The layers, outermost first.

// ANCHOR: layers
use nuages::Application;
use nuages::http::{HeaderName, HeaderValue, Method};
use nuages::server::HttpService;
use tower::ServiceBuilder;
use tower_http::cors::{Any, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// The largest body, in bytes.
pub(crate) const LARGEST: usize = 64 << 10;

/// An application is a tower service, and so is one with layers around it: the server takes both.
pub(crate) fn around(application: Application) -> impl HttpService {
    let permissions = HeaderName::from_static("permissions-policy");
    ServiceBuilder::new()
        // Pages of other sites may read what is public here; a preflight never reaches the site.
        .layer(CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::POST]))
        // On every answer from within, the refusals of the next layer too.
        .layer(SetResponseHeaderLayer::if_not_present(permissions, HeaderValue::from_static("camera=()")))
        // A longer body is refused with 413 before the site sees it.
        .layer(RequestBodyLimitLayer::new(LARGEST))
        .service(application)
}
// ANCHOR_END: layers
