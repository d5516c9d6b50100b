//! Does every middleware find what it needs further out?

use crate::setup::SetupError;

/// A layer of a chain, for `showmiddleware` and for the check of the order.
///
/// ```
/// use nuages_middleware::{Chain, CommonMiddleware, Push, SecurityMiddleware};
///
/// let chain = Chain::new().push(SecurityMiddleware::new()).push(CommonMiddleware::new());
/// let names: Vec<&str> = chain.describe().iter().map(|layer| layer.name).collect();
/// assert_eq!(names, ["SecurityMiddleware", "CommonMiddleware"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The middleware's name.
    pub name: &'static str,
    /// What it offers.
    pub provides: Vec<&'static str>,
    /// What it needs.
    pub requires: Vec<&'static str>,
}

/// Every requirement that no layer further out provides.
pub(crate) fn check(layers: &[Description]) -> Vec<SetupError> {
    let mut errors = Vec::new();
    for (position, layer) in layers.iter().enumerate() {
        for need in &layer.requires {
            let provider = layers.iter().position(|other| other.provides.contains(need));
            let message = match provider {
                Some(provider) if provider < position => continue,
                Some(provider) => {
                    let provider = layers.get(provider).map_or("", |layer| layer.name);
                    format!(
                        "{} needs {need:?}, which {provider} provides further in: move .middleware({provider}) before it",
                        layer.name
                    )
                }
                None => format!(
                    "{} needs {need:?}, which no middleware provides: add the one that does before it",
                    layer.name
                ),
            };
            errors.push(SetupError::new(message));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &'static str, provides: &[&'static str], requires: &[&'static str]) -> Description {
        Description { name, provides: provides.to_vec(), requires: requires.to_vec() }
    }

    #[test]
    fn order() {
        let sessions = layer("SessionMiddleware", &["sessions"], &[]);
        let login = layer("LoginMiddleware", &[], &["sessions"]);
        assert_eq!(check(&[sessions.clone(), login.clone()]), []);
        let errors = check(&[login.clone(), sessions]);
        assert_eq!(
            errors[0].to_string(),
            "LoginMiddleware needs \"sessions\", which SessionMiddleware provides further in: move .middleware(SessionMiddleware) before it"
        );
        assert!(check(&[login])[0].to_string().contains("no middleware provides"));
    }
}
