//! Files on a real server (cases 150 to 155, 417 to 422): nothing outside of their folders, nothing but files, no bombs.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use nuages::contrib::staticfiles::{CollectOptions, StaticFiles};
use nuages::prelude::*;
use nuages::server::{Address, Server};
use nuages::{Site, StaticDir};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Reply, get, read, send};
use crate::running::settings;

const SECRET: &str = "outside of every root";

/// A server with files; it ends with the test.
pub(crate) struct Files {
    pub(crate) address: SocketAddr,
    home: TempDir,
}

impl Files {
    pub(crate) async fn new(debug: bool) -> Self {
        let home = TempDir::new().unwrap();
        let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        for (name, content) in [
            ("secret", SECRET.to_owned()),
            ("assets/css/site.css", "body{color:red}".repeat(100)),
            ("assets/short.txt", "0123456789".to_owned()),
            ("assets/long.txt", "long".repeat(1_000_000)),
            ("media/a.txt", "uploaded".to_owned()),
        ] {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let settings = Settings {
            DEBUG: debug,
            STATIC_ROOT: Some(at("root")),
            STATICFILES_DIRS: vec![StaticDir { prefix: String::new(), path: at("assets") }],
            ..settings("cache", home.path())
        };
        let site = Site::new(settings.clone()).unwrap();
        StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap();
        let application = attacks::files_app(settings).build().unwrap();
        let bound = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap();
        let Address::Tcp(address) = *bound.local_addr() else { panic!("not a TCP server") };
        tokio::spawn(bound.serve(application, std::future::pending::<()>()));
        Self { address, home }
    }

    /// Where files are served from.
    fn root(&self, debug: bool, name: &str) -> std::path::PathBuf {
        self.home.path().join(if debug { "assets" } else { "root" }).join(name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_150_to_155_no_spelling_leads_out_of_the_root() {
    for debug in [false, true] {
        let site = Files::new(debug).await;
        assert_eq!(get(site.address, "/static/short.txt", "").await.body(), "0123456789");
        assert_eq!(get(site.address, "/media/a.txt", "").await.body(), "uploaded");
        let outside = site.home.path().join("secret");
        for prefix in ["/static/", "/media/"] {
            for way in [
                "../secret",
                "css/../../secret",
                "../../../../../../../../etc/passwd",
                "%2e%2e/secret",
                "%2e%2e%2fsecret",
                "..%2fsecret",
                "%252e%252e%252fsecret",
                "..%5csecret",
                "..\\secret",
                "..%c0%afsecret",
                "....//secret",
                "..;/secret",
                ".%00./secret",
                "%2fetc%2fpasswd",
                "/etc/passwd",
                "//etc/passwd",
                outside.to_str().unwrap(),
                "short.txt%00.css",
                "css/",
                "css",
                "",
                ".",
                "..",
            ] {
                let reply = get(site.address, &format!("{prefix}{way}"), "").await;
                assert!(matches!(reply.status(), 301 | 400 | 404), "{debug} {prefix}{way}: {reply:?}");
                assert!(!reply.text.contains(SECRET) && !reply.text.contains("root:"), "{way}: {reply:?}");
            }
        }
        let strange = "GET /static/short.txt HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        assert_eq!(
            send(site.address, strange).await.status(),
            400,
            "the host is checked before a file is opened"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_417_to_420_links_pipes_folders_and_devices_do_not_exist() {
    for debug in [false, true] {
        let site = Files::new(debug).await;
        symlink(site.home.path().join("secret"), site.root(debug, "link")).unwrap();
        symlink(site.home.path(), site.root(debug, "out")).unwrap();
        symlink("/dev/zero", site.root(debug, "zero")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(site.root(debug, "pipe")).status().unwrap();
        assert!(made.success());
        for name in ["link", "out/secret", "out/assets/short.txt", "zero", "pipe", "css"] {
            let started = Instant::now();
            let reply = get(site.address, &format!("/static/{name}"), "").await;
            assert_eq!(reply.status(), 404, "{debug} {name}: {reply:?}");
            assert!(started.elapsed() < Duration::from_secs(5), "{name} made it wait");
        }
    }
}

/// A client reads slowly; meanwhile the file is replaced, and another is cut off.
#[tokio::test(flavor = "multi_thread")]
async fn case_420_a_file_replaced_during_sending() {
    let site = Files::new(false).await;
    let begin = async || {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let request = "GET /static/long.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 512];
        stream.read_exact(&mut first).await.unwrap();
        (stream, String::from_utf8_lossy(&first).into_owned())
    };
    let end = async |(mut stream, first): (TcpStream, String)| {
        let rest = read(&mut stream, Duration::from_secs(20)).await;
        Reply { text: first + &rest.text, closed: rest.closed }
    };
    let slow = begin().await;
    fs::write(site.root(false, "new"), "new!".repeat(1_000_000)).unwrap();
    fs::rename(site.root(false, "new"), site.root(false, "long.txt")).unwrap();
    let reply = end(slow).await;
    assert!(reply.body().len() == 4_000_000 && !reply.body().contains("new!"), "a mixture was sent");

    let slow = begin().await;
    fs::File::options().write(true).open(site.root(false, "long.txt")).unwrap().set_len(2_000_000).unwrap();
    let reply = end(slow).await;
    assert_eq!(reply.header("content-length"), Some("4000000"));
    assert!(reply.closed && reply.body().len() < 4_000_000, "a cut file passed for a whole one");
    assert_eq!(get(site.address, "/static/short.txt", "").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_421_ranges_make_no_more_work_than_the_file() {
    let site = Files::new(false).await;
    let thousand = (0..1000).map(|n| format!("{n}-")).collect::<Vec<_>>().join(",");
    for (ranges, status) in [
        (thousand.as_str(), 200),
        ("0-,0-,0-,0-", 200),
        ("0-18446744073709551616", 206),
        ("18446744073709551616-18446744073709551617", 416),
        ("-18446744073709551616", 206),
        ("99999999999999999999999999999999999999-", 416),
        ("5-2", 200),
        ("0-0,2-2", 206),
        ("-", 200),
    ] {
        for target in ["/static/short.txt", "/media/a.txt"] {
            let reply = get(site.address, target, &format!("Range: bytes={ranges}\r\n")).await;
            assert_eq!(reply.status(), status, "{ranges}: {reply:?}");
            assert!(reply.body().len() < 1000, "{ranges}: {reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_422_dates_of_any_length_are_passed_over() {
    let site = Files::new(false).await;
    // As long as a head may be.
    for date in ["(".repeat(50_000), "Sat, ".repeat(10_000), "9".repeat(50_000)] {
        for name in ["If-Modified-Since", "If-Unmodified-Since", "If-Range", "If-None-Match"] {
            let started = Instant::now();
            let reply =
                get(site.address, "/static/short.txt", &format!("{name}: {date}\r\nRange: bytes=0-1\r\n"))
                    .await;
            assert!(matches!(reply.status(), 200 | 206), "{name}: {reply:?}");
            assert!(started.elapsed() < Duration::from_secs(5), "{name} took {:?}", started.elapsed());
        }
    }
    let reply =
        get(site.address, "/static/short.txt", &format!("If-Modified-Since: {}\r\n", "(".repeat(1_000_000)))
            .await;
    assert!(matches!(reply.status(), 0 | 431), "a megabyte is no header: {reply:?}");
}
