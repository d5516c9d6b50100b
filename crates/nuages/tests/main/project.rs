//! A folder with settings, a site on it, and what its commands say.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use nuages::configuration::Sources;
use nuages::management::{Management, Outcome};
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;
use tempfile::TempDir;

/// A SECRET_KEY that is long enough, and that no output may show.
pub(crate) const KEY: &str = "correct horse battery staple and fifty characters more";

/// A folder with a `settings.toml`.
pub(crate) struct Project {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Project {
    pub(crate) fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.toml"), settings).unwrap();
        Self { folder, variables: Vec::new() }
    }

    pub(crate) fn without_file() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn sources(&self) -> Sources {
        let sources = Sources::in_folder(self.path());
        self.variables.iter().fold(sources, |sources, (name, value)| sources.variable(name, value))
    }

    /// Runs a command of the site; what it says, with the folder's name taken out.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, site)
    }

    pub(crate) fn run_with<L: Layers + 'static, C: 'static>(
        &self,
        arguments: &[&str],
        make: impl FnOnce(Settings) -> App<Chain<L, C>>,
    ) -> String {
        let (out, err) = (Written::default(), Written::default());
        let management =
            Management::new(self.sources()).arguments(arguments).output(out.clone(), err.clone());
        let outcome = management.run(make);
        let status = match outcome {
            Outcome::Success => 0,
            Outcome::Failure => 1,
            Outcome::Usage => 2,
        };
        let said = format!(
            "$ manage {}\nexit status {status}\n-- standard output\n{}-- standard error\n{}",
            arguments.join(" "),
            out.text(),
            err.text()
        );
        assert!(!said.contains(KEY), "the key is shown: {said}");
        said.replace(&self.path().display().to_string(), "[folder]")
    }
}

/// Holds what was said against `tests/snapshots/<name>.snap`; `INSTA_UPDATE=always` writes it anew.
pub(crate) fn snapshot(name: &str, said: impl AsRef<str>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said.as_ref()));
}

/// What was written, to look at later.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn index(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("index"))
}

async fn show(_request: HttpRequest, year: u32, slug: String) -> Result {
    Ok(HttpResponse::new(format!("{year} {slug}")))
}

async fn page(_request: HttpRequest, number: String) -> Result {
    Ok(HttpResponse::new(number))
}

/// A middleware of one's own, which needs a session.
pub(crate) struct VisitsMiddleware;

impl Middleware for VisitsMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        Ok(next.run(request).await)
    }

    fn requires(&self) -> &[&'static str] {
        &["sessions"]
    }
}

fn urls() -> UrlConf {
    let blog = urlconf([path("<int:year>/<slug:slug>/", show).name("show")]).app_name("blog");
    urlconf([
        path("", index).name("index"),
        path("about/", index),
        re_path(r"^page-(?P<number>[0-9]+)/$", page).name("page"),
        path("blog/", include(blog)),
    ])
}

/// A small site with everything that the commands show.
pub(crate) fn site(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(VisitsMiddleware)
        .middleware(XFrameOptionsMiddleware::new())
        .urls(urls())
}
