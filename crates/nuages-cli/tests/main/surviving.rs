//! `runserver` goes on, whatever is done to the files.

use std::time::Duration;

use rustix::process::Signal;

use crate::folder::Folder;
use crate::reloading::after;
use crate::server::Server;

/// A part of the site in a crate of its own, beside it.
fn with_crate_beside(name: &str) -> Folder {
    let folder = Folder::with_project(name);
    let manifest = "[package]\nname = \"beside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::create_dir_all(folder.join("beside/src")).unwrap();
    std::fs::write(folder.join("beside/Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("beside/src/lib.rs"), "pub fn step() -> u32 {\n    1\n}\n").unwrap();
    folder.replace(
        "site/Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nbeside = { path = \"../beside\" }\n",
    );
    folder.replace("site/src/views.rs", "saturating_add(1)", "saturating_add(beside::step())");
    folder
}

#[test]
fn half_written_and_moved_files() {
    let folder = with_crate_beside("surviving");
    // Broken at the first start already, in the crate beside.
    folder.replace("beside/src/lib.rs", "    1\n", "    one\n");
    let mut server = Server::start(&folder);
    let broken = server.get_site();
    assert!(broken.status == 500 && broken.text.contains("cannot find value"), "{}", broken.text);
    let library = "beside/src/lib.rs";
    after(&folder, &server, library, "    one\n", "    2\n", 200, "<strong>2</strong>");
    after(&folder, &server, library, "    2\n", "    two\n", 500, "cannot find value");
    after(&folder, &server, library, "    two\n", "    3\n", 200, "<strong>3</strong>");

    // Another version of the site is the site all the same.
    let manifest = "site/Cargo.toml";
    after(&folder, &server, manifest, "\"0.1.0\"", "\"0.1.0", 500, "Cargo.toml:3");
    after(&folder, &server, manifest, "\"0.1.0\n", "\"0.2.0\"\n", 200, "<strong>3</strong>");

    // A line of .env that somebody is still writing ended the command.
    std::fs::write(folder.join("site/.env"), "#\n").unwrap();
    after(&folder, &server, "site/.env", "#", "HALF", 500, ".env:1: is no NAME=value");
    after(&folder, &server, "site/.env", "HALF", "WHOLE=1", 200, "<strong>3</strong>");

    // An answer that takes longer than the new site is waited for.
    let slow = "pub async fn slow(_: HttpRequest) -> HttpResponse {
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        HttpResponse::new(\"at last\")
    }";
    let views = format!("{}{slow}\n", folder.read("site/src/views.rs"));
    std::fs::write(folder.join("site/src/views.rs"), views).unwrap();
    let routes = "urlconf([\n        path(\"slow/\", views::slow),";
    folder.replace("site/src/urls.rs", "urlconf([", routes);
    while server.get("/slow/").status != 200 {}
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| server.get("/slow/"));
        std::thread::sleep(Duration::from_millis(200));
        after(&folder, &server, library, "    3\n", "    4\n", 200, "<strong>4</strong>");
        let answer = answer.join().unwrap();
        assert!(answer.status == 200 && answer.text.contains("at last"), "{}", answer.text);
    });

    // A folder that goes and comes again was not watched any more.
    let (sources, away) = (folder.join("site/src"), folder.join("site/away"));
    std::fs::rename(&sources, &away).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::rename(&away, &sources).unwrap();
    let step = "saturating_add(beside::step())";
    after(&folder, &server, "site/src/views.rs", step, "saturating_add(7)", 200, "<strong>7</strong>");
    assert_eq!(server.signal(Signal::TERM).code(), Some(0), "{}", server.said());
}
