//! The site with its layers on a port of its own.

use std::thread;

use nuages::server::{Address, Server};
use nuages::{Settings, test};
use tokio::runtime::Runtime;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::{layers, site};

/// Starts the site, which ends with the process of the tests; its address.
fn start() -> String {
    let settings = Settings { ALLOWED_HOSTS: vec!["127.0.0.1".to_owned()], ..test::settings() };
    let application = site::app(settings).build().unwrap();
    let bound = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap();
    let url = format!("http://{}", bound.local_addr());
    thread::spawn(move || {
        let served = bound.serve(layers::around(application), std::future::pending::<()>());
        Runtime::new().unwrap().block_on(served)
    });
    url
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().new_agent()
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

// ANCHOR: test
#[test]
fn layers_are_around_every_answer() {
    let (url, agent) = (start(), agent());
    let mut page = agent.get(&url).header("Origin", "https://other.example").call().unwrap();
    assert_eq!(header(&page, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&page, "permissions-policy"), Some("camera=()"));
    assert_eq!(header(&page, "x-content-type-options"), Some("nosniff"), "the site's own middleware");
    assert_eq!(page.body_mut().read_to_string().unwrap(), "[\"127.0.0.1\"]");

    let missing = agent.get(format!("{url}/missing/")).call().unwrap();
    assert_eq!((missing.status().as_u16(), header(&missing, "permissions-policy")), (404, Some("camera=()")));
}
// ANCHOR_END: test

#[test]
fn a_preflight_is_answered_by_its_layer() {
    let url = start();
    let preflight = ureq::http::Request::options(format!("{url}/count/"))
        .header("Origin", "https://other.example")
        .header("Access-Control-Request-Method", "POST")
        .body(())
        .unwrap();
    let answer = agent().run(preflight).unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "access-control-allow-methods"), Some("GET,POST"));
}

#[test]
fn a_long_body_is_refused_before_the_site_sees_it() {
    let (url, agent) = (start(), agent());
    for (length, status) in [(layers::LARGEST, 200), (layers::LARGEST + 1, 413)] {
        let answer = agent.post(format!("{url}/count/")).send(&vec![b'x'; length]).unwrap();
        assert_eq!(answer.status(), status);
    }
}
