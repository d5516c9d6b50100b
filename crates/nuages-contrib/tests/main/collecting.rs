//! `collectstatic`: what Django has recorded, and what it leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nuages_contrib::staticfiles::{CollectOptions, StaticFiles, StaticFilesErrorKind, static_url};
use nuages_http::{Settings, Site, StaticDir};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn settings(home: &Path) -> Settings {
    let text = |name: &str| home.join(name).to_str().unwrap().to_owned();
    Settings {
        STATIC_ROOT: Some(text("root")),
        STATICFILES_DIRS: vec![StaticDir { prefix: String::new(), path: text("assets") }],
        ALLOWED_HOSTS: vec!["testserver".into()],
        ..Settings::default()
    }
}

pub(crate) fn write(home: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = home.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn recorded() -> Value {
    serde_json::from_str(include_str!("../vectors/staticfiles.json")).unwrap()
}

fn tree(value: &Value) -> BTreeMap<String, Vec<u8>> {
    let decode = |content: &Value| STANDARD.decode(content.as_str().unwrap()).unwrap();
    value.as_object().unwrap().iter().map(|(name, content)| (name.clone(), decode(content))).collect()
}

/// Every file beneath a folder.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn collected() -> (TempDir, Settings) {
    let home = tempfile::tempdir().unwrap();
    for (name, content) in tree(&recorded()["tree"]) {
        write(&home.path().join("assets"), &name, content);
    }
    let settings = Settings { STATIC_PRECOMPRESS: Vec::new(), ..settings(home.path()) };
    (home, settings)
}

#[test]
fn the_files_and_the_manifest_that_django_writes() {
    let (home, settings) = collected();
    let site = Site::new(settings).unwrap();
    let done = StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap();
    assert_eq!(done.copied.len(), tree(&recorded()["tree"]).len());
    assert_eq!(done.post_processed.len(), done.copied.len());

    let mut ours = files(&home.path().join("root"));
    let manifest = String::from_utf8(ours.remove("staticfiles.json").unwrap()).unwrap();
    let theirs = tree(&recorded()["files"]);
    for (name, content) in &theirs {
        let found = ours.get(name).map(|content| String::from_utf8_lossy(content));
        assert_eq!(found, Some(String::from_utf8_lossy(content)), "{name}");
    }
    assert_eq!(ours.len(), theirs.len());

    // The order of the paths is that in which the disk has listed them: bytes are compared after sorting.
    let sorted = |text: &str| {
        let mut manifest: Value = serde_json::from_str(text).unwrap();
        let mut paths: Vec<_> = manifest["paths"].as_object().unwrap().clone().into_iter().collect();
        paths.sort_by(|a, b| a.0.cmp(&b.0));
        manifest["paths"] = paths.into_iter().collect();
        nuages_signing::json::to_string_spaced(&manifest).unwrap()
    };
    let recorded = recorded();
    let django = recorded["manifest"].as_str().unwrap();
    assert_eq!(sorted(&manifest), sorted(django));
    assert_eq!(manifest.len(), django.len());
    assert!(manifest.starts_with("{\"paths\": {\"") && manifest.ends_with("\"}"), "{manifest}");
}

#[test]
fn urls_from_the_manifest() {
    let (_home, settings) = collected();
    let site = Site::new(settings.clone()).unwrap();
    let error = static_url(&site, "css/site.css").unwrap_err();
    assert_eq!(error.kind(), StaticFilesErrorKind::BadManifest, "{error}");
    StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap();

    let site = Site::new(settings.clone()).unwrap();
    for pair in recorded()["urls"].as_array().unwrap() {
        let (name, url) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        // Django gives this one unquoted, which is no URL.
        let url = nuages_http::iri::iri_to_uri(url).replace(' ', "%20");
        assert_eq!(static_url(&site, name).unwrap(), url, "{name}");
    }
    let error = static_url(&site, "css/none.css").unwrap_err();
    assert_eq!(error.kind(), StaticFilesErrorKind::MissingEntry, "{error}");

    let lenient = Settings { STATICFILES_MANIFEST_STRICT: false, ..settings.clone() };
    assert_eq!(static_url(&Site::new(lenient).unwrap(), "css/none.css").unwrap(), "/static/css/none.css");
    let debug = Settings { DEBUG: true, STATIC_URL: "assets".into(), ..settings.clone() };
    assert_eq!(static_url(&Site::new(debug).unwrap(), "css/site.css#x").unwrap(), "/assets/css/site.css#x");
    let elsewhere = Settings { STATIC_URL: "https://cdn.example.com/s/".into(), ..settings };
    let url = static_url(&Site::new(elsewhere).unwrap(), "img/logo.svg").unwrap();
    assert!(url.starts_with("https://cdn.example.com/s/img/logo."), "{url}");
}

#[test]
fn a_second_time_only_what_has_changed() {
    let (home, settings) = collected();
    let collect = || {
        let site = Site::new(settings.clone()).unwrap();
        StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap()
    };
    let all = collect().copied.len();
    let again = collect();
    assert_eq!((again.copied.len(), again.unmodified.len(), again.post_processed.len()), (0, all, 0));
    let changed = home.path().join("assets/img/logo.svg");
    fs::write(&changed, "<svg></svg>").unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    fs::File::open(&changed).unwrap().set_modified(later).unwrap();
    let third = collect();
    assert_eq!(third.copied, ["img/logo.svg"]);
    // The image, and every style sheet that shows it.
    assert_eq!(third.post_processed.len(), 4, "{:?}", third.post_processed);
}

#[test]
fn what_is_left_out() {
    let home = tempfile::tempdir().unwrap();
    for name in ["a.css", ".hidden/x", "a.css~", "CVS/x", "tmp/x", "deep/a.bak"] {
        write(&home.path().join("assets"), name, "x");
    }
    write(home.path(), "secret", "secret");
    std::os::unix::fs::symlink(home.path().join("secret"), home.path().join("assets/link")).unwrap();
    std::os::unix::fs::symlink("/", home.path().join("assets/slash")).unwrap();
    let site = Site::new(settings(home.path())).unwrap();
    let files_of = StaticFiles::of(&site);
    let options = CollectOptions::default().ignore("*.bak").ignore("tmp");
    let dry = files_of.collect(&options.clone().dry_run()).unwrap();
    assert_eq!(dry.copied, ["a.css"]);
    assert!(!home.path().join("root").exists());
    let done = files_of.collect(&options).unwrap();
    assert_eq!((done.copied, done.skipped.len()), (vec!["a.css".to_owned()], 2));

    write(&home.path().join("root"), "old.css", "old");
    std::os::unix::fs::symlink(home.path(), home.path().join("root/link")).unwrap();
    let all =
        files_of.collect(&CollectOptions::default().clear().no_default_ignore().no_post_process()).unwrap();
    assert_eq!(all.copied.len(), 6);
    assert!(home.path().join("secret").exists() && !home.path().join("root/old.css").exists());
    assert!(!home.path().join("root/staticfiles.json").exists());
}

#[test]
fn mistakes_are_named() {
    for (name, content, said) in [
        ("a.css", &b"a{background:url(missing.png)}"[..], "missing.png"),
        ("a.css", b"a{background:url(../../../etc/passwd)}", "../../etc/passwd"),
        ("a.css", b"\xff", "UTF-8"),
        ("a.css", b"@import 'a.css';/**/", "circle"),
    ] {
        let home = tempfile::tempdir().unwrap();
        write(&home.path().join("assets"), name, content);
        let site = Site::new(settings(home.path())).unwrap();
        let error = StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap_err();
        assert_eq!(error.kind(), StaticFilesErrorKind::PostProcessing);
        assert!(error.to_string().contains(said), "{error}");
    }
    let home = tempfile::tempdir().unwrap();
    write(&home.path().join("assets"), "a.css", "");
    for root in [home.path().to_str().unwrap(), "/"] {
        let site = Settings { STATIC_ROOT: Some(root.to_owned()), ..settings(home.path()) };
        let collect = CollectOptions::default().clear();
        let error = StaticFiles::of(&Site::new(site).unwrap()).collect(&collect).unwrap_err();
        assert!(error.to_string().contains("a folder of its own"), "{error}");
    }
    assert!(home.path().join("assets/a.css").exists());
    let site = Site::new(Settings::default()).unwrap();
    let error = StaticFiles::of(&site).collect(&CollectOptions::default()).unwrap_err();
    assert!(error.to_string().contains("STATIC_ROOT"), "{error}");
}
