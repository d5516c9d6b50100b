use std::io;
use std::mem::MaybeUninit;

use bytes::{Buf, Bytes, BytesMut};
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::command::{Command, Item};
use super::failure::{Failure, Stage};
use super::reply::{self, MAX_LINE, Reply, ValueLine};
use super::server::Place;

/// A connection to a memcached. It is in step between exchanges: nothing is on its way.
pub(super) struct Connection {
    stream: Stream,
    /// What was received and not read yet.
    received: BytesMut,
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Connection {
    pub(super) async fn open(place: &Place) -> io::Result<Connection> {
        let stream = match place {
            Place::Tcp(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                Stream::Tcp(stream)
            }
            Place::Unix(path) => Stream::Unix(UnixStream::connect(path).await?),
        };
        Ok(Connection { stream, received: BytesMut::new() })
    }

    /// Whether an idle connection can be used: it has neither ended nor received what nobody asked for.
    pub(super) fn is_in_step(&self) -> bool {
        // Asked of the system itself: the runtime knows only what it has heard of before.
        let mut byte = [MaybeUninit::uninit()];
        let read = match &self.stream {
            Stream::Tcp(stream) => SockRef::from(stream).peek(&mut byte),
            Stream::Unix(stream) => SockRef::from(stream).peek(&mut byte),
        };
        self.received.is_empty() && matches!(read, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Sends `commands` in one go and reads an answer to each.
    ///
    /// After an error, or if the future is dropped, the connection is out of step and must not be used again.
    pub(super) async fn exchange(&mut self, commands: &[Command]) -> Result<Vec<Reply>, Failure> {
        match commands {
            [command] => self.write(command.bytes()).await?,
            commands => {
                let bytes: Vec<&[u8]> = commands.iter().map(Command::bytes).collect();
                self.write(&bytes.concat()).await?;
            }
        }
        let mut replies = Vec::with_capacity(commands.len());
        for command in commands {
            replies.push(self.reply(command).await?);
        }
        if self.received.is_empty() { Ok(replies) } else { Err(Failure::nonsense()) }
    }

    async fn reply(&mut self, command: &Command) -> Result<Reply, Failure> {
        let mut line = self.line().await?;
        let Some(keys) = command.keys() else { return reply::line(&line) };
        let (mut values, mut answered) = (Vec::new(), Vec::new());
        loop {
            match reply::value_line(&line, keys, &answered)? {
                ValueLine::End => return Ok(Reply::Values(values)),
                ValueLine::Value { position, flags, length, number } => {
                    let data = self.data(length).await?;
                    values.push((position, Item { flags, data }, number));
                    answered.push(position);
                }
            }
            line = self.line().await?;
        }
    }

    /// A line without its end.
    async fn line(&mut self) -> Result<Bytes, Failure> {
        let mut searched = 0;
        loop {
            let rest = self.received.get(searched..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line = self.received.split_to(searched + end + 1).freeze();
                let line = line.strip_suffix(b"\r\n").map(|text| line.slice_ref(text));
                return line.filter(|line| line.len() <= MAX_LINE).ok_or_else(Failure::nonsense);
            }
            searched = self.received.len();
            if searched > MAX_LINE {
                return Err(Failure::nonsense());
            }
            self.receive().await?;
        }
    }

    /// A value of `length` bytes, and the end of line that follows it.
    async fn data(&mut self, length: usize) -> Result<Bytes, Failure> {
        while self.received.len() < length + 2 {
            self.receive().await?;
        }
        let data = self.received.split_to(length).freeze();
        if self.received.get(..2) != Some(b"\r\n") {
            return Err(Failure::nonsense());
        }
        self.received.advance(2);
        Ok(data)
    }

    async fn receive(&mut self) -> Result<(), Failure> {
        // Room is made as data comes, not as a length promises it.
        self.received.reserve(16 * 1024);
        let read = match &mut self.stream {
            Stream::Tcp(stream) => stream.read_buf(&mut self.received).await,
            Stream::Unix(stream) => stream.read_buf(&mut self.received).await,
        };
        match read {
            Ok(0) => Err(Failure::io(Stage::Lost, &io::Error::from(io::ErrorKind::UnexpectedEof))),
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::io(Stage::Lost, &error)),
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let written = match &mut self.stream {
                Stream::Tcp(stream) => stream.write(rest).await,
                Stream::Unix(stream) => stream.write(rest).await,
            };
            let stage = if rest.len() == bytes.len() { Stage::Stale } else { Stage::Lost };
            match written {
                Ok(0) => return Err(Failure::io(stage, &io::Error::from(io::ErrorKind::WriteZero))),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) => return Err(Failure::io(stage, &error)),
            }
        }
        Ok(())
    }
}
