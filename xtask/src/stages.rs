//! Stages run in order, stop at the first failure, and say how long each took.

use std::time::{Duration, Instant};

use crate::workspace::Workspace;

/// One step of a tier, runnable by its name.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Workspace) -> Result<(), String>,
}

/// Runs the stages with these names, or all; with `--list` it only names them.
pub(crate) fn select_and_run(
    workspace: &Workspace,
    stages: &[Stage],
    names: &[String],
) -> Result<(), String> {
    if names == ["--list"] {
        println!("{}", listing(stages));
        return Ok(());
    }
    run(workspace, &select(stages, names)?)
}

/// The stages with these names, in their own order; all of them if no name is given.
fn select<'a>(stages: &'a [Stage], names: &[String]) -> Result<Vec<&'a Stage>, String> {
    let known = |name: &String| stages.iter().any(|stage| stage.name == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        return Err(format!("no stage `{unknown}`; there are:\n{}", listing(stages)));
    }
    let wanted = |stage: &&Stage| names.is_empty() || names.iter().any(|name| name == stage.name);
    Ok(stages.iter().filter(wanted).collect())
}

/// A line for each stage: its name and what it does.
fn listing(stages: &[Stage]) -> String {
    stages.iter().map(|stage| format!("  {:<10} {}\n", stage.name, stage.what)).collect()
}

/// Runs them in order; the seconds of each are printed at the end, after a failure too.
fn run(workspace: &Workspace, stages: &[&Stage]) -> Result<(), String> {
    let mut times = Vec::with_capacity(stages.len());
    let mut outcome = Ok(());
    for stage in stages {
        println!("\n== {}: {}", stage.name, stage.what);
        let started = Instant::now();
        let result = (stage.run)(workspace);
        times.push((stage.name, started.elapsed()));
        if let Err(message) = result {
            outcome = Err(format!("stage `{}` failed: {message}", stage.name));
            break;
        }
    }
    println!("\n{}", report(&times, stages.len()));
    outcome
}

fn report(times: &[(&str, Duration)], planned: usize) -> String {
    let mut text = String::new();
    for (name, time) in times {
        text.push_str(&format!("{:>8.1} s  {name}\n", time.as_secs_f64()));
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    text.push_str(&format!("{:>8.1} s  {} of {planned} stages", total.as_secs_f64(), times.len()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGES: &[Stage] = &[
        Stage { name: "first", what: "succeeds", run: |_| Ok(()) },
        Stage { name: "second", what: "fails", run: |_| Err("broken".to_owned()) },
        Stage { name: "third", what: "is never reached", run: |_| Err("reached".to_owned()) },
    ];

    fn nowhere() -> Workspace {
        Workspace { root: "/".into(), target: "/".into(), packages: Vec::new() }
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        let all = select(STAGES, &[]).unwrap();
        assert_eq!(run(&nowhere(), &all), Err("stage `second` failed: broken".to_owned()));
        let first = select(STAGES, &["first".to_owned()]).unwrap();
        assert_eq!(run(&nowhere(), &first), Ok(()));
    }

    #[test]
    fn an_unknown_stage_is_refused() {
        assert!(select(STAGES, &["fourth".to_owned()]).is_err_and(|e| e.contains("no stage `fourth`")));
    }

    #[test]
    fn the_seconds_of_each_stage_are_told() {
        let times = [("a", Duration::from_millis(1500)), ("b", Duration::from_secs(2))];
        assert_eq!(report(&times, 3), "     1.5 s  a\n     2.0 s  b\n     3.5 s  2 of 3 stages");
    }
}
