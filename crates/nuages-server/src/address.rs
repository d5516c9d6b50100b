//! Where a server listens.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// Where a server listens.
///
/// Parses what Django's `runserver` takes, and two forms more: `8000` is a port of 127.0.0.1, `0:8000` is every
/// IPv4 address, `unix:/path` a unix socket, and `inherited` the socket that a supervisor passed on
/// (`LISTEN_FDS`). Port 0 lets the system choose.
///
/// ```
/// use nuages_server::Address;
///
/// assert_eq!("8000".parse(), Ok(Address::Tcp("127.0.0.1:8000".parse().unwrap())));
/// assert_eq!("[::1]:80".parse(), Ok(Address::Tcp("[::1]:80".parse().unwrap())));
/// assert_eq!("unix:/run/site.sock".parse(), Ok(Address::Unix("/run/site.sock".into())));
/// assert!("localhost".parse::<Address>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An IP address and a port.
    Tcp(SocketAddr),
    /// A host name and a port; the name is looked up when the server binds.
    Host {
        /// The name, for example `localhost`.
        name: String,
        /// The port.
        port: u16,
    },
    /// The path of a unix socket.
    Unix(PathBuf),
    /// The first socket passed on by a supervisor such as systemd or `systemfd`.
    Inherited,
}

/// The error of a text that is not an [`Address`].
///
/// ```
/// use nuages_server::{Address, AddressError};
///
/// let error: AddressError = "localhost".parse::<Address>().unwrap_err();
/// assert!(error.to_string().contains("localhost"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError {
    text: String,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let error = || AddressError { text: text.to_owned() };
        if text == "inherited" {
            return Ok(Self::Inherited);
        }
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(error()) } else { Ok(Self::Unix(path.into())) };
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Tcp(address));
        }
        let (name, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
        if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        let port = port.parse().map_err(|_| error())?;
        match name {
            "" => Err(error()),
            "0" => Ok(Self::from((Ipv4Addr::UNSPECIFIED, port))),
            "127.0.0.1" => Ok(Self::from((Ipv4Addr::LOCALHOST, port))),
            name if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) => {
                Ok(Self::Host { name: name.to_owned(), port })
            }
            _ => Err(error()),
        }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl From<(IpAddr, u16)> for Address {
    fn from(address: (IpAddr, u16)) -> Self {
        Self::Tcp(address.into())
    }
}

impl From<(Ipv4Addr, u16)> for Address {
    fn from(address: (Ipv4Addr, u16)) -> Self {
        Self::Tcp(address.into())
    }
}

impl From<(Ipv6Addr, u16)> for Address {
    fn from(address: (Ipv6Addr, u16)) -> Self {
        Self::Tcp(address.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Host { name, port } => write!(f, "{name}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Inherited => f.write_str("inherited"),
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an address to listen on; write a port (8000), an address with a port (0.0.0.0:8000, \
             [::1]:8000, localhost:8000), unix:/path, or inherited",
            self.text.escape_debug()
        )
    }
}

impl std::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_read_as_runserver_reads_them() {
        for (text, shown) in [
            ("8000", "127.0.0.1:8000"),
            ("0", "127.0.0.1:0"),
            ("0:8000", "0.0.0.0:8000"),
            ("1.2.3.4:80", "1.2.3.4:80"),
            ("[::]:8000", "[::]:8000"),
            ("localhost:8000", "localhost:8000"),
            ("my-host.example:1", "my-host.example:1"),
            ("unix:/run/a b.sock", "unix:/run/a b.sock"),
            ("inherited", "inherited"),
        ] {
            assert_eq!(text.parse::<Address>().map(|address| address.to_string()), Ok(shown.into()));
        }
        for text in
            ["", ":", ":80", "a:", "65536", "+80", "-1", "a b:80", "::1:80", "unix:", "host:8x", "é:80"]
        {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not an address")), "{error}");
        }
    }
}
