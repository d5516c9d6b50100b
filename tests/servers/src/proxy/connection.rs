//! One connection through a proxy: a thread for each direction.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use rand::RngExt;

use super::behaviour::Behaviour;
use super::shared::Shared;

/// Serves a client until one of the two ends closes.
pub(super) fn serve(shared: &Arc<Shared>, client: TcpStream) {
    let Ok(number) = shared.enter(&client) else { return };
    carry(shared, client);
    shared.leave(number);
}

fn carry(shared: &Arc<Shared>, mut client: TcpStream) -> Option<()> {
    client.set_nodelay(true).ok()?;
    loop {
        let (behaviour, change) = shared.now();
        match behaviour {
            Behaviour::Hang if !shared.wait(change, &client, None) => return None,
            Behaviour::Hang => {}
            Behaviour::Refused => return None,
            Behaviour::Garbage => {
                client.write_all(&noise(64)).ok()?;
                break;
            }
            _ => break,
        }
    }
    let server = TcpStream::connect_timeout(&shared.upstream, Duration::from_secs(5)).ok()?;
    server.set_nodelay(true).ok()?;
    let replies = {
        let (shared, server, client) =
            (Arc::clone(shared), server.try_clone().ok()?, client.try_clone().ok()?);
        std::thread::spawn(move || {
            carry_replies(&shared, &server, &client);
            close(&server, &client);
        })
    };
    let (sender, receiver) = mpsc::channel();
    let requests = {
        let (shared, server, client) =
            (Arc::clone(shared), server.try_clone().ok()?, client.try_clone().ok()?);
        std::thread::spawn(move || {
            carry_requests(&shared, &receiver, &client, &server);
            close(&server, &client);
        })
    };
    receive_requests(&client, &sender);
    // What was received before the client left is carried still, as it would be on its way through a network.
    drop(sender);
    requests.join().ok()?;
    close(&server, &client);
    replies.join().ok()
}

fn close(server: &TcpStream, client: &TcpStream) {
    server.shutdown(Shutdown::Both).ok();
    client.shutdown(Shutdown::Both).ok();
}

/// What a client has sent at once, and when it came.
struct Request {
    bytes: Vec<u8>,
    came: Instant,
}

fn receive_requests(client: &TcpStream, requests: &Sender<Request>) -> Option<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = read(client, &mut buffer)?;
        let bytes = buffer.get(..length)?.to_owned();
        requests.send(Request { bytes, came: Instant::now() }).ok()?;
    }
}

/// Until there is nothing more to carry.
fn carry_requests(
    shared: &Shared,
    requests: &Receiver<Request>,
    mut client: &TcpStream,
    mut server: &TcpStream,
) -> Option<()> {
    for Request { bytes, came } in requests {
        loop {
            let (behaviour, change) = shared.now();
            match behaviour {
                Behaviour::Hang => shared.wait(change, client, None).then_some(())?,
                // Each waits for itself: several that are on their way at once are not slower than one.
                Behaviour::Slow(delay) if came.elapsed() < delay => {
                    shared.wait(change, client, Some(delay.saturating_sub(came.elapsed()))).then_some(())?;
                }
                Behaviour::Refused => return None,
                Behaviour::Garbage => {
                    client.write_all(&noise(bytes.len().max(64))).ok()?;
                    break;
                }
                Behaviour::Pass | Behaviour::Slow(_) | Behaviour::CutMidReply(_) => {
                    server.write_all(&bytes).ok()?;
                    break;
                }
            }
        }
    }
    None
}

/// Until there is nothing more to carry, or no more may be.
fn carry_replies(shared: &Shared, server: &TcpStream, mut client: &TcpStream) -> Option<()> {
    let mut buffer = vec![0; 64 * 1024];
    let (mut carried, mut counted) = (0, shared.now().1);
    loop {
        let length = read(server, &mut buffer)?;
        let chunk = buffer.get(..length)?;
        loop {
            let (behaviour, change) = shared.now();
            if change != counted {
                (carried, counted) = (0, change);
            }
            match behaviour {
                Behaviour::Hang => shared.wait(change, client, None).then_some(())?,
                Behaviour::Refused => return None,
                Behaviour::CutMidReply(most) => {
                    let rest = usize::try_from(most - carried).unwrap_or(usize::MAX).min(length);
                    client.write_all(chunk.get(..rest)?).ok()?;
                    carried += u64::try_from(rest).ok()?;
                    if carried == most {
                        return None;
                    }
                    break;
                }
                // The server speaks first, or answers what was asked before.
                Behaviour::Garbage => {
                    client.write_all(&noise(length)).ok()?;
                    break;
                }
                Behaviour::Pass | Behaviour::Slow(_) => {
                    client.write_all(chunk).ok()?;
                    break;
                }
            }
        }
    }
}

fn read(mut from: &TcpStream, buffer: &mut [u8]) -> Option<usize> {
    from.read(buffer).ok().filter(|length| *length > 0)
}

fn noise(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rand::rng().fill(&mut bytes[..]);
    bytes
}
