use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::io::tcp::{TcpSettings, socket2::TcpKeepalive};
use redis::{
    AsyncConnectionConfig, Client, ClientTlsConfig, ConnectionAddr, ErrorKind, IntoConnectionInfo,
    ProtocolVersion, PushInfo, PushKind, RedisConnectionInfo, RedisError, TlsCertificates,
};

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Tcp(String, u16),
    Unix(PathBuf),
}

/// What stands in the files that a `rediss://` address names, as PEM.
#[derive(Clone, Default)]
pub(super) struct Certificates {
    /// Who may have signed the server's certificate; the system's authorities if nothing is said.
    pub(super) authorities: Option<Vec<u8>>,
    /// Our own certificate and its key.
    pub(super) own: Option<(Vec<u8>, Vec<u8>)>,
}

/// How to log in to a server, and to which database.
#[derive(Clone, Default)]
pub(super) struct Login {
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: i64,
}

/// One server and all that is needed to talk to it. It has no `Debug`: it holds a password.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) place: Place,
    pub(super) login: Arc<Login>,
    /// Encrypted if there is something here.
    pub(super) tls: Option<Arc<Certificates>>,
}

impl Endpoint {
    /// Another server of the same kind.
    pub(super) fn at(&self, host: &str, port: u16) -> Endpoint {
        Endpoint { place: Place::Tcp(host.to_owned(), port), ..self.clone() }
    }

    /// A connection, and a flag that is raised when it ends.
    pub(super) async fn connect(&self) -> Result<(MultiplexedConnection, Arc<AtomicBool>), RedisError> {
        match self.connect_with(ProtocolVersion::RESP3).await {
            // Before Redis 6. Such a connection does not tell of its end.
            Err(error) if error.kind() == ErrorKind::RESP3NotSupported => {
                self.connect_with(ProtocolVersion::RESP2).await
            }
            result => result,
        }
    }

    async fn connect_with(
        &self,
        protocol: ProtocolVersion,
    ) -> Result<(MultiplexedConnection, Arc<AtomicBool>), RedisError> {
        let ended = Arc::new(AtomicBool::new(false));
        // Every operation has a deadline of its own.
        let mut config = AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        if protocol == ProtocolVersion::RESP3 {
            let flag = Arc::clone(&ended);
            config = config.set_push_sender(move |push: PushInfo| {
                if push.kind == PushKind::Disconnection {
                    flag.store(true, Ordering::Release);
                }
                Ok::<(), ()>(())
            });
        }
        let client = self.client(protocol)?;
        let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok((connection, ended))
    }

    fn client(&self, protocol: ProtocolVersion) -> Result<Client, RedisError> {
        let address = match (&self.place, &self.tls) {
            (Place::Tcp(host, port), None) => ConnectionAddr::Tcp(host.clone(), *port),
            (Place::Tcp(host, port), Some(_)) => {
                ConnectionAddr::TcpTls { host: host.clone(), port: *port, insecure: false, tls_params: None }
            }
            (Place::Unix(path), _) => ConnectionAddr::Unix(path.clone()),
        };
        let mut login = RedisConnectionInfo::default()
            .set_db(self.login.database)
            .set_protocol(protocol)
            .set_skip_set_lib_name();
        if let Some(username) = &self.login.username {
            login = login.set_username(username);
        }
        if let Some(password) = &self.login.password {
            login = login.set_password(password);
        }
        // An idle connection whose other end vanished without a word is noticed within a minute.
        let keepalive =
            TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10));
        let settings = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive);
        let info = address.into_connection_info()?.set_redis_settings(login).set_tcp_settings(settings);
        match &self.tls {
            Some(tls) => {
                install_cryptography();
                Client::build_with_tls(
                    info,
                    TlsCertificates {
                        client_tls: tls
                            .own
                            .clone()
                            .map(|(client_cert, client_key)| ClientTlsConfig { client_cert, client_key }),
                        root_cert: tls.authorities.clone(),
                    },
                )
            }
            None => Client::open(info),
        }
    }
}

/// rustls wants one provider of cryptography for the process; an application that chose one keeps it.
fn install_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
