use std::fmt;

/// A migration that [`Database::migrate`](crate::Database::migrate) has just entered in `django_migrations`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let db = nuages_db::Database::connect("sqlite:///:memory:")?;
/// let applied = db.migrate().await?;
/// assert_eq!(applied[0].to_string(), "sessions.0001_initial");
/// assert!(db.migrate().await?.is_empty()); // nothing left to do
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The label of Django's application, such as `sessions`.
    pub app: &'static str,
    /// The migration's name, such as `0001_initial`.
    pub name: &'static str,
    /// Whether its table was made or was there.
    pub how: How,
}

/// Whether a migration made its table or found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The table was made.
    Created,
    /// The table existed with the right columns, and was entered as it is (Django's `--fake-initial`).
    Adopted,
}

impl Applied {
    pub(crate) const fn sessions(how: How) -> Applied {
        Applied { app: "sessions", name: "0001_initial", how }
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}
