//! Just enough of Redis's protocol to ask a server for something.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Sends one command and gives the reply as text: elements of an array in lines, an error with its `-`.
pub(crate) fn ask(socket: &Path, password: Option<&str>, command: &[&str]) -> std::io::Result<String> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    if let Some(password) = password {
        send(reader.get_mut(), &["AUTH", password])?;
        reply(&mut reader)?;
    }
    send(reader.get_mut(), command)?;
    reply(&mut reader)
}

fn send(stream: &mut UnixStream, command: &[&str]) -> std::io::Result<()> {
    let mut text = format!("*{}\r\n", command.len());
    for part in command {
        text.push_str(&format!("${}\r\n{part}\r\n", part.len()));
    }
    stream.write_all(text.as_bytes())
}

fn reply(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let line = line.trim_end();
    let broken = || std::io::Error::new(std::io::ErrorKind::InvalidData, format!("not a reply: {line:?}"));
    let kind = line.chars().next().ok_or_else(broken)?;
    let rest = line.get(1..).ok_or_else(broken)?;
    match kind {
        '+' | ':' => Ok(rest.to_owned()),
        '-' => Ok(line.to_owned()),
        '$' => {
            let Ok(length) = rest.parse::<usize>() else { return Ok(String::new()) };
            let mut value = vec![0; length + 2];
            reader.read_exact(&mut value)?;
            value.truncate(length);
            Ok(String::from_utf8_lossy(&value).into_owned())
        }
        '*' => {
            let count = rest.parse::<usize>().unwrap_or(0);
            let elements: std::io::Result<Vec<String>> = (0..count).map(|_| reply(reader)).collect();
            Ok(elements?.join("\n"))
        }
        _ => Err(broken()),
    }
}
