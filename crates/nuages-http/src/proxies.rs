//! Whose forwarded headers count: the setting TRUSTED_PROXIES.

use std::net::IpAddr;

use crate::request::Peer;
use crate::settings::SettingError;

/// The parsed setting TRUSTED_PROXIES.
///
/// ```
/// use nuages_http::{Peer, TrustedProxies};
///
/// let proxies = TrustedProxies::parse(&["loopback", "10.0.0.0/8"])?;
/// let peer = |address: &str| Peer::Tcp { remote: address.parse().unwrap(), local: "10.0.0.1:80".parse().unwrap() };
/// assert!(proxies.trusts(&peer("10.1.2.3:5000")) && proxies.trusts(&peer("127.0.0.1:5000")));
/// assert!(!proxies.trusts(&peer("192.0.2.1:5000")));
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    loopback: bool,
    unix: bool,
    networks: Vec<(IpAddr, u8)>,
}

impl TrustedProxies {
    /// Parses the setting: `loopback`, `unix`, addresses, and networks such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// If an entry is none of these.
    ///
    /// ```
    /// use nuages_http::TrustedProxies;
    /// assert!(TrustedProxies::parse(&["loopback", "10.0.0.0/8"]).is_ok());
    /// assert!(TrustedProxies::parse(&["proxy.example.com"]).is_err());
    /// ```
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Result<Self, SettingError> {
        let mut proxies = Self::default();
        for entry in entries {
            match entry.as_ref().trim() {
                "loopback" => proxies.loopback = true,
                "unix" => proxies.unix = true,
                text => proxies.networks.push(network(text).ok_or_else(|| {
                    SettingError::new(format!(
                        "TRUSTED_PROXIES takes IP addresses, networks such as 10.0.0.0/8, \"loopback\" and \"unix\", found {text:?}"
                    ))
                })?),
            }
        }
        Ok(proxies)
    }

    /// Do the forwarded headers of this peer count?
    #[must_use]
    pub fn trusts(&self, peer: &Peer) -> bool {
        match peer {
            Peer::Unix => self.unix,
            Peer::Unknown => false,
            Peer::Tcp { remote, .. } => {
                let address = remote.ip().to_canonical();
                (self.loopback && address.is_loopback())
                    || self.networks.iter().any(|(network, bits)| contains(*network, *bits, address))
            }
        }
    }
}

fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((address, bits))
}

fn contains(network: IpAddr, bits: u8, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let shift = 32 - u32::from(bits.min(32));
            network.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let shift = 128 - u32::from(bits.min(128));
            network.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_trusted() {
        for (entries, remote, expected) in [
            (&["loopback"][..], "127.0.0.9:1", true),
            (&["loopback"], "[::1]:1", true),
            (&["loopback"], "[::ffff:127.0.0.1]:1", true),
            (&["loopback"], "10.0.0.1:1", false),
            (&["10.0.0.0/8"], "10.255.0.1:1", true),
            (&["10.0.0.0/8"], "11.0.0.1:1", false),
            (&["0.0.0.0/0"], "11.0.0.1:1", true),
            (&["192.168.1.7"], "192.168.1.7:1", true),
            (&["192.168.1.7"], "192.168.1.8:1", false),
            (&["fd00::/8"], "[fd12::1]:1", true),
            (&["unix"], "127.0.0.1:1", false),
        ] {
            let remote = remote.parse().unwrap();
            let peer = Peer::Tcp { remote, local: remote };
            assert_eq!(
                TrustedProxies::parse(entries).unwrap().trusts(&peer),
                expected,
                "{entries:?} {remote}"
            );
        }
        assert!(TrustedProxies::parse(&["unix"]).unwrap().trusts(&Peer::Unix));
        assert!(TrustedProxies::parse(&["10.0.0.0/33"]).is_err());
    }
}
