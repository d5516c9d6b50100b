//! Why a server could not listen.

use std::error::Error;
use std::{fmt, io};

use crate::address::Address;

/// Why a server could not listen on an address.
///
/// ```
/// use nuages_server::{Address, BindErrorKind, Server};
///
/// let first = Server::new().bind("127.0.0.1:0".parse::<Address>()?)?;
/// let second = Server::new().bind(first.local_addr().clone());
/// assert!(second.is_err_and(|error| error.kind() == BindErrorKind::InUse));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindErrorKind {
    /// Another process listens there.
    InUse,
    /// The port is below 1024, or the directory of the unix socket is not writable.
    Denied,
    /// The address belongs to another machine, or the host name is unknown.
    NotAvailable,
    /// There is a file at the path, and it is not a socket.
    NotASocket,
    /// No socket was passed on.
    NothingInherited,
    /// Anything else the system said.
    Other,
}

/// The error of [`Server::bind`](crate::Server::bind). Its text names the address and tells the fix.
///
/// ```
/// use nuages_server::{Address, BindError, BindErrorKind, Server};
///
/// let first = Server::new().bind("127.0.0.1:0".parse::<Address>()?)?;
/// let error: BindError = Server::new().bind(first.local_addr().clone()).err().ok_or("one port, one server")?;
/// assert_eq!((error.kind(), error.address()), (BindErrorKind::InUse, first.local_addr()));
/// assert!(error.to_string().contains("choose another port"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BindError {
    kind: BindErrorKind,
    address: Address,
    source: Option<io::Error>,
}

impl BindError {
    pub(crate) fn new(kind: BindErrorKind, address: &Address) -> Self {
        Self { kind, address: address.clone(), source: None }
    }

    pub(crate) fn from_io(error: io::Error, address: &Address) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::AddrInUse => BindErrorKind::InUse,
            io::ErrorKind::PermissionDenied => BindErrorKind::Denied,
            io::ErrorKind::AddrNotAvailable => BindErrorKind::NotAvailable,
            _ => BindErrorKind::Other,
        };
        Self { kind, address: address.clone(), source: Some(error) }
    }

    /// Why the server could not listen.
    pub fn kind(&self) -> BindErrorKind {
        self.kind
    }

    /// The address that it was told to listen on.
    pub fn address(&self) -> &Address {
        &self.address
    }

    fn port(&self) -> Option<u16> {
        match &self.address {
            Address::Tcp(address) => Some(address.port()),
            Address::Host { port, .. } => Some(*port),
            Address::Unix(_) | Address::Inherited => None,
        }
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.address;
        match (self.kind, self.port()) {
            (BindErrorKind::InUse, Some(port)) => {
                let other = port.checked_add(1).unwrap_or(8000);
                write!(
                    f,
                    "{address} is already in use; stop the program that listens on port {port}, or choose another \
                     port, for example `runserver {other}`"
                )
            }
            (BindErrorKind::InUse, None) => {
                write!(f, "{address} is already in use; stop the program that listens on it, or choose another path")
            }
            (BindErrorKind::Denied, Some(port)) if port < 1024 => {
                write!(f, "{address} needs a privilege; choose a port above 1023, for example `runserver 8000`")
            }
            (BindErrorKind::Denied, _) => {
                write!(f, "no permission to listen on {address}; choose an address that this user may use")
            }
            (BindErrorKind::NotAvailable, _) => write!(
                f,
                "{address} is not an address of this machine; use 127.0.0.1 for this machine alone, or 0.0.0.0 for \
                 the network"
            ),
            (BindErrorKind::NotASocket, _) => {
                write!(f, "{address} exists and is not a socket; remove the file, or choose another path")
            }
            (BindErrorKind::NothingInherited, _) => f.write_str(
                "no socket was passed on; start the program by systemd socket activation or `systemfd`, or name an \
                 address",
            ),
            (BindErrorKind::Other, _) => write!(f, "cannot listen on {address}"),
        }
    }
}

impl Error for BindError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
