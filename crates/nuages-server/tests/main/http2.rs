//! HTTP/2 with prior knowledge, as the h2 client speaks it, and its slow peers.

use std::time::{Duration, Instant};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use nuages_server::{Ended, Limits, Server, Timeouts};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::bodies::wait_for;
use crate::client::{connect, get};
use crate::frames::{END_HEADERS, END_STREAM, HEADERS, SETTINGS, block, frame, frames, raw};
use crate::site::Site;

const LONG: Duration = Duration::from_secs(5);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A client whose connection is driven in the background.
async fn client(site: &Site) -> SendRequest<Bytes> {
    let (client, connection) = h2::client::handshake(connect(site).await).await.unwrap();
    tokio::spawn(connection);
    client.ready().await.unwrap()
}

fn request(path: &str) -> Request<()> {
    Request::builder().uri(format!("http://a{path}")).body(()).unwrap()
}

async fn text(response: Response<h2::RecvStream>) -> Result<String, h2::Error> {
    let mut body = response.into_body();
    let mut text = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        text.extend_from_slice(&data);
    }
    Ok(String::from_utf8(text).unwrap())
}

async fn fetch(client: &mut SendRequest<Bytes>, request: Request<()>) -> Result<(u16, String), h2::Error> {
    let (response, _) = client.send_request(request, true)?;
    let response = response.await?;
    Ok((response.status().as_u16(), text(response).await?))
}

#[tokio::test]
async fn requests_are_answered_side_by_side() {
    let site = Site::patient();
    let mut client = client(&site).await;
    assert_eq!(fetch(&mut client, request("/")).await.unwrap(), (200, "served".into()));
    let (_, headers) = fetch(&mut client, request("/headers?q")).await.unwrap();
    assert_eq!(headers, "target=/headers?q\nhost=a\n");

    let (response, mut body) = client.send_request(request("/echo"), false).unwrap();
    let sent = Bytes::from(vec![b'x'; 300_000]);
    body.send_data(sent.clone(), true).unwrap();
    assert_eq!(text(response.await.unwrap()).await.unwrap().len(), sent.len());

    let start = Instant::now();
    let slept: Vec<_> =
        (0..50).map(|_| client.send_request(request("/sleep?200"), true).unwrap().0).collect();
    for response in slept {
        assert_eq!(text(response.await.unwrap()).await.unwrap(), "slept");
    }
    assert!(start.elapsed() < ms(3000), "{:?}", start.elapsed());
    assert_eq!(
        text(client.send_request(request("/large?3000000"), true).unwrap().0.await.unwrap())
            .await
            .unwrap()
            .len(),
        3_000_000
    );
}

#[tokio::test]
async fn large_heads_are_refused() {
    let site = Site::patient();
    let mut client = client(&site).await;
    let long = format!("/{}", "a".repeat(33 * 1024));
    assert_eq!(fetch(&mut client, request(&long)).await.unwrap().0, 414);
    let mut many = request("/");
    for i in 0..101 {
        many.headers_mut()
            .insert(http::HeaderName::try_from(format!("x-{i}")).unwrap(), "b".parse().unwrap());
    }
    assert_eq!(fetch(&mut client, many).await.unwrap().0, 431);
    let mut large = request("/");
    large.headers_mut().insert("x-a", "b".repeat(70 * 1024).parse().unwrap());
    match fetch(&mut client, large).await {
        Ok((status, _)) => assert_eq!(status, 431),
        Err(error) => assert!(error.is_reset() || error.is_go_away(), "{error}"),
    }
    assert_eq!(site.seen.started(), 0);
    assert_eq!(get(&site, "/").await.status(), Some(200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resets_after_the_start_do_not_pile_up_work() {
    // Slowly enough that each request has started: no limit of h2 sees these.
    let site = Site::limited(Limits { http2_streams: 10, ..Limits::default() });
    let mut client = client(&site).await;
    let mut refused = 0;
    for _ in 0..60 {
        let Ok((response, mut body)) = client.send_request(request("/sleep?1000"), false) else { break };
        let mut response = Box::pin(response);
        if let Ok(Ok(response)) = timeout(ms(10), &mut response).await {
            assert_eq!(response.status(), 503);
            refused += 1;
        }
        body.send_reset(h2::Reason::CANCEL);
    }
    assert!(site.seen.started() <= 20, "{} started", site.seen.started());
    assert!(refused > 10, "{refused} refused");
    wait_for(|| site.seen.finished() == site.seen.started()).await;
}

#[tokio::test]
async fn slow_peers_are_cut() {
    let site = Site::hasty();
    // Silent after the preface, or in the middle of a header block.
    let half = frame(HEADERS, END_STREAM, 1, &block(&[(":method", "GET")]));
    for (name, bytes) in [("silent", &[][..]), ("half a header", &half)] {
        let start = Instant::now();
        let mut stream = raw(&site).await;
        stream.write_all(bytes).await.unwrap();
        let (_, closed) = frames(&mut stream, LONG).await;
        assert!(closed && start.elapsed() < ms(2500), "{name}: {:?}", start.elapsed());
    }
    // A body that stalls; the other streams go on.
    let mut client = client(&site).await;
    let start = Instant::now();
    let (stalled, mut body) = client.send_request(request("/echo"), false).unwrap();
    body.send_data(Bytes::from_static(b"hello"), false).unwrap();
    assert_eq!(fetch(&mut client, request("/")).await.unwrap().0, 200);
    let response = stalled.await.unwrap();
    assert_eq!((response.status().as_u16(), text(response).await.unwrap()), (408, "TimedOut".into()));
    assert!(start.elapsed() > ms(290) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
    assert_eq!(fetch(&mut client, request("/")).await.unwrap().0, 200);
    // And one that trickles.
    let start = Instant::now();
    let (trickling, mut body) = client.send_request(request("/echo"), false).unwrap();
    let writer = tokio::spawn(async move {
        while body.send_data(Bytes::from_static(b"a"), false).is_ok() {
            tokio::time::sleep(ms(20)).await;
        }
    });
    assert_eq!(trickling.await.unwrap().status(), 408);
    assert!(start.elapsed() > ms(490) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
    writer.abort();
}

#[tokio::test]
async fn peers_that_take_nothing_are_cut() {
    // By HTTP/2's own window, which stays closed.
    let window = async |path| {
        let site = Site::hasty();
        let mut client = client(&site).await;
        let response = client.send_request(request(path), true).unwrap().0.await.unwrap();
        tokio::time::sleep(ms(2000)).await;
        let ended = timeout(ms(800), site.end()).await.expect("the peer still holds the server");
        assert_eq!(ended, Ended::Clean, "{path}");
        drop(response);
    };
    // By a socket that nobody reads.
    let socket = async {
        let site = Site::hasty();
        let mut stream = raw(&site).await;
        let window = frame(8, 0, 0, &0x7fff_0000_u32.to_be_bytes());
        let fields =
            block(&[(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/endless")]);
        let settings = frame(SETTINGS, 0, 0, &[0, 4, 0x7f, 0xff, 0, 0]);
        let bytes = [settings, window, frame(HEADERS, END_STREAM | END_HEADERS, 1, &fields)].concat();
        stream.write_all(&bytes).await.unwrap();
        wait_for(|| site.seen.finished() == 1).await;
        tokio::time::sleep(ms(1200)).await;
        assert_eq!(timeout(ms(800), site.end()).await.expect("still held"), Ended::Clean);
    };
    tokio::join!(window("/endless"), window("/large?5000000"), socket);
}

#[tokio::test]
async fn idle_connections_are_told_to_go() {
    let site = Site::hasty();
    let (client, connection) = h2::client::handshake(connect(&site).await).await.unwrap();
    let driver = tokio::spawn(connection);
    let mut client = client.ready().await.unwrap();
    assert_eq!(fetch(&mut client, request("/")).await.unwrap().0, 200);
    let start = Instant::now();
    // A GOAWAY without an error, then the end.
    timeout(LONG, driver).await.expect("not closed").unwrap().unwrap();
    assert!(start.elapsed() > ms(400) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_answer_may_take_its_time() {
    let site = Site::hasty();
    let mut client = client(&site).await;
    assert_eq!(fetch(&mut client, request("/sleep?1500")).await.unwrap(), (200, "slept".into()));
    let (_, text) = fetch(&mut client, request("/slowly?15")).await.unwrap();
    assert_eq!(text.matches("piece").count(), 15);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_request_runs_to_its_end() {
    let site = Site::patient();
    for round in 0..100 {
        let mut client = client(&site).await;
        let (response, mut body) = client.send_request(request("/sleep?20"), false).unwrap();
        wait_for(|| site.seen.started() == round + 1).await;
        if round % 2 == 0 {
            body.send_reset(h2::Reason::CANCEL);
        }
        drop((response, body, client));
    }
    wait_for(|| site.seen.finished() == 100).await;
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test]
async fn the_drain_lets_streams_end() {
    let mut site = Site::start(Server::new().timeouts(Timeouts { drain: LONG, ..Timeouts::default() }));
    let mut busy = client(&site).await;
    let idle = client(&site).await;
    let response = busy.send_request(request("/sleep?400"), true).unwrap().0;
    let download = busy.send_request(request("/large?2000000"), true).unwrap().0;
    wait_for(|| site.seen.started() == 2).await;
    let start = Instant::now();
    site.stop();
    // The download first: the window of the connection is its until it is read.
    assert_eq!(text(download.await.unwrap()).await.unwrap().len(), 2_000_000);
    assert_eq!(text(response.await.unwrap()).await.unwrap(), "slept");
    assert_eq!(site.end().await, Ended::Clean);
    assert!(start.elapsed() < ms(3000), "{:?}", start.elapsed());
    drop(idle);
}
