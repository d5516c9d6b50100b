//! The key of a developer's machine.

use std::os::unix::fs::PermissionsExt;
use std::thread;

use nuages::configuration::Configuration;

use crate::project::{KEY, Project, snapshot};

fn key(project: &Project) -> Vec<u8> {
    Configuration::load(&project.sources()).unwrap().settings().SECRET_KEY.as_bytes().to_vec()
}

#[test]
fn is_made_once_for_its_owner_alone() {
    let project = Project::new("DEBUG = true\n");
    let configuration = Configuration::load(&project.sources()).unwrap();
    let file = project.join(".secret_key");
    assert_eq!(configuration.made_secret_key_file(), Some(file.as_path()));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let first = configuration.settings().SECRET_KEY.as_bytes().to_vec();
    assert!(first.len() >= 50 && first.starts_with(b"nuages-insecure-"));
    assert_eq!(std::fs::read(&file).unwrap(), first);

    let again = Configuration::load(&project.sources()).unwrap();
    assert_eq!(again.made_secret_key_file(), None);
    assert_eq!(again.settings().SECRET_KEY.as_bytes(), first);
    assert_ne!(key(&Project::new("DEBUG = true\n")), first);
}

#[test]
fn is_made_for_debug_without_a_key_only() {
    for project in [
        Project::new("DEBUG = false\n"),
        Project::new("DEBUG = true\n").variable("SECRET_KEY", KEY),
        Project::new("DEBUG = true\nNO_SUCH_NAME = 1\n"),
    ] {
        let _either_way = Configuration::load(&project.sources());
        assert!(!project.join(".secret_key").exists());
    }
}

#[test]
fn of_two_processes_one_makes_it() {
    let project = Project::new("DEBUG = true\n");
    let keys: Vec<Vec<u8>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| key(&project))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_file_that_was_cut_off_is_not_used() {
    for content in ["", "short"] {
        let project = Project::new("DEBUG = true\n");
        std::fs::write(project.join(".secret_key"), content).unwrap();
        let error = Configuration::load(&project.sources()).unwrap_err();
        assert!(error.to_string().contains(".secret_key: is empty or cut off; delete it"), "{error}");
    }
}

#[test]
fn former_keys_stand_below() {
    for settings in ["DEBUG = true\n", "DEBUG = false\nSECRET_KEY_FALLBACKS = [\"oldest\"]\n"] {
        let project = Project::new(settings);
        std::fs::write(project.join(".secret_key"), "now\nbefore\n\nlong ago\n").unwrap();
        let configuration = Configuration::load(&project.sources()).unwrap();
        let settings = configuration.settings();
        assert_eq!(settings.SECRET_KEY.as_bytes(), b"now");
        let fallbacks: Vec<_> = settings.SECRET_KEY_FALLBACKS.iter().map(|key| key.as_bytes()).collect();
        assert!(fallbacks.ends_with(&[b"before", b"long ago"]), "{}", fallbacks.len());
        // A key from elsewhere goes before the whole file.
        let elsewhere = project.variable("SECRET_KEY", KEY);
        let configuration = Configuration::load(&elsewhere.sources()).unwrap();
        assert_eq!(configuration.settings().SECRET_KEY.as_bytes(), KEY.as_bytes());
        assert!(configuration.settings().SECRET_KEY_FALLBACKS.len() < 2);
    }
}

#[test]
fn a_key_made_for_development_needs_debug() {
    let project = Project::new("DEBUG = true\n");
    key(&project);
    let elsewhere = project.variable("NUAGES_DEBUG", "false");
    assert!(Configuration::load(&elsewhere.sources()).unwrap().settings().SECRET_KEY.is_empty());
    std::fs::write(elsewhere.join(".secret_key"), "").unwrap();
    let error = Configuration::load(&elsewhere.sources()).unwrap_err().to_string();
    assert!(error.contains("is empty or cut off"), "{error}");
}

#[test]
fn commands_say_that_it_was_made_and_never_what_it_is() {
    let project = Project::new("DEBUG = true\n");
    let said = project.run(&["showurls"]);
    assert!(!said.contains("nuages-insecure-"), "{said}");
    snapshot("secret_key_made", said);
    assert!(!project.run(&["showurls"]).contains("SECRET_KEY"));
}
