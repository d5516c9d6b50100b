//! `startproject`, to the first test of the project and what can be asked of it.

use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use crate::folder::{Folder, built_project, said};

#[test]
fn its_tests_pass() {
    let folder = Folder::with_project("tests");
    let started = Instant::now();
    let test = folder.run_in("site", &["test"]);
    assert_eq!(test.status, 0, "{}{}", test.out, test.err);
    assert!(test.out.contains("2 passed"), "{}", test.out);
    // What rustc warns of would be the first that a new user reads.
    assert!(!test.err.contains("warning"), "{}", test.err);
    println!("a new project's tests: {:.1} s", started.elapsed().as_secs_f64());
}

#[test]
fn it_is_written_as_the_formatter_would() {
    let folder = Folder::outside();
    folder.run(["startproject", "mysite", "site"]);
    let said = said(folder.command("cargo", "site").args(["fmt", "--check"]));
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn its_key_is_secret() {
    let folder = built_project();
    let mode = folder.join("site/.secret_key").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = folder.read("site/.secret_key");
    for entry in ["settings.toml", "Cargo.toml", "README.md", "Dockerfile", "deploy/site_built.service"] {
        assert!(!folder.read(&format!("site/{entry}")).contains(key.trim()));
    }
    assert!(folder.read("site/.gitignore").contains("/.secret_key"));
    assert!(folder.read("site/.dockerignore").contains(".secret_key"));
}

#[test]
fn it_can_be_asked() {
    let folder = built_project();
    let urls = folder.run_in("site", &["showurls"]);
    assert_eq!((urls.status, urls.out.lines().count()), (0, 2), "{}{}", urls.out, urls.err);
    let middleware = folder.run_in("site", &["showmiddleware"]);
    assert_eq!((middleware.status, middleware.out.lines().count()), (0, 6), "{}", middleware.out);
    let migrate = folder.run_in("site", &["migrate"]);
    assert!(migrate.out.contains("nothing to migrate"), "{}{}", migrate.out, migrate.err);
    let check = folder.run_in("site", &["check"]);
    assert_eq!(
        (check.status, check.out.as_str()),
        (0, "System check identified no issues.\n"),
        "{}",
        check.err
    );
    let deploy = folder.run_in("site", &["check", "--deploy"]);
    assert!(deploy.out.contains("security.W018") && deploy.out.contains("security.W009"), "{}", deploy.out);
    // Commands that this program does not know go to the project's binary, from a folder beneath it too.
    let cleared = folder.run_in("site/src", &["clearsessions"]);
    assert_eq!(cleared.out, "Deleted 0 expired sessions.\n", "{}", cleared.err);
    let help = folder.run_in("site", &["manage", "--help"]);
    assert!(help.out.contains("createcachetable"), "{}", help.out);
    let unknown = folder.run_in("site", &["frobnicate"]);
    assert!(
        unknown.status == 2 && unknown.err.contains("unrecognized subcommand 'frobnicate'"),
        "{}",
        unknown.err
    );
}

#[test]
fn variables_of_its_own() {
    let folder = built_project();
    let command = |value: &str| {
        let mut command = folder.nuages("site");
        command.args(["check"]).env("NUAGES_SESSION_COOKIE_PATH", value);
        said(&mut command)
    };
    assert_eq!(command("/").status, 0);
    assert!(command("no;path").out.contains("sessions.E001"));
}

#[test]
fn a_doctor_looks_at_it() {
    let folder = built_project();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let well = folder.run_in("site", &["doctor", "--port", &free]);
    assert_eq!(well.status, 0, "{}{}", well.out, well.err);
    for about in ["toolchain", "linker", "port", "disk", "clock", "secret", "settings", "database", "cache"] {
        assert!(
            well.out.lines().any(|line| line.starts_with("ok ") && line.contains(about)),
            "{about}: {}",
            well.out
        );
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut ill = folder.nuages("site");
    ill.args(["doctor", "--port", &port]).env("DATABASE_URL", "sqlite:///no/such/folder/db.sqlite3");
    let ill = said(ill.env("CACHE_URL", "file:///proc/nowhere"));
    assert_eq!(ill.status, 1, "{}", ill.out);
    assert!(ill.out.contains("3 things are wrong."), "{}", ill.out);
    for part in ["→ nuages runserver", "the database file cannot be opened", "CACHE_URL: the folder"] {
        assert!(ill.out.contains(part), "{part}: {}", ill.out);
    }
    let mut bare = folder.nuages("site");
    bare.args(["doctor", "--port", &free]).env("DATABASE_URL", "sqlite:///bare.sqlite3");
    let bare = said(&mut bare);
    assert!(bare.status == 1 && bare.out.contains("→ nuages migrate"), "{}", bare.out);
    let mut broken = folder.nuages("site");
    broken.args(["doctor", "--port", &free]).env("NUAGES_DEBUGG", "1");
    let broken = said(&mut broken);
    assert!(broken.status == 1 && broken.out.contains("did you mean DEBUG?"), "{}", broken.out);
}

/// Cargo calls a name ambiguous that another crate of the project has.
#[test]
fn it_may_be_called_as_a_crate_and_have_two_binaries() {
    let folder = Folder::with_project("named");
    folder.replace("site/Cargo.toml", "name = \"site_named\"", "name = \"log\"");
    let urls = folder.run_in("site", &["showurls"]);
    assert_eq!((urls.status, urls.out.lines().count()), (0, 2), "{}{}", urls.out, urls.err);
    std::fs::create_dir(folder.join("site/src/bin")).unwrap();
    let other = "fn main() {\n    println!(\"other {:?}\", std::env::args().nth(1));\n}\n";
    std::fs::write(folder.join("site/src/bin/other.rs"), other).unwrap();
    let unclear = folder.run_in("site", &["showurls"]);
    assert!(unclear.status == 1 && unclear.err.contains("default-run = \"log\""), "{}", unclear.err);
    let chosen = folder.run_in("site", &["runserver", "--noreload", "--bin", "other"]);
    assert_eq!(chosen.out, "other Some(\"runserver\")\n", "{}", chosen.err);
    let socket = folder.run_in("site", &["runserver", "--bin", "other", "unix:/no/such/folder/socket"]);
    assert!(socket.status == 1 && socket.err.contains("socket: No such file"), "{}", socket.err);
}
