//! The URLs that cases may name; `template_django.py` has the same.

use std::error::Error;
use std::sync::Arc;

use nuages_templates::{Reverse, Site};
use nuages_urls::{Converters, Entry, Resolver};

/// A site of URLs that lead nowhere.
#[derive(Clone)]
pub(crate) struct Urls(Arc<Resolver<()>>);

impl Urls {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let view = |path: &str, name: &str| Entry::path(path, ()).name(name);
        let polls = vec![
            view("", "index"),
            view("<int:question_id>/", "detail"),
            view("<int:question_id>/results/", "results"),
            view("<int:question_id>/vote/", "vote"),
        ];
        let admin = vec![
            view("", "index"),
            view("login/", "login"),
            view("logout/", "logout"),
            view("password_change/", "password_change"),
        ];
        let entries = vec![
            view("", "home"),
            view("archive/<int:year>/", "archive"),
            view("tag/<str:tag>/", "tag"),
            view("pair/<slug:one>/<slug:two>/", "pair"),
            Entry::include("polls/", polls).app_name("polls"),
            Entry::include("admin/", admin).app_name("admin"),
        ];
        Ok(Self(Arc::new(Resolver::new(entries, &Converters::new())?)))
    }
}

impl Site for Urls {
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        let reverse = self.0.reverse(url.name).args(url.args.iter().map(String::as_str));
        let pairs = url.kwargs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(reverse.kwargs(pairs).url()?)
    }
}
