//! What a long route table costs: the instructions of a request with 10 and with 1,000 routes, counted by callgrind.
//!
//! `cargo run --release --bin route-table` runs itself under valgrind and prints the table; see README.md.

use std::error::Error;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, ExitCode, Stdio};

use nuages::Application;
use nuages::prelude::*;
use nuages::server::{Address, Server};
use nuages::urls::{Converters, Entry, Resolver};
use nuages::view::Kwargs;

type Outcome<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Sizes of the tables to compare.
const SIZES: [usize; 2] = [10, 1000];
/// Two counts, whose difference leaves the start of the process out.
const COUNTS: [usize; 2] = [500, 2500];

/// How much of the way a request goes.
#[derive(Clone, Copy)]
enum Way {
    /// The resolver alone.
    Resolve,
    /// The whole server, over a socket.
    Serve,
}

/// Which path is asked for.
#[derive(Clone, Copy)]
enum Asked {
    Middle,
    Last,
    Absent,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "resolve",
            Self::Serve => "serve",
        })
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Middle => "middle",
            Self::Last => "last",
            Self::Absent => "absent",
        })
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(),
        [way, asked, size, count] => child(way, asked, size, count),
        _ => Err("usage: route-table".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare() -> Outcome<()> {
    println!("| way | path | {} routes | {} routes | ratio |\n|---|---|---:|---:|---:|", SIZES[0], SIZES[1]);
    for way in [Way::Resolve, Way::Serve] {
        for asked in [Asked::Middle, Asked::Last, Asked::Absent] {
            let [few, many] = SIZES.map(|size| instructions(way, asked, size));
            let (few, many) = (few?, many?);
            println!("| {way} | {asked} | {few:.0} | {many:.0} | {:.3} |", many / few);
        }
    }
    Ok(())
}

/// Instructions of one request.
fn instructions(way: Way, asked: Asked, size: usize) -> Outcome<f64> {
    let [first, second] = COUNTS.map(|count| total(way, asked, size, count));
    Ok((second? - first?) as f64 / (COUNTS[1] - COUNTS[0]) as f64)
}

/// Instructions of a whole process that answers so many requests.
fn total(way: Way, asked: Asked, size: usize, count: usize) -> Outcome<i64> {
    let mut process = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([way.to_string(), asked.to_string(), size.to_string(), count.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let (Way::Serve, Some(output)) = (way, &mut process.stdout) {
        ask(output, asked, size, count)?;
    }
    // Closes the input, which ends a server.
    let output = process.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) = collected.ok_or_else(|| format!("valgrind counted nothing:\n{text}"))?;
    Ok(number.trim().parse()?)
}

/// Sends the requests to the process that has printed its address.
fn ask(address: &mut impl Read, asked: Asked, size: usize, count: usize) -> Outcome<()> {
    let mut line = String::new();
    BufReader::new(address).read_line(&mut line)?;
    let mut stream = TcpStream::connect(line.trim_end())?;
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", target(asked, size));
    let mut answer = [0; 4096];
    for _ in 0..count {
        stream.write_all(request.as_bytes())?;
        if stream.read(&mut answer)? == 0 {
            return Err("the server closed the connection".into());
        }
    }
    Ok(())
}

/// The work that is counted.
fn child(way: &str, asked: &str, size: &str, count: &str) -> Outcome<()> {
    let (size, count) = (size.parse()?, count.parse()?);
    let asked = match asked {
        "middle" => Asked::Middle,
        "last" => Asked::Last,
        _ => Asked::Absent,
    };
    if way == "resolve" { resolve(&target(asked, size), size, count) } else { serve(size) }
}

fn resolve(path: &str, size: usize, count: usize) -> Outcome<()> {
    let routes = (0..size).map(|number| Entry::path(route(number), number)).collect();
    let resolver = Resolver::new(routes, &Converters::new())?;
    for _ in 0..count {
        std::hint::black_box(resolver.resolve(std::hint::black_box(path)));
    }
    Ok(())
}

/// Answers until the only client has left.
fn serve(size: usize) -> Outcome<()> {
    let settings = Settings {
        SECRET_KEY: "x".repeat(50).into(),
        ALLOWED_HOSTS: vec!["localhost".to_owned()],
        ..Settings::default()
    };
    let routes = (0..size).map(|number| path(&route(number), view));
    let application: Application = App::new(settings).urls(urlconf(routes)).build()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let server = Server::new().without_peer_extension();
        let bound = server.bind(Address::from((Ipv4Addr::LOCALHOST, 0)))?;
        println!("{}", bound.local_addr());
        bound.serve(application, left()).await?;
        Ok(())
    })
}

/// Ready when the parent has closed this process's input.
async fn left() {
    let read = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let _whatever = read.await;
}

async fn view(_request: HttpRequest, _kwargs: Kwargs) -> Result {
    Ok(HttpResponse::new("found"))
}

/// One of three shapes, by its number.
fn route(number: usize) -> String {
    match number % 3 {
        0 => format!("section{number:03}/"),
        1 => format!("section{number:03}/<int:id>/"),
        _ => format!("section{number:03}/<int:id>/items/<slug:slug>/"),
    }
}

/// A path, of the same shape and length for each size of the table.
fn target(asked: Asked, size: usize) -> String {
    let number = match asked {
        // Both of the third shape.
        Asked::Middle => size / 2,
        // Both of the first.
        Asked::Last => size - 1,
        Asked::Absent => return "/sections/42/".to_owned(),
    };
    match number % 3 {
        0 => format!("/section{number:03}/"),
        1 => format!("/section{number:03}/42/"),
        _ => format!("/section{number:03}/42/items/hello-world/"),
    }
}
