//! What a template asks of the site.

use std::error::Error;

use md5::{Digest as _, Md5};
use minijinja::Value;

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
    ///
    /// # Errors
    ///
    /// There is no cache of the name behind `using=`.
    fn cached(&self, fragment: &Fragment<'_>) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
        let _ = fragment;
        Ok(None)
    }

    /// Stores what `{% cache %}` has rendered.
    ///
    /// # Errors
    ///
    /// As [`cached`](Self::cached).
    fn cache(&self, fragment: &Fragment<'_>, content: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = (fragment, content);
        Ok(())
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
/// let vary = ["ann".to_owned()];
/// let fragment = Fragment { name: "sidebar", vary: &vary, timeout: Some(500), cache: None, request: None };
/// assert_eq!(fragment.key(), "template.cache.sidebar.4d98949ef9537b7163ffae62180b8aa2");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Fragment<'f> {
    /// Its name.
    pub name: &'f str,
    /// What it varies on, as text; Django's key is made of the name and these.
    pub vary: &'f [String],
    /// For how many seconds it is good; without end if nothing.
    pub timeout: Option<i64>,
    /// The name of the cache, if the tag has one behind `using=`.
    pub cache: Option<&'f str>,
    /// The request that the page is rendered for.
    pub request: Option<&'f Value>,
}

impl Fragment<'_> {
    /// What Django calls it in its caches: [`make_template_fragment_key`].
    #[must_use]
    pub fn key(&self) -> String {
        make_template_fragment_key(self.name, self.vary)
    }
}

/// The key of a fragment that `{% cache %}` has stored, to delete it
/// (`django.core.cache.utils.make_template_fragment_key`).
///
/// `vary_on` is what the tag names behind the fragment, as text.
///
/// ```
/// use nuages_templates::make_template_fragment_key;
///
/// let key = make_template_fragment_key("sidebar", ["ann"]);
/// assert_eq!(key, "template.cache.sidebar.4d98949ef9537b7163ffae62180b8aa2");
/// ```
#[must_use]
pub fn make_template_fragment_key(
    fragment_name: &str,
    vary_on: impl IntoIterator<Item = impl AsRef<str>>,
) -> String {
    let mut hasher = Md5::new();
    for text in vary_on {
        hasher.update(text.as_ref());
        hasher.update(b":");
    }
    let digest: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("template.cache.{fragment_name}.{digest}")
}

/// A site that has nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoSite;

impl Site for NoSite {}
