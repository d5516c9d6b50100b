//! What the program says to mistakes: each message tells the fix.

use crate::folder::{Folder, built_project, snapshot};

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
        &["startproject", "a", "--nuages", "/nowhere"],
        &["startproject", "a", "--from-django", "taken"],
        &["secret", "rotate"],
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
