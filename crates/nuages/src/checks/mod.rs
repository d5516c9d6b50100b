//! The checks behind the command `check`: what is wrong with an application, or doubtful, before it serves.
//!
//! Ids are Django's where Django has the check. A message says what is wrong, its hint what to do.

mod caches;
mod catalogue;
mod database;
mod files;
mod message;
#[cfg(feature = "auth")]
mod passwords;
mod security;
mod sessions;
#[cfg(feature = "staticfiles")]
mod static_files;

use nuages_http::Settings;
use nuages_middleware::Description;
use nuages_urls::UrlWarning;

pub use catalogue::{CHECKS, CheckInfo};
pub(crate) use message::{Level, Message};

use crate::app::StartupErrors;
use crate::application::Application;
use crate::configuration::ConfigurationError;

/// An application as the checks see it: its settings and its middleware, outermost first.
pub(crate) struct Subject<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) middleware: &'a [Description],
}

impl Subject<'_> {
    fn has(&self, middleware: &str) -> bool {
        self.middleware.iter().any(|layer| layer.name == middleware)
    }

    fn has_sessions(&self) -> bool {
        self.middleware.iter().any(|layer| layer.provides.contains(&"sessions"))
    }
}

/// What is wrong with the configuration.
pub(crate) fn configuration(errors: &[ConfigurationError]) -> impl Iterator<Item = Message> {
    errors.iter().map(|error| Message::error("settings.E003", error, "correct the setting"))
}

/// What is wrong with the middleware and the routes, or doubtful.
pub(crate) fn built(built: &Result<Application, StartupErrors>) -> Vec<Message> {
    match built {
        Ok(application) => {
            let warnings = application.resolver().warnings().iter();
            let message = |warning: &UrlWarning| {
                let place = format_args!("route '{}' ({})", warning.route(), warning.location());
                Message::warning(warning.id(), format_args!("{place}: {}", warning.message()), "")
            };
            warnings.map(message).collect()
        }
        Err(errors) => {
            errors.iter().map(|error| Message::error(error.id(), error.message(), error.hint())).collect()
        }
    }
}

/// What is wrong with the services that the application uses.
pub(crate) async fn services(application: &Application) -> Vec<Message> {
    let mut found = sessions::check(application).await;
    found.extend(files::check(application));
    found.extend(database(application).await);
    found.extend(caches::check(application).await);
    #[cfg(feature = "staticfiles")]
    found.extend(static_files::messages(application));
    #[cfg(feature = "auth")]
    found.extend(passwords::message(application.site().settings()));
    found
}

/// What is wrong with the database, if the application uses one.
pub(crate) async fn database(application: &Application) -> Option<Message> {
    database::check(application).await
}

/// What keeps the settings from being fit for deployment.
pub(crate) fn deployment(subject: &Subject<'_>) -> Vec<Message> {
    security::check(subject)
}
