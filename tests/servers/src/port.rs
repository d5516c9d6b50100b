//! Ports that are free, and stay ours while the server is down.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use rand::RngExt;

/// Below what systems give to outgoing connections, so that nobody gets one of them by chance. Redis's cluster bus
/// takes the port 10,000 above.
const PORTS: std::ops::Range<u16> = 10_200..20_900;
const BUS: u16 = 10_000;

/// A free port of 127.0.0.1 that no other test takes while this lives, though its server may be down at times.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// A port that is free, and so is the one 10,000 above.
    pub(crate) fn free() -> Port {
        let folder =
            std::env::temp_dir().join(format!("nuages-test-ports-{}", rustix::process::geteuid().as_raw()));
        std::fs::create_dir_all(&folder)
            .unwrap_or_else(|e| panic!("cannot make the folder {}: {e}", folder.display()));
        for _ in 0..1000 {
            let number = rand::rng().random_range(PORTS);
            let path = folder.join(number.to_string());
            let lock = File::create(&path)
                .unwrap_or_else(|e| panic!("cannot make the lock {}: {e}", path.display()));
            if lock.try_lock().is_ok() && is_free(number) && is_free(number + BUS) {
                return Port { number, _lock: lock };
            }
        }
        panic!("no free port between {} and {}", PORTS.start, PORTS.end)
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.number))
    }
}

fn is_free(number: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_different() {
        let ports: Vec<Port> = (0..50).map(|_| Port::free()).collect();
        let mut numbers: Vec<u16> = ports.iter().map(Port::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 50);
        assert!(TcpListener::bind(ports[0].address()).is_ok());
    }
}
