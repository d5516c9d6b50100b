//! One process of the site: `cluster.sh` starts three.

use std::process::ExitCode;

fn main() -> ExitCode {
    nuages::management::run(cluster::app)
}
