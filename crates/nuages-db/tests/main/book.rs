//! The snippets of the book's page on databases.

use crate::File;

#[tokio::test]
async fn a_program_of_your_own() -> Result<(), Box<dyn std::error::Error>> {
    let file = File::new();
    let url = file.url();
    // ANCHOR: connect
    use chrono::{TimeDelta, Utc};
    use nuages_db::Database;

    let database = Database::connect(&url)?;
    for migration in database.migrate().await? {
        println!("{migration}");
    }
    let sessions = database.sessions();
    sessions.insert("a-session-key", "its data", Utc::now() + TimeDelta::weeks(2)).await?;
    let expired = sessions.clear_expired(Utc::now()).await?;
    // ANCHOR_END: connect
    assert_eq!(expired, 0);

    // ANCHOR: errors
    use nuages_db::DbErrorKind;

    match sessions.load("a-session-key", Utc::now()).await {
        Ok(Some(row)) => println!("ends at {}", row.expire_date),
        Ok(None) => println!("no such session"),
        Err(error) if error.is_outage() => println!("try again in a moment: {error}"),
        Err(error) if error.kind() == DbErrorKind::MissingTable => println!("run migrate"),
        Err(error) => return Err(error.into()),
    }
    // ANCHOR_END: errors
    Ok(())
}
