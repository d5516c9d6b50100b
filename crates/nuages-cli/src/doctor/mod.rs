//! `doctor`: a line for each thing that can be wrong, and the command that mends it.

mod finding;
mod machine;
mod site;

use std::process::ExitCode;

use crate::arguments::DoctorOptions;
use crate::failure::Failure;
use crate::project::{self, Project};
use crate::terminal;
use finding::Finding;

/// Looks at everything; the status is 1 if something is bad.
pub(crate) fn run(options: &DoctorOptions) -> Result<ExitCode, Failure> {
    let mut bad = 0_usize;
    let mut tell = |finding: Finding| {
        bad = bad.saturating_add(usize::from(finding.is_bad()));
        terminal::line(finding);
    };
    let here = project::current_folder()?;
    let toolchain = machine::toolchain();
    let has_cargo = !toolchain.is_bad();
    tell(toolchain);
    tell(machine::linker());
    tell(machine::port(options.port));
    match Project::of(&here) {
        Ok(project) if project.uses_nuages => {
            tell(machine::disk(&project.folder));
            tell(machine::clock(&project.folder));
            site::secrets(&project).into_iter().for_each(&mut tell);
            terminal::error(format_args!("asking {} itself; it may have to be built first", project.name));
            site::probe(&project).into_iter().for_each(&mut tell);
        }
        other => {
            tell(machine::disk(&here));
            tell(machine::clock(&here));
            tell(match other {
                Err(why) if Project::is_around(&here) && has_cargo => {
                    Finding::bad("project", why, "correct Cargo.toml, or go into the folder of one project")
                }
                Err(why) => Finding::good("project", format_args!("not looked at: {why}")),
                Ok(project) => Finding::good(
                    "project",
                    format_args!("not looked at: {} is not built on nuages", project.name),
                ),
            });
        }
    }
    terminal::line(match bad {
        0 => terminal::good("\nNothing is wrong."),
        1 => terminal::bad("\nOne thing is wrong."),
        count => terminal::bad(format_args!("\n{count} things are wrong.")),
    });
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
