//! Fuzzing: the targets of `fuzz/`, each for a while, from what was found before.

use crate::command::Run;
use crate::workspace::Workspace;

/// What parses text from the network or from a store.
const TARGETS: &[&str] = &["cookies", "forms", "headers", "pickles", "routes", "signed", "templates"];

/// Makes the compiler count which branches a run takes; cargo-fuzz asks for the same, but needs a nightly compiler.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

const SECONDS: &str = "60";

/// `fuzz [target] [seconds]`: one target or all, each for so many seconds.
pub(crate) fn run(workspace: &Workspace, options: &[String]) -> Result<(), String> {
    let (targets, seconds) = match options {
        [] => (TARGETS.to_vec(), SECONDS),
        [target] => (vec![known(target)?], SECONDS),
        [target, seconds] => (vec![known(target)?], seconds.as_str()),
        _ => return Err("`fuzz` takes a target and seconds".to_owned()),
    };
    let folder = workspace.target.join("fuzz");
    let version = Run::new("rustc", &workspace.root).args(["-vV"]).output()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("`rustc -vV` does not name its host")?;
    Run::cargo(&workspace.root)
        .env("RUSTFLAGS", COVERAGE)
        .env("CARGO_TARGET_DIR", &folder)
        .args(["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"])
        // Named, so that the flags are not for build scripts, which nobody links with the fuzzer.
        .args(["--target", host])
        .check()?;
    for target in targets {
        let corpus = folder.join("corpus").join(target);
        std::fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
        Run::new(folder.join(host).join("release").join(target), &workspace.root)
            .args([&corpus])
            .args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", folder.display())])
            .args([
                "-max_len=16384",
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                "-verbosity=0",
            ])
            .check()
            .map_err(|error| format!("{error}; the input is kept beneath {}", folder.display()))?;
    }
    Ok(())
}

/// Fuzzing with every target, as a stage of the long tier.
pub(crate) fn all(workspace: &Workspace) -> Result<(), String> {
    run(workspace, &[])
}

fn known(target: &str) -> Result<&'static str, String> {
    let found = TARGETS.iter().find(|known| **known == target);
    found.copied().ok_or_else(|| format!("no target `{target}`; there are {}", TARGETS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_of_the_manifest_is_run() {
        let manifest = include_str!("../../fuzz/Cargo.toml");
        let named: Vec<&str> =
            manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/")).collect();
        let named: Vec<&str> = named.iter().filter_map(|rest| rest.strip_suffix(".rs\"")).collect();
        let mut sorted = named.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, TARGETS);
        assert!(known("cookies").is_ok() && known("x").is_err_and(|error| error.contains("pickles")));
    }
}
