use std::fmt;
use std::sync::Arc;

use crate::error::{DbError, DbErrorKind};
use crate::sql::{Dialect, django_migrations, django_session};

/// A migration that [`Database::migrate`](crate::Database::migrate) has just entered in `django_migrations`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use nuages_db::{Database, How};
///
/// let db = Database::connect("sqlite:///:memory:")?;
/// let applied = db.migrate().await?;
/// assert_eq!(applied[0].to_string(), "sessions.0001_initial");
/// assert_eq!(applied[0].how, How::Created);
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

/// What there is to do.
pub(crate) struct Plan {
    make_record: bool,
    make_table: bool,
    record: bool,
}

impl Plan {
    /// Judges what is there: whether `django_migrations` is, whether it has our row, and the columns of
    /// `django_session`, none if there is no such table.
    pub(crate) fn new(has_record: bool, recorded: bool, columns: &[String]) -> Result<Plan, DbError> {
        let make_table = columns.is_empty();
        if !make_table {
            check_columns(django_session::TABLE, django_session::COLUMNS, columns)?;
        }
        Ok(Plan { make_record: !has_record, make_table, record: !recorded })
    }

    pub(crate) fn applied(&self) -> Vec<Applied> {
        match (self.make_table, self.record) {
            (true, _) => vec![Applied::sessions(How::Created)],
            (false, true) => vec![Applied::sessions(How::Adopted)],
            (false, false) => Vec::new(),
        }
    }

    /// What makes the tables that are missing, in order.
    pub(crate) fn statements(&self, dialect: Dialect) -> impl Iterator<Item = &'static str> {
        let record = self.make_record.then(|| django_migrations::create(dialect));
        let table = if self.make_table { django_session::create(dialect) } else { &[] };
        record.into_iter().chain(table.iter().copied())
    }

    /// What is to be entered in `django_migrations`.
    pub(crate) fn record(&self) -> Option<Applied> {
        self.record.then(|| Applied::sessions(How::Created))
    }
}

/// A table that is made when somebody asks for it.
pub(crate) struct NewTable {
    pub(crate) name: Arc<str>,
    /// The columns that a table of this name must have to be taken as it is.
    pub(crate) columns: &'static [&'static str],
    pub(crate) statements: Vec<String>,
}

/// Refuses a table of that name which is not Django's.
pub(crate) fn check_columns(table: &str, needed: &[&str], found: &[String]) -> Result<(), DbError> {
    match needed.iter().find(|needed| !found.iter().any(|column| column == *needed)) {
        None => Ok(()),
        Some(missing) => Err(DbError::new(
            DbErrorKind::Other,
            format!("there is a table {table} without a column {missing}; rename it, then try again"),
        )),
    }
}
