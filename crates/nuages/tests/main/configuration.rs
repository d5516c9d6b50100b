//! Where settings come from, and what is wrong with them.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use nuages::configuration::{Configuration, Sources};

use crate::project::{KEY, Project};

fn errors(project: &Project) -> Vec<String> {
    let errors = Configuration::load(&project.sources()).unwrap_err();
    let folder = format!("{}/", project.path().display());
    errors.iter().map(|error| error.to_string().replace(&folder, "")).collect()
}

#[test]
fn the_environment_overrides_the_file() {
    let project = Project::new(concat!(
        "SECRET_KEY = \"from the file\"\n",
        "SESSION_COOKIE_AGE = 1_209_600\n",
        "SESSION_COOKIE_NAME = \"of the file\"\n",
        "CACHE_VERSION = 0x10\n",
        "ALLOWED_HOSTS = [\"a.example\", \"b.example\"]\n",
        "SESSION_COOKIE_DOMAIN = \"example.com\"\n",
        "SECURE_REFERRER_POLICY = false\n",
        "SESSION_COOKIE_SAMESITE = \"Strict\"\n",
    ));
    let settings = Configuration::load(&project.sources()).unwrap().into_settings();
    assert_eq!(settings.SECRET_KEY.as_bytes(), b"from the file");
    assert_eq!(settings.SESSION_COOKIE_AGE, 1_209_600);
    assert_eq!(settings.CACHE_VERSION, 16);
    assert_eq!(settings.ALLOWED_HOSTS, ["a.example", "b.example"]);
    assert_eq!(settings.SECURE_REFERRER_POLICY, None);

    let project = project
        .variable("SECRET_KEY", "from the environment")
        .variable("SECRET_KEY_FALLBACKS", "one,two")
        .variable("CACHE_URL", "locmem://other")
        .variable("NUAGES_SESSION_COOKIE_AGE", "60")
        .variable("NUAGES_ALLOWED_HOSTS", "c.example,d.example")
        .variable("NUAGES_SESSION_COOKIE_DOMAIN", "")
        .variable("NUAGES_DEBUG", "on")
        .variable("SESSION_COOKIE_NAME", "no prefix, no setting")
        .variable("DATABASE_URL", "");
    let settings = Configuration::load(&project.sources()).unwrap().into_settings();
    assert_eq!(settings.SECRET_KEY.as_bytes(), b"from the environment");
    let fallbacks: Vec<&[u8]> = settings.SECRET_KEY_FALLBACKS.iter().map(|key| key.as_bytes()).collect();
    assert_eq!(fallbacks, [b"one", b"two"]);
    assert_eq!(settings.CACHE_URL.as_str(), "locmem://other");
    assert_eq!(settings.SESSION_COOKIE_AGE, 60);
    assert_eq!(settings.ALLOWED_HOSTS, ["c.example", "d.example"]);
    assert_eq!(settings.SESSION_COOKIE_DOMAIN, None);
    assert!(settings.DEBUG);
    assert_eq!(settings.SESSION_COOKIE_NAME, "of the file");

    let project = project.variable("NUAGES_SECRET_KEY", "of nuages alone");
    let settings = Configuration::load(&project.sources()).unwrap().into_settings();
    assert_eq!(settings.SECRET_KEY.as_bytes(), b"of nuages alone");
}

#[test]
fn every_mistake_in_the_file_names_its_line() {
    let table: &[(&str, &[&str])] = &[
        (
            "# a comment\n\nSESSION_COOKE_AGE = 1\n",
            &["settings.toml:3: unknown setting SESSION_COOKE_AGE; did you mean SESSION_COOKIE_AGE?"],
        ),
        (
            "X_FRAME_OPTIONS = 1\nDEBUG = \"on\"\nSESSION_COOKIE_AGE = \"long\"\nALLOWED_HOSTS = \"a\"\n",
            &[
                "settings.toml:1: X_FRAME_OPTIONS takes text, found a whole number",
                "settings.toml:2: DEBUG takes true or false, found text",
                "settings.toml:3: SESSION_COOKIE_AGE takes a whole number, found text",
                "settings.toml:4: ALLOWED_HOSTS takes a list, found text",
            ],
        ),
        (
            "SESSION_COOKIE_AGE = 1.5\nCACHE_VERSION = 99999999999999999999\nDEBUG = 2026-01-01\n[SECRET_KEY]\n",
            &[
                "settings.toml:1: SESSION_COOKIE_AGE takes a whole number, found a number with a fraction",
                "settings.toml:2: CACHE_VERSION takes a whole number, found a number beyond 64 bits",
                "settings.toml:3: DEBUG takes true or false, found a date",
                "settings.toml:4: SECRET_KEY takes text, found a table",
            ],
        ),
        (
            "debug = true\n",
            &["settings.toml:1: unknown setting debug; remove it, or see the list of settings in the book"],
        ),
        ("DEBUG = true\nDEBUG = false\n", &["settings.toml:2: duplicate key"]),
    ];
    for (file, expected) in table {
        assert_eq!(&errors(&Project::new(file)), expected, "{file}");
    }
}

#[test]
fn a_mistake_beside_a_secret_does_not_show_it() {
    for file in [
        format!("SECRET_KEY = \"{KEY}\n"),
        format!("SECRET_KEY = {KEY}\n"),
        format!("SECRET_KEY = [\"{KEY}\"]\n"),
        format!("SECRET_KEY = \"{KEY}\"\nSECRET_KEY_FALLBACKS = \"{KEY}\"\n"),
        format!("SECRET_KEY = \"{KEY}\" x\n"),
    ] {
        let project = Project::new(&file);
        let errors = Configuration::load(&project.sources()).unwrap_err();
        assert!(errors.iter().count() == 1, "{file}");
        for word in ["correct", "horse", "staple"] {
            assert!(!format!("{errors} {errors:?}").contains(word), "{errors}");
        }
    }
}

#[test]
fn every_mistake_in_the_environment_names_its_variable() {
    let project = Project::without_file()
        .variable("NUAGES_SESION_COOKIE_AGE", "1")
        .variable("NUAGES_SESSION_COOKIE_AGE", "two weeks")
        .variable("NUAGES_DEBUG", "perhaps")
        .variable("NUAGES_", "");
    assert_eq!(
        errors(&project),
        [
            "environment variable NUAGES_: unknown setting ; remove it, or see the list of settings in the book",
            "environment variable NUAGES_DEBUG: DEBUG takes true or false, found \"perhaps\"",
            "environment variable NUAGES_SESION_COOKIE_AGE: unknown setting SESION_COOKIE_AGE; did you mean SESSION_COOKIE_AGE?",
            "environment variable NUAGES_SESSION_COOKIE_AGE: SESSION_COOKIE_AGE takes a whole number, found \"two weeks\"",
        ]
    );
    let sources = Sources::in_folder("/nowhere").variable("SECRET_KEY", OsString::from_vec(vec![0xff, b'x']));
    let error = Configuration::load(&sources).unwrap_err();
    assert!(error.to_string().contains("environment variable SECRET_KEY: is not UTF-8"), "{error}");
}

#[test]
fn the_base_folder() {
    let (here, crate_folder) = (Project::without_file(), Project::new("CACHE_VERSION = 7\n"));
    let load = |project: &Project, crate_folder: &Project| {
        let sources = project.sources().variable("CARGO_MANIFEST_DIR", crate_folder.path());
        Configuration::load(&sources).unwrap()
    };
    // A file here.
    let both = Project::new("CACHE_VERSION = 5\n");
    let configuration = load(&both, &crate_folder);
    assert_eq!((configuration.base(), configuration.settings().CACHE_VERSION), (both.path(), 5));
    // A file of the crate.
    let configuration = load(&here, &crate_folder);
    assert_eq!((configuration.base(), configuration.settings().CACHE_VERSION), (crate_folder.path(), 7));
    let expected = format!("sqlite:///{}/db.sqlite3", crate_folder.path().display());
    assert_eq!(configuration.settings().DATABASE_URL.as_str(), expected);
    // No file at all.
    let configuration = load(&here, &Project::without_file());
    assert_eq!((configuration.base(), configuration.settings().CACHE_VERSION), (here.path(), 1));
}

#[test]
fn relative_paths_begin_at_the_base_folder() {
    let project =
        Project::new("SESSION_FILE_PATH = \"sessions\"\nDATABASE_URL = \"sqlite:///data/site.sqlite3\"\n");
    let settings = Configuration::load(&project.sources()).unwrap().into_settings();
    assert_eq!(settings.SESSION_FILE_PATH, Some(project.join("sessions").display().to_string()));
    let expected = format!("sqlite:///{}", project.join("data/site.sqlite3").display());
    assert_eq!(settings.DATABASE_URL.as_str(), expected);
}

#[test]
fn a_file_that_cannot_be_read() {
    let project = Project::without_file();
    std::fs::create_dir(project.join("settings.toml")).unwrap();
    let found = errors(&project);
    assert!(found.len() == 1 && found[0].starts_with("settings.toml: cannot be read: "), "{found:?}");
    let project = Project::without_file();
    std::fs::write(project.join("settings.toml"), b"X_FRAME_OPTIONS = \"\xff\"").unwrap();
    assert!(errors(&project)[0].starts_with("settings.toml: cannot be read: "));
}

#[test]
fn sources_and_configuration_do_not_show_secrets() {
    let project = Project::without_file().variable("SECRET_KEY", KEY);
    let shown = format!("{:?} {:?}", project.sources(), Configuration::load(&project.sources()).unwrap());
    assert!(shown.contains("SECRET_KEY") && !shown.contains(KEY), "{shown}");
}
