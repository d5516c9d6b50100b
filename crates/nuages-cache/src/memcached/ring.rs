use super::murmur3::murmur3_32;

/// Which server has a key: pymemcache's `RendezvousHash`, so that Django finds what we stored.
///
/// Each server gets a score from its name and the key, and the highest has the key. A server that is away keeps its
/// keys: if they went to another, what was deleted there meanwhile would be back when the first one returns.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    /// In the order of LOCATION, which decides nothing.
    nodes: Vec<String>,
}

impl Ring {
    /// The nodes' names are those of pymemcache: `host:port`, or the path of a socket.
    pub(super) fn new(nodes: Vec<String>) -> Ring {
        Ring { nodes }
    }

    /// The position of the server that has `key`; 0 if there are no servers.
    pub(super) fn node(&self, key: &str) -> usize {
        let mut best: Option<(u32, &str, usize)> = None;
        if self.nodes.len() > 1 {
            for (position, node) in self.nodes.iter().enumerate() {
                let score = murmur3_32(&[node, "-", key].concat());
                // Of equal scores Python's `max` takes the greater name.
                if best.is_none_or(|(highest, name, _)| (highest, name) < (score, node.as_str())) {
                    best = Some((score, node, position));
                }
            }
        }
        best.map_or(0, |(_, _, position)| position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Vector {
        nodes: Vec<String>,
        owners: Vec<(String, String)>,
    }

    #[test]
    fn as_pymemcache() {
        let text = include_str!("../../tests/vectors/rendezvous.json");
        let vectors: Vec<Vector> = serde_json::from_str(text).unwrap();
        assert!(vectors.len() > 3);
        for vector in vectors {
            let ring = Ring::new(vector.nodes.clone());
            assert!(vector.owners.len() > 50);
            for (key, owner) in vector.owners {
                assert_eq!(vector.nodes[ring.node(&key)], owner, "{key} of {:?}", vector.nodes);
            }
        }
    }
}
