//! Certificates for a server on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::account::{self, Account};
use crate::program::{find, run};

/// An authority, and a certificate that it has given to 127.0.0.1 and localhost; both are good for two days.
#[derive(Debug)]
pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// New ones, in a folder that goes with this value.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it runs programs and writes files")]
    pub fn new() -> Certificates {
        let folder = tempfile::Builder::new().prefix("nuages-tls-").tempdir();
        let folder = folder.unwrap_or_else(|e| panic!("cannot make a temporary folder: {e}"));
        let extensions = "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n\
                          extendedKeyUsage=serverAuth,clientAuth\n";
        std::fs::write(folder.path().join("extensions"), extensions)
            .unwrap_or_else(|e| panic!("cannot write into {}: {e}", folder.path().display()));
        let openssl = |arguments: &str| {
            let mut command = Command::new(find("openssl", "openssl"));
            run(command.args(arguments.split(' ')).current_dir(folder.path()));
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(&format!("req -x509 {key} -keyout ca.key -out ca.crt -days 2 -subj /CN=authority"));
        openssl(&format!("req -new {key} -keyout server.key -out server.csr -subj /CN=localhost"));
        openssl(
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile extensions \
             -out server.crt",
        );
        Certificates { folder }
    }

    /// The authority's certificate, which a client must trust.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.crt")
    }

    /// The server's certificate, which a client may show too.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.crt")
    }

    /// The key of the certificate.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("server.key")
    }

    /// Copies them into a server's folder, readable for its user.
    pub(crate) fn copy_to(&self, folder: &Path, account: Option<Account>) {
        for file in ["ca.crt", "server.crt", "server.key"] {
            let target = folder.join(file);
            std::fs::copy(self.folder.path().join(file), &target)
                .unwrap_or_else(|e| panic!("cannot write {}: {e}", target.display()));
            account::give(&target, account);
        }
    }
}
