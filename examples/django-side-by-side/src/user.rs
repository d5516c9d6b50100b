//! A row of Django's table `auth_user`.

use nuages::prelude::*;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};

/// What the shop knows of a user.
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) username: String,
    /// The hash, as Django stores it.
    pub(crate) password: String,
}

// ANCHOR: user
impl User {
    /// The user of this name who may log in.
    pub(crate) async fn by_name(request: &HttpRequest, name: &str) -> Result<Option<Self>> {
        Self::find(request, "username = ?1", name.to_owned()).await
    }

    /// The user of this primary key, which a session holds as text.
    pub(crate) async fn by_id(request: &HttpRequest, id: &str) -> Result<Option<Self>> {
        Self::find(request, "id = CAST(?1 AS INTEGER)", id.to_owned()).await
    }

    async fn find(request: &HttpRequest, which: &'static str, value: String) -> Result<Option<Self>> {
        let url = request.settings().DATABASE_URL.as_str().to_owned();
        // SQLite blocks; a site on PostgreSQL would ask with a client that does not.
        let found = tokio::task::spawn_blocking(move || {
            let file = url.strip_prefix("sqlite:///").unwrap_or(&url);
            let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let select = "SELECT id, username, password FROM auth_user WHERE is_active AND";
            database.query_row(&format!("{select} {which}"), [value], Self::of).optional()
        });
        Ok(found.await??)
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, username: row.get(1)?, password: row.get(2)? })
    }
}
// ANCHOR_END: user
