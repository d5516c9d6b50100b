//! A Redis Cluster.

use std::time::{Duration, Instant};

use crate::redis::Redis;

const SLOTS: usize = 16_384;
const PATIENCE: Duration = Duration::from_secs(60);

/// Three masters that share the keys among them, without replicas.
///
/// ```no_run
/// let cluster = test_servers::RedisCluster::start();
/// assert_eq!(cluster.urls().len(), 3);
/// cluster.nodes()[1].kill();
/// cluster.nodes()[1].restart();
/// cluster.wait();
/// ```
#[derive(Debug)]
pub struct RedisCluster {
    nodes: Vec<Redis>,
}

impl RedisCluster {
    /// Starts the masters and waits until each knows of all and says that the cluster's state is ok.
    #[must_use]
    pub fn start() -> RedisCluster {
        let options = [
            "--cluster-enabled",
            "yes",
            "--cluster-config-file",
            "nodes.conf",
            "--cluster-node-timeout",
            "3000",
            "--cluster-announce-ip",
            "127.0.0.1",
        ];
        let nodes: Vec<Redis> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..3).map(|_| scope.spawn(|| Redis::with_options(&options))).collect();
            starting.into_iter().map(|node| node.join().expect("a node that starts")).collect()
        });
        let share = SLOTS.div_ceil(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let slots = index * share..((index + 1) * share).min(SLOTS);
            let slots: Vec<String> = slots.map(|slot| slot.to_string()).collect();
            let mut command = vec!["CLUSTER", "ADDSLOTS"];
            command.extend(slots.iter().map(String::as_str));
            assert_eq!(node.command(&command), "OK");
            let epoch = (index + 1).to_string();
            assert_eq!(node.command(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]), "OK");
        }
        let cluster = RedisCluster { nodes };
        for node in &cluster.nodes {
            for other in &cluster.nodes {
                assert_eq!(node.command(&["CLUSTER", "MEET", "127.0.0.1", &other.port().to_string()]), "OK");
            }
        }
        cluster.wait();
        cluster
    }

    /// Waits until every node says that the cluster's state is ok.
    pub fn wait(&self) {
        let started = Instant::now();
        let known = format!("cluster_known_nodes:{}\r", self.nodes.len());
        let is_ok = |node: &Redis| {
            let info = node.command(&["CLUSTER", "INFO"]);
            info.contains("cluster_state:ok\r") && info.contains(&known)
        };
        while !self.nodes.iter().all(is_ok) {
            let logs: Vec<String> = self.nodes.iter().map(|node| node.log()).collect();
            assert!(started.elapsed() < PATIENCE, "the cluster did not get ready:\n{}", logs.join("\n"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `redis://127.0.0.1:PORT/0` of the first master; it tells a client where the others are.
    #[must_use]
    pub fn url(&self) -> String {
        self.nodes.first().map(Redis::url).unwrap_or_default()
    }

    /// The URLs of all masters.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Redis::url).collect()
    }

    /// The masters, each a server that can be stopped by itself.
    #[must_use]
    pub fn nodes(&self) -> &[Redis] {
        &self.nodes
    }
}
