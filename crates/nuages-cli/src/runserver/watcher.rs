//! Which files of a project have changed, and whether that matters.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use notify::event::{ModifyKind, RenameMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use crate::failure::Failure;
use crate::project::Project;

/// Folders that are watched with all that is in them.
const FOLDERS: [&str; 4] = ["src", "templates", "static", "locale"];

/// Files beside Cargo.toml that matter whatever the site is built from. Not Cargo.lock: cargo itself writes it.
const FILES: [&str; 6] =
    ["Cargo.toml", "build.rs", "settings.toml", ".secret_key", ".env", "rust-toolchain.toml"];

/// Editors write several files at a time: no change for so long ends a batch, and no batch is longer than that.
const QUIET: Duration = Duration::from_millis(60);
const LONGEST: Duration = Duration::from_secs(1);

/// Something happened to a path.
struct Event {
    path: PathBuf,
    /// It was removed, or has another name now.
    is_gone: bool,
}

/// How the last build ended, which decides what matters.
enum State {
    /// There is a site, built from the files of the list.
    Built,
    /// There is none: every file of the project matters, and those in the folders of the crates that do not compile.
    Broken(BTreeSet<PathBuf>),
}

/// Tells of changes, one batch at a time.
pub(super) struct Watcher {
    inner: RecommendedWatcher,
    events: UnboundedReceiver<Event>,
    folder: PathBuf,
    target: PathBuf,
    /// What the site was built from the last time.
    sources: BTreeSet<PathBuf>,
    state: State,
    watched: BTreeSet<PathBuf>,
    /// The first file of a batch that has not ended.
    untold: Option<PathBuf>,
}

impl Watcher {
    pub(super) fn new(project: &Project) -> Result<Self, Failure> {
        let (sender, events) = unbounded_channel();
        let told = move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_))
            {
                // Nobody listens any more: the command ends.
                let is_gone = matches!(
                    event.kind,
                    EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From))
                );
                event.paths.into_iter().for_each(|path| drop(sender.send(Event { path, is_gone })));
            }
        };
        let inner = notify::recommended_watcher(told).map_err(|error| refusal(&error))?;
        let mut watcher = Self {
            inner,
            events,
            folder: project.folder.clone(),
            target: project.target.clone(),
            sources: BTreeSet::new(),
            state: State::Broken(BTreeSet::new()),
            watched: BTreeSet::new(),
            untold: None,
        };
        watcher.look()?;
        Ok(watcher)
    }

    /// There is a site, built from these files: from now on they matter.
    pub(super) fn built_from(&mut self, sources: BTreeSet<PathBuf>) -> Result<(), Failure> {
        (self.sources, self.state) = (sources, State::Built);
        self.look()
    }

    /// There is no site, as the crates in these folders do not compile or it does not run.
    pub(super) fn broken(&mut self, mut folders: BTreeSet<PathBuf>) -> Result<(), Failure> {
        // Around the project is what is built, too.
        folders.retain(|folder| !self.folder.starts_with(folder));
        self.state = State::Broken(folders);
        self.look()
    }

    /// Watches what is not watched yet: folders come and go.
    fn look(&mut self) -> Result<(), Failure> {
        self.watched.retain(|folder| folder.is_dir());
        let folder = self.folder.clone();
        self.watch(&folder, RecursiveMode::NonRecursive)?;
        for name in FOLDERS {
            self.watch(&folder.join(name), RecursiveMode::Recursive)?;
        }
        // Crates that the project has by path, and files that lie elsewhere in it.
        let mut others: BTreeSet<PathBuf> = BTreeSet::new();
        for source in &self.sources {
            let inside = source
                .strip_prefix(&self.folder)
                .is_ok_and(|path| FOLDERS.iter().any(|name| path.starts_with(name)));
            if !inside && !source.starts_with(&self.target) {
                others.extend(source.parent().map(Path::to_owned));
            }
        }
        others.iter().try_for_each(|folder| self.watch(folder, RecursiveMode::NonRecursive))?;
        let State::Broken(broken) = &self.state else { return Ok(()) };
        let inside: Vec<PathBuf> = FOLDERS.iter().map(|name| folder.join(name)).collect();
        let mut elsewhere = broken.clone();
        elsewhere.retain(|path| !inside.iter().any(|folder| path.starts_with(folder)));
        elsewhere.iter().try_for_each(|folder| self.watch(folder, RecursiveMode::Recursive))
    }

    fn watch(&mut self, folder: &Path, mode: RecursiveMode) -> Result<(), Failure> {
        if folder.is_dir() && !self.watched.contains(folder) {
            match self.inner.watch(folder, mode) {
                Ok(()) => drop(self.watched.insert(folder.to_owned())),
                // It was there a moment ago.
                Err(_) if !folder.is_dir() => {}
                Err(error) => return Err(refusal(&error)),
            }
        }
        Ok(())
    }

    /// A folder that was moved or removed is not watched any more, and what has its name now is another one.
    fn noticed(&mut self, event: &Event) {
        if event.is_gone && event.path != self.folder && self.watched.remove(&event.path) {
            let _it_may_be_gone = self.inner.unwatch(&event.path);
            // Why it cannot be watched is said after the next build.
            let _said_later = self.look();
        }
    }

    /// Waits for a change that matters, and for the end of its batch; gives one of its files. May be dropped and called
    /// again: what has not been told stays.
    pub(super) async fn changed(&mut self) -> PathBuf {
        while self.untold.is_none() {
            match self.events.recv().await {
                Some(event) => {
                    self.noticed(&event);
                    self.untold = self.matters(&event.path).then_some(event.path);
                }
                None => std::future::pending().await,
            }
        }
        let end = Instant::now() + LONGEST;
        while let Ok(Some(event)) = timeout_at(end.min(Instant::now() + QUIET), self.events.recv()).await {
            self.noticed(&event);
            // Editors write another file first, which is gone by now.
            if self.untold.as_ref().is_some_and(|first| !first.exists()) && self.matters(&event.path) {
                self.untold = Some(event.path);
            }
        }
        // What changes while the next site is built is to be noticed in folders that are new as well.
        let _said_later = self.look();
        self.untold.take().unwrap_or_default()
    }

    fn matters(&self, path: &Path) -> bool {
        matters(path, &self.folder, &self.target, &self.sources, &self.state)
    }
}

fn matters(path: &Path, folder: &Path, target: &Path, sources: &BTreeSet<PathBuf>, state: &State) -> bool {
    // What is built is no source, unless the whole project lies where things are built.
    if path.starts_with(target) && !folder.starts_with(target) {
        return false;
    }
    if sources.contains(path) {
        return true;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_of_editors =
        name.starts_with(['.', '#']) || name.ends_with('~') || name.ends_with(".swp") || name == "4913";
    let is_broken =
        matches!(state, State::Broken(broken) if broken.iter().any(|folder| path.starts_with(folder)));
    let Ok(inside) = path.strip_prefix(folder) else { return is_broken && !is_of_editors };
    let mut parts = inside.components();
    let (Some(Component::Normal(first)), rest) = (parts.next(), parts.as_path()) else { return false };
    if rest == Path::new("") && FILES.iter().any(|file| first == *file) {
        return true;
    }
    if is_of_editors {
        return false;
    }
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    match state {
        // A new module is not in the list yet; and all of them may come and go at once.
        State::Built => first == "src" && (is_rust || rest == Path::new("")),
        // It does not compile: the cause may be a file that no list names.
        State::Broken(_) => is_broken || FOLDERS.iter().any(|name| first == *name),
    }
}

fn refusal(error: &notify::Error) -> Failure {
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => Failure::new(
            "this system lets a user watch no more files; raise the limit: sysctl fs.inotify.max_user_watches=524288",
        ),
        _ => Failure::new(format_args!(
            "cannot watch the sources: {error}; `runserver --noreload` does without"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters() {
        let sources: BTreeSet<PathBuf> =
            ["/p/src/main.rs", "/p/templates/a.html", "/q/src/lib.rs"].map(PathBuf::from).into();
        let target = Path::new("/p/target");
        let failing = State::Broken([PathBuf::from("/r/src")].into());
        for (path, good, broken) in [
            ("/p/src/main.rs", true, true),
            ("/p/src/new.rs", true, true),
            ("/p/src/deep/new.rs", true, true),
            ("/p/src/.main.rs.swp", false, false),
            ("/p/src/4913", false, false),
            ("/p/src/main.rs~", false, false),
            ("/p/src/note.txt", false, true),
            ("/p/templates/a.html", true, true),
            ("/p/templates/other.html", false, true),
            ("/p/Cargo.toml", true, true),
            ("/p/settings.toml", true, true),
            ("/p/.env", true, true),
            ("/p/src/settings.toml", false, true),
            ("/p/Cargo.lock", false, false),
            ("/p/db.sqlite3", false, false),
            ("/p/target/debug/build/x.rs", false, false),
            ("/p/src", true, true),
            ("/p/templates", false, true),
            ("/q/src/lib.rs", true, true),
            ("/q/src/other.rs", false, false),
            ("/r/src/deep/mod.rs", false, true),
            ("/r/src/.lib.rs.swp", false, false),
            ("/p", false, false),
        ] {
            let path = Path::new(path);
            let matters = |state| matters(path, Path::new("/p"), target, &sources, state);
            assert_eq!(matters(&State::Built), good, "{path:?}");
            assert_eq!(matters(&failing), broken, "{path:?} while broken");
        }
    }

    #[tokio::test]
    async fn a_change_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("src")).unwrap();
        let project = Project {
            name: String::new(),
            id: String::new(),
            folder: root.clone(),
            target: root.join("target"),
            binaries: Vec::new(),
            default_run: None,
            dependencies: Vec::new(),
            uses_nuages: true,
        };
        let mut watcher = Watcher::new(&project).unwrap();
        std::fs::write(root.join("db.sqlite3"), "").unwrap();
        std::fs::write(root.join("src/a.rs"), "1").unwrap();
        std::fs::write(root.join("src/b.rs"), "1").unwrap();
        let told = timeout_at(Instant::now() + Duration::from_secs(20), watcher.changed()).await.unwrap();
        assert_eq!(told, root.join("src/a.rs"));
        // A slow machine may have written the second file after the batch of the first; the database is never told.
        while let Ok(told) = timeout_at(Instant::now() + Duration::from_millis(300), watcher.changed()).await
        {
            assert!(told.starts_with(root.join("src")), "{told:?}");
        }
        // A folder that comes later is watched from the next build on.
        std::fs::create_dir(root.join("templates")).unwrap();
        watcher.built_from([root.join("templates/a.html")].into()).unwrap();
        std::fs::write(root.join("templates/a.html"), "1").unwrap();
        let told = timeout_at(Instant::now() + Duration::from_secs(20), watcher.changed()).await.unwrap();
        assert_eq!(told, root.join("templates/a.html"));
        // A folder that comes again is another one, as after `git checkout`.
        std::fs::rename(root.join("src"), root.join("away")).unwrap();
        let told = timeout_at(Instant::now() + Duration::from_secs(20), watcher.changed()).await.unwrap();
        assert_eq!(told, root.join("src"));
        std::fs::create_dir(root.join("src")).unwrap();
        let told = timeout_at(Instant::now() + Duration::from_secs(20), watcher.changed()).await.unwrap();
        assert_eq!(told, root.join("src"));
        std::fs::write(root.join("src/a.rs"), "2").unwrap();
        let told = timeout_at(Instant::now() + Duration::from_secs(20), watcher.changed()).await.unwrap();
        assert_eq!(told, root.join("src/a.rs"));
    }
}
