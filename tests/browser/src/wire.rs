//! WebDriver's language: JSON over HTTP/1.1, one connection a command.

use std::io::{Error, Read, Result, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any command takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Sends a command; its value, or the driver's error.
pub(crate) fn send(port: u16, method: &str, path: &str, body: &Value) -> Result<Value> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = if method == "POST" { body.to_string() } else { String::new() };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut reply = Vec::new();
    let mut chunk = [0; 16 * 1024];
    // The driver does not always close: its length tells where it ends.
    while !is_whole(&reply) {
        match stream.read(&mut chunk)? {
            0 => break,
            read => reply.extend_from_slice(chunk.get(..read).unwrap_or_default()),
        }
    }
    let text = String::from_utf8_lossy(&reply);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| Error::other("no answer"))?;
    let mut answer: Value = serde_json::from_str(body)?;
    let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
    if head.starts_with("HTTP/1.1 200") { Ok(value) } else { Err(Error::other(value.to_string())) }
}

fn is_whole(reply: &[u8]) -> bool {
    let text = String::from_utf8_lossy(reply);
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_some_and(|length| reply.len() >= head.len().saturating_add(4).saturating_add(length))
}
