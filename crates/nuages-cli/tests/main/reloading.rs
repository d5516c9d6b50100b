//! `runserver`: a view is changed, broken and mended, and no browser is refused meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::folder::Folder;
use crate::server::Server;

/// Rounds of changes whose times are told: more in the long tier.
fn rounds() -> usize {
    if std::env::var_os("LONG_TESTS").is_some() { 5 } else { 1 }
}

#[test]
fn from_the_first_page_to_a_mended_view() {
    let folder = Folder::with_project("reloading");
    let started = Instant::now();
    let mut server = Server::start(&folder);
    let first = server.get_site();
    assert!(
        first.status == 200 && first.text.contains(&format!("{} works", folder.project())),
        "{}",
        first.text
    );
    println!("first page after {:.1} s", started.elapsed().as_secs_f64());
    // Somebody asks all the time; whoever is refused or cut fails the test.
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let visitor = scope.spawn(|| {
            let mut answers = 0;
            while !over.load(Ordering::Relaxed) {
                let status = server.get("/greet/").status;
                assert!([302, 500, 503].contains(&status), "{status}");
                answers += 1;
                thread::sleep(Duration::from_millis(20));
            }
            answers
        });
        // A panic must not leave the visitor running.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| changes(&folder, &server)));
        over.store(true, Ordering::Relaxed);
        println!("{} answers to another visitor meanwhile", visitor.join().unwrap());
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    assert_eq!(server.signal(Signal::INT).code(), Some(0), "{}", server.said());
    assert!(!server.is_open(), "somebody still listens");
}

fn changes(folder: &Folder, server: &Server) {
    let view = "site/src/views.rs";
    for round in 0..rounds() {
        // A template: the site reads it anew, and is the same process.
        let (built, page) = (server.said().matches("built in").count(), format!("round {round}"));
        let text = folder.read("site/templates/index.html");
        let place = text.split("<h2>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let seconds = after(folder, server, "site/templates/index.html", &place, &page, 200, &page);
        println!("changed template shown after {seconds:.2} s");
        assert_eq!(server.said().matches("built in").count(), built, "{}", server.said());
        // A view.
        let seconds =
            after(folder, server, view, "saturating_add(1)", "saturating_add(2)", 200, "<strong>2</strong>");
        println!("changed view shown after {seconds:.1} s");
        // A mistake: rustc's own message, in colours and escaped.
        let seconds = after(
            folder,
            server,
            view,
            "saturating_add(2)",
            "saturating_add(\"<b>\")",
            500,
            "mismatched types",
        );
        println!("mistake shown after {seconds:.1} s");
        let broken = server.get("/");
        assert!(broken.text.contains("saturating_add(&quot;&lt;b&gt;&quot;)"), "{}", broken.text);
        assert!(broken.text.contains("<span class=\"b c9\">error[E0308]</span>"), "{}", broken.text);
        assert!(!server.ask("/", "text/html", "evil.example").text.contains("saturating_add"));
        let plain = server.ask("/", "*/*", "localhost");
        assert!(plain.text.contains("error[E0308]: mismatched types"), "{}", plain.text);
        // The page waits for the mended view, and is told.
        let waiting = thread::scope(|scope| {
            let waiting = scope.spawn(|| server.get("/.nuages/changed").status);
            thread::sleep(Duration::from_millis(100));
            assert!(!waiting.is_finished());
            let seconds = after(
                folder,
                server,
                view,
                "saturating_add(\"<b>\")",
                "saturating_add(1)",
                200,
                "<strong>1</strong>",
            );
            println!("mended view shown after {seconds:.1} s");
            waiting.join().unwrap()
        });
        assert_eq!(waiting, 204);
    }
    // A mistake in a template is told by the site itself, which lives on.
    let index = "site/templates/index.html";
    let seconds = after(folder, server, index, "{{ visits }}", "{{ visits|frobnicate }}", 500, "frobnicate");
    println!("mistake in a template shown after {seconds:.2} s");
    let told = server.get("/").text;
    assert!(told.contains("index.html"), "{told}");
    after(folder, server, index, "{{ visits|frobnicate }}", "{{ visits }}", 200, "<strong>1</strong>");
    // Settings are read at the start: no build, but a restart.
    let seconds = after(
        folder,
        server,
        "site/settings.toml",
        "DEBUG = true",
        "DEBUGG = true",
        500,
        "did you mean DEBUG?",
    );
    println!("mistake in the settings shown after {seconds:.1} s");
    let seconds = after(folder, server, "site/settings.toml", "DEBUGG", "DEBUG", 200, "<strong>1</strong>");
    println!("mended settings work after {seconds:.1} s");
    // A mistake in a route: the site does not start, and says where.
    after(
        folder,
        server,
        "site/src/urls.rs",
        "\"greet/\"",
        "\"greet/<int:n>/\"",
        500,
        "the route gives 1 value",
    );
    after(folder, server, "site/src/urls.rs", "\"greet/<int:n>/\"", "\"greet/\"", 200, "<strong>1</strong>");
}

/// Changes a file, and asks until the answer is as expected; the seconds that it took.
pub(crate) fn after(
    folder: &Folder,
    server: &Server,
    file: &str,
    from: &str,
    to: &str,
    status: u16,
    part: &str,
) -> f64 {
    let started = Instant::now();
    folder.replace(file, from, to);
    loop {
        // Until the change is noticed the former site answers.
        let answer = server.get("/");
        if answer.status == status && answer.text.contains(part) {
            return started.elapsed().as_secs_f64();
        }
        assert!(
            started.elapsed() < Duration::from_secs(120),
            "{file}: {from} -> {to}: {}\n{}",
            answer.text,
            server.said()
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_killed_reloader_takes_the_site_along() {
    let folder = Folder::with_project("killed");
    let mut server = Server::start(&folder);
    assert_eq!(server.get_site().status, 200);
    server.signal(Signal::KILL);
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.is_open() {
        assert!(Instant::now() < deadline, "the site holds the port");
        thread::sleep(Duration::from_millis(20));
    }
}
