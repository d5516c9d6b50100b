//! A memcached server.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::program::find;
use crate::server::{Place, Server, derefs_to_server};

/// A private memcached server. A restart empties it, as memcached keeps nothing.
///
/// ```
/// let memcached = test_servers::Memcached::start();
/// assert!(memcached.url().starts_with("memcached://127.0.0.1:"));
/// assert!(memcached.command("version").starts_with("VERSION "));
/// ```
#[derive(Debug)]
pub struct Memcached {
    server: Server,
}

derefs_to_server!(Memcached);

impl Memcached {
    /// A server with 64 MB.
    #[must_use]
    pub fn start() -> Memcached {
        Self::with_options(&[])
    }

    /// A server with more options, as `memcached` takes them: `&["-M"]` answers an error instead of evicting.
    #[must_use]
    pub fn with_options(options: &[&str]) -> Memcached {
        let program = find("memcached", "memcached");
        let place = Place::new(&["memcache", "nobody"]);
        let address = place.port.address();
        let port = address.port().to_string();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let launch = move || {
            let mut command = Command::new(&program);
            command.args(["-l", "127.0.0.1", "-p", &port, "-U", "0", "-m", "64", "-t", "2"]).args(&options);
            command
        };
        let ready = move |pid| {
            ask(address, "stats")
                .is_ok_and(|stats| stats.lines().any(|line| line == format!("STAT pid {pid}")))
        };
        Memcached { server: Server::start("memcached", place, Signal::TERM, launch, ready) }
    }

    /// `memcached://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("memcached://{}", self.address())
    }

    /// Sends one command of a line, past any proxy, and gives the reply.
    #[must_use = "an error is a reply too"]
    pub fn command(&self, line: &str) -> String {
        ask(self.address(), line).unwrap_or_else(|e| panic!("memcached does not answer: {e}\n{}", self.log()))
    }
}

fn ask(address: SocketAddr, line: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(format!("{line}\r\n").as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut reply = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(reply);
        }
        // Values and statistics end with END; other replies are one line.
        let goes_on = line.starts_with("STAT ") || line.starts_with("VALUE ") || !reply.is_empty();
        reply.push_str(&line.replace("\r\n", "\n"));
        if !goes_on || line == "END\r\n" {
            return Ok(reply);
        }
    }
}
