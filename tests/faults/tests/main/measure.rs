//! All cells of one engine.

use std::time::Duration;

use crate::case::{Case, Sizes, serves_again};
use crate::fault::Fault;
use crate::long::times;
use crate::operation::Operation;
use crate::page::Table;
use crate::stand::Stand;
use crate::word::Word;

/// Within this time after the server's return the engine serves.
const RETURN: Duration = Duration::from_secs(1);
const SMALL: Sizes = Sizes { before: 0, written: 100 };
/// More connections than an engine keeps.
const POOL: usize = 64;

/// Measures every cell: the operations of a row at once, and in the long form each by itself, several times.
pub(crate) async fn measure(mut stand: impl Stand) -> Table {
    let mut table = Table::new(stand.title());
    for fault in Fault::ALL {
        let there = |operation: &Operation| stand.lacks(fault, *operation).is_none();
        let operations: Vec<Operation> = Operation::IN_TURNS.into_iter().filter(there).collect();
        let mut words = Vec::new();
        if fault == Fault::Slow {
            // Each by itself: one that takes too long costs the next one its connection.
            for operation in &operations {
                words.extend(row(&mut stand, fault, &[*operation]).await);
            }
        } else if !operations.is_empty() {
            words = row(&mut stand, fault, &operations).await;
        }
        if !operations.is_empty() {
            for operation in &operations {
                for _ in 0..times(0, 3) {
                    let alone = row(&mut stand, fault, &[*operation]).await;
                    let before = words.iter().find(|(of, _)| of == operation);
                    assert_eq!(
                        alone.first(),
                        before,
                        "{} {fault:?}: alone and at once differ",
                        stand.title()
                    );
                }
            }
        }
        let word = |operation: Operation| {
            let found = words.iter().find(|(of, _)| *of == operation);
            found.map_or(Word::Absent, |(_, word)| *word)
        };
        let lacks = Operation::ALL.map(|operation| stand.lacks(fault, operation));
        table.add(stand.fault(fault), Operation::ALL.map(word), lacks);
    }
    table
}

/// Measures the cells of these operations in one outage.
async fn row(stand: &mut impl Stand, fault: Fault, operations: &[Operation]) -> Vec<(Operation, Word)> {
    let name = format!("{}, {fault:?}", stand.title());
    let sizes = match fault {
        Fault::Full => Sizes { before: 20_000, written: 200_000 },
        _ => SMALL,
    };
    stand.prepare(fault).await;
    let engine = stand.engine();
    let mut cases = Vec::new();
    // Without a fault all of it works, and after that a site is in full swing.
    for operation in operations {
        let mut usual = Case::prepare(*operation, &engine, SMALL).await;
        usual.load(&engine).await;
        assert_eq!(
            usual.run(&engine).await.check(&engine, false, &name).await,
            Word::Works,
            "{name}: {operation:?}"
        );
    }
    for operation in operations {
        cases.push(Case::prepare(*operation, &engine, sizes).await);
    }
    let witnessed = Case::prepare(Operation::Load, &engine, sizes).await;
    let anew = stand.begins_anew(fault);
    if !anew {
        for case in &mut cases {
            case.load(&engine).await;
        }
    }
    drop(engine);
    let keys: Vec<String> = cases.iter().map(|case| case.key().to_owned()).collect();
    stand.begin(fault, &keys).await;
    let engine = stand.engine();
    if anew {
        for case in &mut cases {
            case.load(&engine).await;
        }
    }
    let start = |case: Case| {
        let engine = engine.clone();
        tokio::spawn(async move { case.run(&engine).await })
    };
    let mut done = Vec::new();
    // Where one operation would leave room to another, they take turns.
    if fault == Fault::Full {
        for case in cases {
            done.push(start(case).await);
        }
    } else {
        for case in cases.into_iter().map(start).collect::<Vec<_>>() {
            done.push(case.await);
        }
    }
    let done = done.into_iter().map(|case| case.unwrap_or_else(|e| panic!("{name}: {e}")));
    let done: Vec<Case> = done.collect();
    stand.end(fault).await;
    let took = serves_again(&engine, witnessed.key()).await;
    assert!(took < RETURN, "{name}: it serves again only after {took:?}");
    if let Some(open) = stand.connections() {
        assert!(open <= POOL, "{name}: {open} connections are open");
    }
    let witness = stand.witness().await;
    let mut words = Vec::new();
    for case in done {
        let forgets = stand.forgets() && fault == Fault::Restarted;
        let word = case.check(&witness, forgets, &name).await;
        words.push((case.operation, word));
    }
    words
}
