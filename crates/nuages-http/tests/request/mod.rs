//! Requests: shared fields, hosts, bodies.

use std::sync::Arc;

use nuages_http::{Body, ErrorKind, HttpRequest, Peer, ProxyHeader, Settings, Site};

fn site(change: impl FnOnce(&mut Settings)) -> Arc<Site> {
    let mut settings =
        Settings { ALLOWED_HOSTS: vec!["testserver".into(), ".example.com".into()], ..Settings::default() };
    change(&mut settings);
    Site::new(settings).unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

#[test]
fn a_clone_keeps_its_fields_and_shares_the_rest() {
    let mut request = HttpRequest::test("POST", "/a").form("x=1").build();
    let outer = request.clone();
    request.path = "/b".into();
    assert_eq!((&*outer.path, &*request.path), ("/a", "/b"));
    block_on(async {
        assert_eq!(request.POST().await.unwrap().get("x"), Some("1"));
        assert_eq!(&outer.body().await.unwrap()[..], b"x=1");
    });
    request.extensions().get_or_insert_with(|| 7_u32);
    assert_eq!(outer.extensions().get::<u32>(), Some(&7));
    let third = request.clone();
    request.path = "/c".into();
    assert_eq!((&*third.path, third.extensions().get::<u32>()), ("/b", Some(&7)));
    assert_eq!(std::mem::size_of::<HttpRequest>(), 8);
}

#[test]
fn nothing_secret_prints() {
    let request = HttpRequest::test("GET", "/?token=hush").header("Cookie", "sessionid=hush").build();
    assert_eq!(format!("{request:?}"), "<HttpRequest: GET \"/\">");
    assert!(!format!("{:?} {:?}", request.headers, request.COOKIES).contains("hush"));
}

#[test]
fn underscored_headers_stay_out_of_reach() {
    let request = HttpRequest::test("GET", "/").header("X_Remote_User", "admin").build();
    for name in ["X_Remote_User", "X-Remote-User", "x-remote-user"] {
        assert_eq!(request.headers.get(name), None, "{name}");
        assert!(!request.headers.contains(name), "{name}");
    }
    assert_eq!(request.META.get("HTTP_X_REMOTE_USER"), None);
    assert_eq!(request.headers.iter().count(), 0);
    let request =
        HttpRequest::test("GET", "/").header("X-Remote-User", "ada").header("X-Remote-User", "bob").build();
    assert_eq!(request.headers.get("x_remote_user").as_deref(), Some("ada,bob"));
    assert_eq!(request.META.get("HTTP_X_REMOTE_USER").as_deref(), Some("ada,bob"));
}

#[test]
fn forwarded_headers_count_from_trusted_proxies_only() {
    let site = site(|settings| {
        settings.USE_X_FORWARDED_HOST = true;
        settings.USE_X_FORWARDED_PORT = true;
        settings.SECURE_PROXY_SSL_HEADER =
            Some(ProxyHeader { name: "X-Forwarded-Proto".into(), value: "https".into() });
    });
    let stranger = "10.0.0.9:5".parse().unwrap();
    for (peer, host, port, scheme) in [
        (None, "www.example.com", "8443", "https"),
        (
            Some(Peer::Tcp { remote: stranger, local: "127.0.0.1:80".parse().unwrap() }),
            "testserver",
            "80",
            "http",
        ),
        (Some(Peer::Unix), "www.example.com", "8443", "https"),
        (Some(Peer::Unknown), "testserver", "", "http"),
    ] {
        let mut request = HttpRequest::test("GET", "/").site(&site);
        for (name, value) in [
            ("Host", "testserver"),
            ("X-Forwarded-Host", "www.example.com"),
            ("X-Forwarded-Port", "8443"),
            ("X-Forwarded-Proto", "https, http"),
        ] {
            request = request.header(name, value);
        }
        if let Some(peer) = peer {
            request = request.peer(peer);
        }
        let request = request.build();
        assert_eq!(
            (&*request.get_host().unwrap(), &*request.get_port(), request.scheme),
            (host, port, scheme),
            "{peer:?}"
        );
    }
}

#[test]
fn hosts() {
    for (host, allowed) in [
        ("testserver", true),
        ("TESTSERVER:8000", true),
        ("a.example.com", true),
        ("example.com.", true),
        ("evil.com", false),
        ("testserver@evil.com", false),
        ("test server", false),
        ("[::1", false),
        ("", false),
    ] {
        let request = HttpRequest::test("GET", "/").site(&site(|_| ())).header("Host", host).build();
        let found = request.get_host();
        assert_eq!(found.is_ok(), allowed, "{host}");
        if let Err(error) = found {
            assert_eq!(error.kind(), ErrorKind::DisallowedHost);
        }
    }
    let debug = site(|settings| {
        settings.ALLOWED_HOSTS.clear();
        settings.DEBUG = true;
    });
    for (host, allowed) in
        [("localhost:8000", true), ("x.localhost", true), ("127.0.0.1", true), ("example.com", false)]
    {
        let request = HttpRequest::test("GET", "/").site(&debug).header("Host", host).build();
        assert_eq!(request.get_host().is_ok(), allowed, "{host}");
    }
}

#[test]
fn a_body_is_read_once_and_within_its_limit() {
    let small = site(|settings| settings.DATA_UPLOAD_MAX_MEMORY_SIZE = Some(4));
    for (body, fits) in [("1234", true), ("12345", false)] {
        let request = HttpRequest::test("POST", "/").site(&small).body(body).build();
        let read = block_on(request.body()).map(|bytes| bytes.len());
        assert_eq!(read.ok(), fits.then_some(4));
        if !fits {
            let error = block_on(request.body()).unwrap_err();
            assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::TooLarge, 400));
        }
    }
    let request = HttpRequest::test("POST", "/").body("x").build();
    assert!(request.take_body().is_ok());
    assert_eq!(block_on(request.body()).unwrap_err().kind(), ErrorKind::BodyTaken);
}

#[test]
fn a_chunked_body_is_limited_while_it_is_read() {
    let limited = site(|settings| settings.DATA_UPLOAD_MAX_MEMORY_SIZE = Some(10));
    let endless = Body::from_chunks(std::iter::repeat_with(|| Ok::<_, std::io::Error>("abc".into())));
    let request = http::Request::post("/").body(endless).unwrap();
    let request = HttpRequest::from_http(request, Peer::Unknown, "http", limited.clone());
    assert_eq!(block_on(request.body()).unwrap_err().kind(), ErrorKind::TooLarge);

    let cut = Body::from_chunks([Ok("abc".into()), Err(std::io::Error::other("gone"))]);
    let request = http::Request::post("/").body(cut).unwrap();
    let request = HttpRequest::from_http(request, Peer::Unknown, "http", limited);
    assert_eq!(block_on(request.body()).unwrap_err().kind(), ErrorKind::UnreadableBody);
}

#[test]
fn too_many_fields() {
    let few = site(|settings| settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = Some(2));
    let request = HttpRequest::test("POST", "/?a=1&b=2&c=3").site(&few).form("a=1&b=2&c=3").build();
    assert_eq!(request.GET.check().unwrap_err().kind(), ErrorKind::TooManyFields);
    assert!(!request.query_failed(), "it was asked for");
    assert_eq!(request.GET.get("a"), None);
    assert!(request.query_failed());
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::TooManyFields);
    assert_eq!(request.query::<Vec<(String, u8)>>().unwrap_err().kind(), ErrorKind::TooManyFields);
    assert_eq!(block_on(request.form::<Vec<(String, u8)>>()).unwrap_err().kind(), ErrorKind::TooManyFields);
}

#[test]
fn encodings() {
    let mut request = HttpRequest::test("GET", "/?q=%E9").build();
    assert_eq!(request.GET.get("q"), Some("\u{fffd}"));
    request.set_encoding("iso-8859-1").unwrap();
    assert_eq!(request.GET.get("q"), Some("\u{e9}"));
    assert!(request.set_encoding("nonsense").is_err());
    assert!(
        HttpRequest::test("GET", "/").build().set_encoding("nonsense").is_ok(),
        "there is nothing to decode"
    );
}

#[test]
fn typed_bodies_name_the_field() {
    #[derive(Debug, serde::Deserialize)]
    struct Order {
        #[expect(dead_code, reason = "read by serde")]
        pieces: u32,
    }
    let request = HttpRequest::test("POST", "/").form("pieces=many").build();
    let error = block_on(request.form::<Order>()).unwrap_err();
    assert_eq!(error.to_string(), "pieces: invalid digit found in string");
    let request = HttpRequest::test("POST", "/").form("x=1").build();
    assert!(block_on(request.form::<Order>()).unwrap_err().to_string().contains("`pieces`"));
    let request = HttpRequest::test("POST", "/").body("{}").build();
    assert_eq!(block_on(request.json::<Order>()).unwrap_err().status(), 415);
    let deep = "[".repeat(200_000);
    let request = HttpRequest::test("POST", "/").json(&deep).build();
    assert_eq!(block_on(request.json::<serde_json::Value>()).unwrap_err().status(), 400);
}

#[test]
fn locations() {
    let request = HttpRequest::test("GET", "//evil.com/a/b?q=1")
        .site(&site(|_| ()))
        .header("Host", "testserver")
        .build();
    for (location, expected) in [
        ("/x", "http://testserver/x"),
        ("//other/x", "http://other/x"),
        ("https://other/x", "https://other/x"),
        ("?z=1", "http://testserver//evil.com/a/b?z=1"),
        // As Python joins: empty segments of the base are dropped.
        ("c/../d", "http://testserver/evil.com/a/d"),
        ("/caf\u{e9}", "http://testserver/caf%C3%A9"),
    ] {
        assert_eq!(request.build_absolute_uri(location).unwrap(), expected, "{location}");
    }
    assert_eq!(request.absolute_uri().unwrap(), "http://testserver//evil.com/a/b?q=1");
}

#[test]
fn the_query_string_is_latin_1_text() {
    // As Django has it under WSGI; only GET is decoded as UTF-8.
    let request = HttpRequest::test("GET", "/x?q=\u{e9}").header("Host", "testserver").build();
    assert_eq!(request.META.get("QUERY_STRING").as_deref(), Some("q=\u{c3}\u{a9}"));
    assert_eq!(request.get_full_path(), "/x?q=%C3%83%C2%A9");
    assert_eq!(request.GET.get("q"), Some("\u{e9}"));
}

/// Django reads `get` as GET; here it is another method, as RFC 9110 section 9.1 has it.
#[test]
fn methods_stay_as_they_were_sent() {
    for method in ["get", "GET", "Post"] {
        assert_eq!(HttpRequest::test(method, "/").build().method, method);
    }
}
