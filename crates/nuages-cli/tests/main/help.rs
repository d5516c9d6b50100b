//! The help of every command, and the scripts of completions.

use crate::folder::{Folder, snapshot};

#[test]
fn of_every_command() {
    let folder = Folder::outside();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_startproject", &["startproject", "--help"]),
        ("help_startapp", &["startapp", "--help"]),
        ("help_runserver", &["runserver", "--help"]),
        ("help_test", &["test", "--help"]),
        ("help_check", &["check", "--help"]),
        ("help_migrate", &["migrate", "--help"]),
        ("help_showurls", &["showurls", "--help"]),
        ("help_showmiddleware", &["showmiddleware", "--help"]),
        ("help_secret", &["secret", "--help"]),
        ("help_secret_generate", &["secret", "generate", "--help"]),
        ("help_secret_rotate", &["secret", "rotate", "--help"]),
        ("help_doctor", &["doctor", "--help"]),
        ("help_completions", &["completions", "--help"]),
    ] {
        let said = folder.run_in("", arguments);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{name}");
        assert!(!said.out.contains('\u{1b}'), "{name} has colours without a terminal");
        snapshot(name, format!("$ nuages {}\n{}", arguments.join(" "), said.out));
    }
}

#[test]
fn completions_know_every_command() {
    let folder = Folder::outside();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = folder.run(["completions", shell]);
        assert_eq!(said.status, 0, "{}", said.err);
        for word in ["startproject", "from-django", "runserver", "rotate", "doctor"] {
            assert!(said.out.contains(word), "{shell} has no {word}");
        }
    }
    let said = folder.run(["completions", "cobol"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("bash"), "{}", said.err);
}
