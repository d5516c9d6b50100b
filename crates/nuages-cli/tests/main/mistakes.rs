//! What the program says to mistakes: each message tells the fix.

use crate::folder::{Folder, built_project, said, snapshot};

#[test]
fn on_the_command_line() {
    let folder = Folder::outside();
    std::fs::create_dir(folder.join("taken")).unwrap();
    std::fs::write(folder.join("taken/a"), "").unwrap();
    let mut text = String::new();
    for arguments in [
        &["strtproject", "mysite"][..],
        &["frobnicate"],
        &["runserver"],
        &["runserver", "nowhere"],
        &["migrate"],
        &["startapp", "blog"],
        &["startproject"],
        &["startproject", "My Site"],
        &["startproject", "match"],
        &["startproject", "tokio"],
        &["startproject", "taken"],
        &["startproject", "a", "taken/a"],
        &["startproject", "a", "taken/a/b"],
        &["startproject", "a", "--nuages", "/nowhere"],
        &["startproject", "a", "--from-django", "taken"],
        &["secret", "rotate"],
        &["manage", "check"],
    ] {
        let said = folder.run_in("", arguments);
        assert_ne!(said.status, 0, "{arguments:?}");
        text.push_str(&format!(
            "$ nuages {}\nexit status {}\n{}{}\n",
            arguments.join(" "),
            said.status,
            said.out,
            said.err
        ));
    }
    snapshot("mistakes_of_the_command_line", text);
    assert_eq!(std::fs::read_dir(folder.join("")).unwrap().count(), 1, "something was made all the same");
}

#[test]
fn in_a_crate_without_nuages() {
    let folder = Folder::outside();
    let manifest = "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::create_dir(folder.join("src")).unwrap();
    let main = "fn main() {\n    std::fs::write(\"ran\", \"\").unwrap();\n}\n";
    for (file, text) in [("Cargo.toml", manifest), ("src/main.rs", main), (".env", "SECRET_KEY=theirs\n")] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    for arguments in [
        &["migrate"][..],
        &["manage", "x"],
        &["runserver", "127.0.0.1:0"],
        &["startapp", "blog"],
        &["secret", "rotate"],
    ] {
        let said = folder.run_in("", arguments);
        assert!(
            said.status == 1 && said.err.contains("other is not built on nuages"),
            "{arguments:?}: {}",
            said.err
        );
    }
    // Whatever its binary makes of these words.
    assert!(!folder.join("ran").exists() && !folder.join("src/blog").exists());
    assert_eq!(folder.read(".env"), "SECRET_KEY=theirs\n");
    let doctor = folder.run(["doctor", "--port", "0"]);
    assert!(doctor.status == 0 && doctor.out.contains("other is not built on nuages"), "{}", doctor.out);
    std::fs::write(folder.join("Cargo.toml"), "[package").unwrap();
    let doctor = folder.run(["doctor", "--port", "0"]);
    assert!(doctor.status == 1 && doctor.out.contains("→ correct Cargo.toml"), "{}", doctor.out);
}

#[test]
fn in_a_folder_that_is_gone() {
    let folder = Folder::outside();
    std::fs::create_dir(folder.join("gone")).unwrap();
    for arguments in [["startproject", "a"], ["check", ""], ["doctor", "--port=0"]] {
        let mut command = folder.command("sh", "gone");
        command.args(["-c", "rmdir ../gone && \"$@\"", "sh", env!("CARGO_BIN_EXE_nuages")]).args(arguments);
        let said = said(&mut command);
        assert!(said.status == 1 && said.err.contains("the current folder is gone"), "{}", said.err);
        std::fs::create_dir(folder.join("gone")).unwrap();
    }
}

/// `check` in a built project with other settings in its environment.
fn check(variables: &[(&str, &str)]) -> String {
    let project = built_project();
    let output = project.nuages("site").arg("check").envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said.replace(&project.join("site").canonicalize().unwrap().display().to_string(), "[folder]")
}

#[test]
fn in_settings() {
    let mut text = String::new();
    for variables in [
        [("NUAGES_SESSION_COOKE_AGE", "60")],
        [("NUAGES_SESSION_COOKIE_SAMESITE", "loose")],
        [("DATABASE_URL", "oracle://host/database")],
    ] {
        text.push_str(&format!(
            "$ {}={} nuages check\n{}\n",
            variables[0].0,
            variables[0].1,
            check(&variables)
        ));
    }
    snapshot("mistakes_in_settings", text);
}

#[test]
fn in_urls() {
    let folder = Folder::with_project("mistakes");
    let routes = "urlconf([
        path(\"day/<int:n>/<slug:day>/\", views::greet),
        path(\"year/<year:year>/\", views::index),
        re_path(r\"^page-(?=x)/$\", views::index),";
    folder.replace("site/src/urls.rs", "urlconf([", routes);
    let said = folder.run_in("site", &["check"]);
    assert_eq!(said.status, 1, "{}{}", said.out, said.err);
    snapshot("mistakes_in_urls", said.out);
}

#[test]
fn in_templates() {
    let folder = Folder::with_project("templates");
    std::fs::write(folder.join("site/templates/other.html"), "{% url 'great' %}").unwrap();
    folder.replace("site/templates/index.html", "{{ visits }}", "{{ visits|frobnicate }}");
    folder.replace("site/templates/base.html", "{% endfor %}", "");
    let said = folder.run_in("site", &["check"]);
    assert_eq!(said.status, 1, "{}{}", said.out, said.err);
    snapshot(
        "mistakes_in_templates",
        said.out.replace(&folder.join("site").display().to_string(), "[folder]"),
    );
}
