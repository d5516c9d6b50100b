//! Clients that leave before their answer (case 318): what was begun is done, once.

use std::time::{Duration, Instant};

use nuages::prelude::*;
use nuages::server::Ended;
use nuages_db::Database;
use nuages_sessions::{DbStore, SessionCodec, SessionConfig, SessionEngine};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{Kept, LONG, read, visit};
use crate::running::{Running, settings};
use crate::watched::{Diary, Phase, Watched};

const CLIENTS: usize = 20;
const VISITS: usize = 50;

async fn slow_site() -> (Running, Diary) {
    let folder = TempDir::new().unwrap();
    let settings = settings("db", folder.path());
    let database = Database::connect(settings.DATABASE_URL.as_str()).unwrap();
    database.migrate().await.unwrap();
    let codec = SessionCodec::new(settings.secret_keys());
    let diary = Diary::default();
    let store = Watched {
        store: DbStore::new(database.sessions(), codec.clone()),
        pause: Duration::from_millis(4),
        diary: diary.clone(),
    };
    let engine = SessionEngine::with_codec(store, SessionConfig::from(&settings), codec);
    (Running::serve(folder, settings, SessionMiddleware::with_engine(engine)).await, diary)
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < LONG, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
}

/// How a client leaves.
#[derive(Clone, Copy, Debug)]
enum Way {
    Fin,
    Reset,
    HalfClose,
}

#[tokio::test(flavor = "multi_thread")]
async fn case_318_a_thousand_clients_leave_and_every_save_is_done_once() {
    let (site, diary) = slow_site().await;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (address, diary) = (site.address, diary.clone());
        clients.spawn(async move {
            let cookie = visit(address, "/session/count/n/", "").await.cookie().unwrap();
            let key = cookie.split_once('=').unwrap().1.to_owned();
            let mut on_time = 0;
            for round in 0..VISITS {
                // Every way in every phase; a client that closes one side only waits for its answer.
                let way = [Way::Fin, Way::Reset, Way::HalfClose][round % 3];
                let phase = [Phase::Loading, Phase::View, Phase::Saving][(client + round / 3) % 3];
                let (loads, saves) = (diary.loads(&key), diary.saves(&key));
                let what = format!("{way:?} while {phase:?}");
                let mut stream = TcpStream::connect(address).await.unwrap();
                let target = if phase == Phase::View { "slow/8/n" } else { "count/n" };
                let request =
                    format!("GET /session/{target}/ HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
                stream.write_all(request.as_bytes()).await.unwrap();
                // On a busy machine the client may miss its moment; a later one does as well.
                until(&what, || match phase {
                    Phase::Loading => diary.phase(&key) == phase || diary.loads(&key) > loads,
                    Phase::View => diary.loads(&key) > loads,
                    _ => diary.phase(&key) == phase || diary.saves(&key) > saves,
                })
                .await;
                on_time += usize::from(diary.phase(&key) == phase);
                match way {
                    Way::Fin => drop(stream),
                    Way::Reset => {
                        stream.set_zero_linger().unwrap();
                        drop(stream);
                    }
                    Way::HalfClose => {
                        stream.shutdown().await.unwrap();
                        let reply = read(&mut stream, LONG).await;
                        assert!(reply.closed && reply.status() == 200, "{what}: {reply:?}");
                    }
                }
                until(&what, || diary.saves(&key) == saves + 1).await;
            }
            (cookie, key, on_time)
        });
    }
    let sessions = clients.join_all().await;
    until("all requests have ended", || site.record.started() == site.record.finished()).await;
    assert_eq!(site.record.started(), CLIENTS * (VISITS + 1));
    let on_time: usize = sessions.iter().map(|(_, _, on_time)| on_time).sum();
    println!("{on_time} of {} left in the midst of what they wanted to", CLIENTS * VISITS);
    for (cookie, key, _) in &sessions {
        assert_eq!(diary.saves(key), VISITS + 1, "each visit was saved once");
        let n = visit(site.address, "/session/items/", cookie).await;
        assert_eq!(n.body(), format!("{{\"n\":{}}}", VISITS + 1));
    }
    // Nothing is held: as many as before are served at once.
    let mut again = JoinSet::new();
    for (cookie, _, _) in sessions {
        let address = site.address;
        again.spawn(async move {
            let mut client = Kept::open(address, &cookie).await.unwrap();
            assert_eq!(client.get("/session/count/n/").await.unwrap().0, 200);
        });
    }
    again.join_all().await;
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_318_clients_that_leave_in_their_answer() {
    let site = Running::new("db").await;
    let cookie = visit(site.address, "/session/count/n/", "").await.cookie().unwrap();
    for round in 0..100 {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let request = format!("GET /session/count/n/ HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
        // Two at once: the client is gone when the second one runs.
        stream.write_all(request.repeat(2).as_bytes()).await.unwrap();
        let mut first = [0; 20];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first).await.unwrap();
        if round % 2 == 0 {
            stream.set_zero_linger().unwrap();
        }
    }
    // A second request may begin when its client has long gone: in the end, each was saved as often as it was asked.
    let begun = Instant::now();
    loop {
        let asked = site.record.times("/session/count/n/");
        let items = visit(site.address, "/session/items/", &cookie).await;
        if items.body() == format!("{{\"n\":{asked}}}") && asked > 100 {
            break;
        }
        assert!(begun.elapsed() < LONG, "{asked} were asked, saved is {}", items.body());
    }
    assert_eq!(site.end().await, Ended::Clean);
}
