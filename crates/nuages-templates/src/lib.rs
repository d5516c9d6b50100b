//! Django's template language, run by minijinja.
//!
//! A template of a Django site is taken as it is: an [`Engine`] reads it from its folders, translates it, and renders it
//! with a context.
//!
//! ```
//! use nuages_templates::{Embedded, Engine, context};
//!
//! let engine = Engine::new().embedded(Embedded(&[
//!     ("base.html", "<title>{% block title %}Polls{% endblock %}</title>{% block body %}{% endblock %}"),
//!     ("index.html", "{% extends 'base.html' %}{% block body %}{% for q in questions %}<p>{{ q.text }}</p>{% empty %}None.{% endfor %}{% endblock %}"),
//! ]));
//! let questions = [context! { text => "What's <new>?" }];
//! let page = engine.render("index.html", context! { questions }).unwrap();
//! assert_eq!(page, "<title>Polls</title><p>What&#x27;s &lt;new&gt;?</p>");
//! assert_eq!(engine.render("index.html", context! {}).unwrap(), "<title>Polls</title>None.");
//! ```
//!
//! A value of a type of one's own, which has to be [`Serialize`](serde::Serialize), gets into a context by [`Serde`]; its dates by [`moment`].
//!
//! ```
//! use nuages_templates::{Engine, Serde, Value, context};
//!
//! #[derive(serde::Serialize)]
//! struct Book {
//!     title: &'static str,
//! }
//!
//! let books = [Book { title: "Emma" }, Book { title: "Persuasion" }];
//! let template = "{% for book in books %}{{ forloop.counter }}. {{ book.title }} {% endfor %}";
//! let shown = Engine::new().render_str(template, context! { books => Value::from(Serde(books)) }).unwrap();
//! assert_eq!(shown, "1. Emma 2. Persuasion ");
//! ```
//!
//! What a template asks of the site around it, such as addresses and static files, a [`Site`] answers.

mod engine;
mod error;
pub mod escape;
mod filters;
mod links;
pub mod moment;
pub mod python;
mod runtime;
mod site;
mod syntax;
mod translate;

pub use engine::{Autoescape, Embedded, Engine, Reload, TemplateNames};
pub use error::{SourceLine, TemplateError, TemplateErrorKind};
pub use minijinja::value::{Serde, Tuple};
pub use minijinja::{Value, context};
pub use site::{Fragment, Reverse, Site, make_template_fragment_key};
