//! A hyper server with time-outs, limits and a graceful end.
//!
//! [`Server::bind`] listens on an [`Address`]; [`Bound::serve`] answers HTTP/1 and, for clients that know it
//! beforehand, HTTP/2 with any tower service, until its shutdown future is ready. What it adds to hyper:
//!
//! - **Time-outs** ([`Timeouts`]) for the first byte, the header, a stalled or trickling body, an answer nobody
//!   reads, and an idle connection. They share one timer a connection, which the way of a request never touches.
//! - **Limits** ([`Limits`]) on connections, header bytes and fields, the target and HTTP/2 streams.
//! - **One host**: a request without, with two, or with a malformed Host is refused before the service runs; the
//!   authority of an absolute target replaces the header, and on HTTP/2 may not differ from it.
//! - **Nothing is cut half-way**: a client that closes its sending side gets its answer. When one leaves
//!   altogether, the service's future is handed to the runtime and runs to its end.
//! - **A graceful end**: accepting stops, idle connections close, running requests end, up to a deadline.
//!
//! A panic in the service ends its connection and nothing else; to answer it is the application's part.
//! The service is any `tower_service::Service<http::Request<RequestBody>>` whose error is `Infallible`. Each
//! request carries its [`Peer`] as an extension.

mod address;
mod admit;
mod answer;
mod bind_error;
mod body_error;
mod closing;
mod connection;
mod drain;
mod gate;
mod host;
mod in_flight;
mod limits;
mod listener;
mod pace;
mod peer;
mod progress;
mod reason;
mod refusal;
mod request_body;
mod sending;
mod server;
mod service;
mod signals;
mod socket;
mod timeouts;
mod wakers;
mod watch;
mod wire;

pub use address::{Address, AddressError};
pub use bind_error::{BindError, BindErrorKind};
pub use body_error::{BodyError, BodyErrorKind};
pub use limits::Limits;
pub use peer::Peer;
pub use reason::set_reason;
pub use request_body::RequestBody;
pub use server::{Bound, Ended, Server};
pub use service::HttpService;
pub use signals::{Insist, Signals, shutdown_signal};
pub use timeouts::Timeouts;
