//! The listening socket.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use socket2::{Domain, Protocol, Socket as Raw, Type};

use crate::address::Address;
use crate::bind_error::{BindError, BindErrorKind};
use crate::peer::Peer;
use crate::socket::Socket;

/// How a TCP port is shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// One listener a port.
    #[default]
    Alone,
    /// Several listeners a port, among which the kernel deals out the connections (SO_REUSEPORT).
    Port,
}

/// A listening socket, not yet bound to a runtime.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, Option<SocketFile>),
}

/// The file of a unix socket; removed on drop, unless another server has put its own in its place.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|identity| identity == self.identity) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    std::fs::symlink_metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}

impl Listener {
    pub(crate) fn bind(address: &Address, backlog: u32, sharing: Sharing) -> Result<Self, BindError> {
        let failed = |error| BindError::from_io(error, address);
        let listener = match address {
            Address::Tcp(tcp) => Self::Tcp(bind_tcp(*tcp, backlog, sharing).map_err(failed)?),
            Address::Host { name, port } => {
                Self::Tcp(bind_host(name, *port, backlog, sharing).map_err(failed)?)
            }
            Address::Unix(path) => bind_unix(path, backlog, address)?,
            Address::Inherited => inherited(address)?,
        };
        listener.set_nonblocking().map_err(failed)?;
        Ok(listener)
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(tcp) => Self::Tcp(tcp.try_clone()?),
            Self::Unix(unix, _) => Self::Unix(unix.try_clone()?, None),
        })
    }

    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(tcp) => tcp.as_fd(),
            Self::Unix(unix, _) => unix.as_fd(),
        }
    }

    fn set_nonblocking(&self) -> io::Result<()> {
        match self {
            Self::Tcp(tcp) => tcp.set_nonblocking(true),
            Self::Unix(unix, _) => unix.set_nonblocking(true),
        }
    }

    /// Where it listens, with the port that the system chose for port 0.
    pub(crate) fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(tcp) => tcp.local_addr().map(Address::Tcp),
            Self::Unix(unix, _) => {
                let address = unix.local_addr()?;
                Ok(Address::Unix(address.as_pathname().unwrap_or(Path::new("")).to_owned()))
            }
        }
    }
}

fn bind_tcp(address: SocketAddr, backlog: u32, sharing: Sharing) -> io::Result<TcpListener> {
    let socket = Raw::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Or a restart would have to wait for the old connections' TIME_WAIT.
    socket.set_reuse_address(true)?;
    if sharing == Sharing::Port {
        socket.set_reuse_port(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
    Ok(socket.into())
}

/// Takes the first of the name's addresses that can be bound, as Python's server does.
fn bind_host(name: &str, port: u16, backlog: u32, sharing: Sharing) -> io::Result<TcpListener> {
    let unknown = |error: Box<dyn std::error::Error + Send + Sync>| {
        io::Error::new(io::ErrorKind::AddrNotAvailable, error)
    };
    let mut last = unknown("the host name has no address".into());
    let addresses = (name, port).to_socket_addrs().map_err(|error| unknown(error.into()))?;
    for address in addresses {
        match bind_tcp(address, backlog, sharing) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind_unix(path: &Path, backlog: u32, address: &Address) -> Result<Listener, BindError> {
    let failed = |error| BindError::from_io(error, address);
    let bind = || -> io::Result<UnixListener> {
        let socket = Raw::new(Domain::UNIX, Type::STREAM, None)?;
        socket.bind(&socket2::SockAddr::unix(path)?)?;
        socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
        Ok(socket.into())
    };
    let listener = match bind() {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            remove_stale(path, address)?;
            bind().map_err(failed)?
        }
        outcome => outcome.map_err(failed)?,
    };
    let identity = identity(path).map_err(failed)?;
    Ok(Listener::Unix(listener, Some(SocketFile { path: path.to_owned(), identity })))
}

/// Removes the file of a socket on which nobody listens any more.
fn remove_stale(path: &Path, address: &Address) -> Result<(), BindError> {
    let failed = |error| BindError::from_io(error, address);
    let metadata = std::fs::symlink_metadata(path).map_err(failed)?;
    if !metadata.file_type().is_socket() {
        return Err(BindError::new(BindErrorKind::NotASocket, address));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path).map_err(failed)
        }
        // It answers, or it is too busy to answer, or it is not ours to ask.
        _ => Err(BindError::new(BindErrorKind::InUse, address)),
    }
}

fn inherited(address: &Address) -> Result<Listener, BindError> {
    let mut passed = ListenFd::from_env();
    let failed = |error| BindError::from_io(error, address);
    // A wrong kind of socket is an error of the first call and stays for the second.
    if let Ok(Some(listener)) = passed.take_tcp_listener(0) {
        return Ok(Listener::Tcp(listener));
    }
    match passed.take_unix_listener(0).map_err(failed)? {
        Some(listener) => Ok(Listener::Unix(listener, None)),
        None => Err(BindError::new(BindErrorKind::NothingInherited, address)),
    }
}

/// A listening socket in a runtime.
#[derive(Debug)]
pub(crate) enum Acceptor {
    Tcp(tokio::net::TcpListener),
    Unix {
        listener: tokio::net::UnixListener,
        /// Lives as long as the listener.
        _file: Option<SocketFile>,
    },
}

impl Acceptor {
    pub(crate) fn new(listener: Listener) -> io::Result<Self> {
        Ok(match listener {
            Listener::Tcp(tcp) => Self::Tcp(tokio::net::TcpListener::from_std(tcp)?),
            Listener::Unix(unix, file) => {
                Self::Unix { listener: tokio::net::UnixListener::from_std(unix)?, _file: file }
            }
        })
    }

    /// Stops listening, and gives the connections that wait in the kernel's queue: as far as their clients know,
    /// they have been accepted.
    pub(crate) fn empty(self, most: u32) -> io::Result<Vec<(Socket, Peer)>> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut waiting = Vec::new();
        match self {
            Self::Tcp(listener) => {
                let listener = listener.into_std()?;
                while let (true, Ok((tcp, remote))) = (waiting.len() < most, listener.accept()) {
                    tcp.set_nonblocking(true)?;
                    waiting.extend(open_tcp(tokio::net::TcpStream::from_std(tcp)?, remote).ok());
                }
            }
            Self::Unix { listener, _file } => {
                let listener = listener.into_std()?;
                while let (true, Ok((unix, _))) = (waiting.len() < most, listener.accept()) {
                    unix.set_nonblocking(true)?;
                    waiting.push((Socket::Unix(tokio::net::UnixStream::from_std(unix)?), Peer::Unix));
                }
            }
        }
        Ok(waiting)
    }

    pub(crate) async fn accept(&self) -> io::Result<(Socket, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (tcp, remote) = listener.accept().await?;
                open_tcp(tcp, remote)
            }
            Self::Unix { listener, .. } => {
                let (unix, _) = listener.accept().await?;
                Ok((Socket::Unix(unix), Peer::Unix))
            }
        }
    }
}

/// Fails only if the connection is gone already.
fn open_tcp(tcp: tokio::net::TcpStream, remote: SocketAddr) -> io::Result<(Socket, Peer)> {
    tcp.set_nodelay(true)?;
    let local = tcp.local_addr()?;
    Ok((Socket::Tcp(tcp), Peer::Tcp { remote, local }))
}
