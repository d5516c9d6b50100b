//! `startapp`.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::files::{self, NewFile, Readers};
use crate::project::Project;
use crate::{name, terminal};

/// The files of a part. `APP` stands for its name.
const FILES: &[(&str, &str)] = &[
    ("mod.rs", include_str!("../template/app/mod.rs.in")),
    ("urls.rs", include_str!("../template/app/urls.rs.in")),
    ("views.rs", include_str!("../template/app/views.rs.in")),
    ("tests.rs", include_str!("../template/app/tests.rs.in")),
    ("templates/APP/index.html", include_str!("../template/app/index.html.in")),
];

/// Makes a part of the project, and says which lines make it one.
pub(crate) fn run(asked: &str) -> Result<ExitCode, Failure> {
    let project = Project::find_site()?;
    let name = name::module(asked, &project.dependencies)?;
    let sources = project.folder.join("src");
    let folder = sources.join(name);
    for taken in [folder.clone(), sources.join(format!("{name}.rs"))] {
        if taken.symlink_metadata().is_ok() {
            return Err(Failure::new(format_args!(
                "{} is there already; take another name",
                taken.display()
            )));
        }
    }
    let files: Vec<(PathBuf, String)> = FILES
        .iter()
        .map(|(file, text)| (folder.join(file.replace("APP", name)), text.replace("APP", name)))
        .collect();
    files::make(files.iter().map(|(path, text)| NewFile {
        path: path.clone(),
        content: text.as_bytes(),
        readers: Readers::All,
    }))?;
    let root = if sources.join("lib.rs").exists() { "src/lib.rs" } else { "src/main.rs" };
    terminal::line(format_args!(
        "{} src/{name}: urls.rs, views.rs, tests.rs, templates",
        terminal::good("made")
    ));
    terminal::line("\nTwo lines make it a part of the site:");
    terminal::line(format_args!("  {root:<12}  {}", terminal::bold(format_args!("mod {name};"))));
    let include = format!("path(\"{name}/\", include(crate::{name}::urls())),");
    terminal::line(format_args!("  {:<12}  {}", "src/urls.rs", terminal::bold(include)));
    Ok(ExitCode::SUCCESS)
}
