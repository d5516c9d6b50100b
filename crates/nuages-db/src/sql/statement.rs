//! One statement in the words of one kind of database.

use std::sync::Arc;

/// Which kind of SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
    #[cfg(feature = "mysql")]
    MySql,
}

impl Dialect {
    /// A name between this dialect's quotes; the name has none in it.
    pub(crate) fn quoted(self, name: &str) -> String {
        match self {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => format!("\"{name}\""),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => format!("\"{name}\""),
            #[cfg(feature = "mysql")]
            Dialect::MySql => format!("`{name}`"),
        }
    }

    pub(crate) fn is_mysql(self) -> bool {
        match self {
            #[cfg(feature = "mysql")]
            Dialect::MySql => true,
            #[cfg(any(feature = "sqlite", feature = "postgres"))]
            _ => false,
        }
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn is_postgres(self) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => true,
            #[cfg(any(feature = "sqlite", feature = "mysql"))]
            _ => false,
        }
    }

    /// The condition that a column of text is parameter `number`, byte for byte.
    ///
    /// MySQL's collations take upper for lower case and forgive blanks at the end. The first half finds the row by
    /// the index, the second compares in one character set, whatever the table's is.
    pub(crate) fn same_text(self, column: &str, number: usize) -> String {
        let equal = format!("{column} = ?{number}");
        if self.is_mysql() {
            return format!("{equal} AND {}", self.same_bytes(column, number));
        }
        equal
    }

    /// As [`same_text`](Dialect::same_text), for a column without an index.
    pub(crate) fn same_bytes(self, column: &str, number: usize) -> String {
        if self.is_mysql() {
            return format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY) = CAST(?{number} AS BINARY)");
        }
        format!("{column} = ?{number}")
    }
}

/// A statement whose parameters are numbered from 1 and may be used several times.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    text: Arc<str>,
    /// MySQL has no numbers: the parameter of each question mark, counted from 0.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    order: Option<Arc<[usize]>>,
}

impl Statement {
    /// `template` marks its parameters `?1`, `?2`, …, and has a question mark nowhere else.
    pub(crate) fn new(dialect: Dialect, template: &str) -> Statement {
        match dialect {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => Statement {
                text: template.into(),
                #[cfg(any(feature = "postgres", feature = "mysql"))]
                order: None,
            },
            #[cfg(feature = "postgres")]
            Dialect::Postgres => Statement { text: template.replace('?', "$").into(), order: None },
            #[cfg(feature = "mysql")]
            Dialect::MySql => {
                let (mut text, mut order) = (String::with_capacity(template.len()), Vec::new());
                let mut parts = template.split('?');
                text.push_str(parts.next().unwrap_or_default());
                for part in parts {
                    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
                    let number = part.get(..part.len() - rest.len()).and_then(|digits| digits.parse().ok());
                    order.push(number.unwrap_or(1_usize).saturating_sub(1));
                    text.push('?');
                    text.push_str(rest);
                }
                Statement { text: text.into(), order: Some(order.into()) }
            }
        }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The values in the order in which this dialect wants them.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn arrange<'a, T>(&'a self, values: &'a [T]) -> impl Iterator<Item = &'a T> {
        let count = self.order.as_ref().map_or(values.len(), |order| order.len());
        (0..count).filter_map(move |place| {
            let index = self.order.as_ref().map_or(Some(place), |order| order.get(place).copied());
            index.and_then(|index| values.get(index))
        })
    }
}

#[cfg(all(test, feature = "mysql", feature = "postgres"))]
mod tests {
    use super::*;

    #[test]
    fn parameters_by_dialect() {
        let template = "UPDATE t SET a = ?2, b = ?10 WHERE k = ?1 AND BINARY k = ?1";
        let postgres = Statement::new(Dialect::Postgres, template);
        assert_eq!(&*postgres.text, "UPDATE t SET a = $2, b = $10 WHERE k = $1 AND BINARY k = $1");
        let values: Vec<u32> = (1..=10).collect();
        assert_eq!(postgres.arrange(&values).copied().collect::<Vec<_>>(), values);
        let mysql = Statement::new(Dialect::MySql, template);
        assert_eq!(&*mysql.text, "UPDATE t SET a = ?, b = ? WHERE k = ? AND BINARY k = ?");
        assert_eq!(mysql.arrange(&values).copied().collect::<Vec<_>>(), [2, 10, 1, 1]);
    }
}
