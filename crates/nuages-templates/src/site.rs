//! What a template asks of the site.

use std::error::Error;

/// Answers what templates ask of the site around them: its URLs, static files and cache.
///
/// ```
/// use nuages_templates::{Embedded, Engine, Reverse, Site, context};
///
/// struct Shop;
///
/// impl Site for Shop {
///     fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
///         match (url.name, url.args) {
///             ("book", [id]) => Ok(format!("/books/{id}/")),
///             _ => Err("no such URL".into()),
///         }
///     }
/// }
///
/// let page = Embedded(&[("page.html", "{% load static %}{% url 'book' 7 %} {% static 'a b.css' %}")]);
/// let engine = Engine::new().site(Shop).embedded(page);
/// assert_eq!(engine.render("page.html", context! {}).unwrap(), "/books/7/ /static/a%20b.css");
/// ```
pub trait Site: Send + Sync {
    /// The address of a URL, for `{% url %}`.
    ///
    /// # Errors
    ///
    /// No URL has this name and takes these arguments.
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        Err(format!("no URL is named '{}'", url.name).into())
    }

    /// Whether some URL has this name and takes that many arguments, for [`Engine::check_all`](crate::Engine::check_all).
    ///
    /// # Errors
    ///
    /// None has, and why.
    fn check_url(
        &self,
        name: &str,
        args: usize,
        kwargs: &[String],
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = (name, args, kwargs);
        Ok(())
    }

    /// The address of a static file, for `{% static %}`: behind the [prefix](Self::static_prefix) by default.
    ///
    /// # Errors
    ///
    /// There is no such file, and the site wants to know.
    fn static_url(&self, path: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok(crate::links::joined(&self.static_prefix(), path))
    }

    /// Whether a static file is there, for [`Engine::check_all`](crate::Engine::check_all).
    ///
    /// # Errors
    ///
    /// It is not, and why.
    fn check_static(&self, path: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = path;
        Ok(())
    }

    /// What addresses of static files begin with: `STATIC_URL`.
    fn static_prefix(&self) -> String {
        "/static/".to_owned()
    }

    /// What addresses of uploaded files begin with: `MEDIA_URL`.
    fn media_prefix(&self) -> String {
        "/media/".to_owned()
    }

    /// What `{% cache %}` has stored; nothing by default, so that the fragment is rendered each time.
    fn cached(&self, fragment: &Fragment<'_>) -> Option<String> {
        let _ = fragment;
        None
    }

    /// Stores what `{% cache %}` has rendered.
    fn cache(&self, fragment: &Fragment<'_>, content: &str) {
        let _ = (fragment, content);
    }
}

/// A URL that a template asks for.
///
/// ```
/// use nuages_templates::Reverse;
///
/// let url = Reverse { name: "polls:detail", args: &["7".to_owned()], kwargs: &[], current_app: None };
/// assert_eq!(url.name.split_once(':'), Some(("polls", "detail")));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Reverse<'r> {
    /// The name of the URL, with its namespaces.
    pub name: &'r str,
    /// The arguments, as text.
    pub args: &'r [String],
    /// The keyword arguments, as text.
    pub kwargs: &'r [(String, String)],
    /// The application that is current: the request's `current_app` or the namespace of its URL.
    pub current_app: Option<&'r str>,
}

/// A part of a page that is cached.
///
/// ```
/// use nuages_templates::Fragment;
///
/// let fragment = Fragment { name: "sidebar", vary: &["ann".to_owned()], timeout: Some(500) };
/// assert_eq!(fragment.vary, ["ann"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Fragment<'f> {
    /// Its name.
    pub name: &'f str,
    /// What it varies on, as text; Django's key is made of the name and these.
    pub vary: &'f [String],
    /// For how many seconds it is good; without end if nothing.
    pub timeout: Option<i64>,
}

/// A site that has nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoSite;

impl Site for NoSite {}
