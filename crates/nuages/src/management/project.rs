//! An application before it is built, whatever its chain.

use nuages_http::Settings;
use nuages_middleware::{Chain, Description, Layers};

use crate::app::{App, StartupErrors};
use crate::application::Application;

/// What commands know of an application that is not built yet.
pub(super) struct Project {
    settings: Settings,
    middleware: Vec<Description>,
    build: Box<dyn FnOnce() -> Result<Application, StartupErrors>>,
}

impl Project {
    pub(super) fn new<L: Layers + 'static, C: 'static>(app: App<Chain<L, C>>) -> Self {
        let (settings, middleware) = (app.settings().clone(), app.describe_middleware());
        Self { settings, middleware, build: Box::new(|| app.build()) }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn middleware(&self) -> &[Description] {
        &self.middleware
    }

    pub(super) fn build(self) -> Result<Application, StartupErrors> {
        (self.build)()
    }
}
