//! Connections that nobody can read, to a server that proves who it is.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use nuages_db::{Database, DbErrorKind};
use test_servers::Certificates;

use crate::{later, now};

/// The certificate and the key where the server may read them: as its own, and nobody else's.
fn give(certificates: &Certificates, folder: &Path) -> [String; 2] {
    [certificates.certificate(), certificates.key()].map(|file| {
        let target = folder.join(file.file_name().unwrap());
        std::fs::copy(&file, &target).unwrap();
        std::fs::set_permissions(&target, PermissionsExt::from_mode(0o600)).unwrap();
        let owner = std::fs::metadata(folder).unwrap();
        chown(&target, Some(owner.uid()), Some(owner.gid())).unwrap();
        target.display().to_string()
    })
}

async fn is_refused(url: &str) {
    let error = Database::connect(url).unwrap().sessions().load("k", now()).await.unwrap_err();
    assert_eq!(error.kind(), DbErrorKind::Connect, "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres() {
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    let server = test_servers::Postgres::start();
    let [certificate, key] = give(&certificates, server.folder());
    for setting in
        [format!("ssl_cert_file = '{certificate}'"), format!("ssl_key_file = '{key}'"), "ssl = on".to_owned()]
    {
        server.sql(&format!("ALTER SYSTEM SET {setting}"));
    }
    server.restart();
    let authority = certificates.authority().display().to_string();
    for options in ["sslmode=require".to_owned(), format!("sslmode=verify-full&sslrootcert={authority}")] {
        let db = Database::connect(&format!("{}?{options}", server.url())).unwrap();
        db.migrate().await.unwrap();
        assert!(db.sessions().insert(&options[..10], "x", later()).await.is_ok());
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND usename = 'nuages'";
        assert_eq!(server.sql(encrypted), "1\n", "{options}");
        db.close().await.unwrap();
        while server.sql(encrypted) != "0\n" {}
    }
    let stranger = strangers.authority().display().to_string();
    is_refused(&format!("{}?sslmode=verify-full&sslrootcert={stranger}", server.url())).await;
    is_refused(&format!("{}?sslmode=verify-full&sslrootcert=/no/such/file", server.url())).await;
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn mariadb() {
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    // MariaDB reads the files as its own user, and minds no permissions.
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let files = give(&certificates, folder.path());
    for file in &files {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    let [certificate, key] = files.map(|file| file);
    let options = [format!("--ssl-cert={certificate}"), format!("--ssl-key={key}")];
    let server = test_servers::MariaDb::with_options(&options.each_ref().map(String::as_str));
    server.sql("ALTER USER nuages@'%' REQUIRE SSL");
    let authority = certificates.authority().display().to_string();
    for options in ["ssl-mode=REQUIRED".to_owned(), format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}")] {
        let db = Database::connect(&format!("{}?{options}", server.url())).unwrap();
        db.migrate().await.unwrap();
        assert!(db.sessions().insert(&options[..15], "x", later()).await.is_ok());
    }
    let stranger = strangers.authority().display().to_string();
    is_refused(&format!("{}?ssl-mode=VERIFY_IDENTITY&ssl-ca={stranger}", server.url())).await;
    let plain = Database::connect(&format!("{}?ssl-mode=DISABLED", server.url())).unwrap();
    assert_eq!(plain.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::Connect);
}
