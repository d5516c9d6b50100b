//! Every template is verified without being rendered.

use std::error::Error;

use nuages_templates::{Engine, Reverse, Site};

use crate::folder;

struct Shop;

impl Site for Shop {
    fn reverse(&self, _: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok("/".to_owned())
    }

    fn check_url(
        &self,
        name: &str,
        args: usize,
        kwargs: &[String],
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        match (name, args, kwargs) {
            ("book", 1, []) => Ok(()),
            ("book", _, [key]) if key == "id" => Ok(()),
            _ => Err("no such URL".into()),
        }
    }

    fn check_static(&self, path: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        if path == "a.css" { Ok(()) } else { Err("no such file".into()) }
    }
}

#[test]
fn what_a_template_names_has_to_exist() {
    let first = folder(&[
        ("a.html", "{% load static %}\n{% static 'a.css' %}\n{% static 'b.css' %}{% static x %}"),
        (
            "b.html",
            "{% url 'book' 1 %}{% url 'book' id=2 %}{% url x %}{% url 'gone' as g %}\n\n{% url 'book' %}",
        ),
        (
            "c.html",
            "{% include 'a.html' %}{% include x %}\n{% include 'gone.html' %}{% include './d/e.html' %}",
        ),
        ("d/e.html", "{% extends '../a.html' %}"),
        ("d/f.html", "{% extends './g.html' %}"),
        ("same.html", "{% extends 'same.html' %}"),
        ("bad.html", "{{ x|nosuch }}"),
        ("good.jinja", "{{ 1 + 1 }}"),
        ("bad.jinja", "{{ 1 + }}"),
        (".hidden", "{% nonsense %}"),
    ]);
    let second = folder(&[("same.html", "x")]);
    let engine = Engine::new().dir(first.path()).dir(second.path()).site(Shop);
    let found: Vec<(String, usize, String)> = engine
        .check_all()
        .into_iter()
        .map(|error| (error.name().unwrap().to_owned(), error.line().unwrap(), error.message().to_owned()))
        .collect();
    let expected = [
        ("a.html", 3, "the static file 'b.css': no such file"),
        ("b.html", 3, "the URL 'book': no such URL"),
        ("bad.html", 1, "unknown filter 'nosuch'"),
        ("c.html", 2, "there is no template 'gone.html'"),
        ("d/f.html", 1, "there is no template 'd/g.html'"),
    ];
    let (jinja, django): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(name, ..)| name.ends_with(".jinja"));
    let django: Vec<_> =
        django.iter().map(|(name, line, message)| (name.as_str(), *line, message.as_str())).collect();
    assert_eq!(django, expected);
    assert_eq!(jinja.len(), 1);
    // A folder that is not there has no templates.
    assert!(Engine::new().dir(first.path().join("nowhere")).check_all().is_empty());
}

#[test]
fn a_template_that_extends_itself_alone_is_found() {
    let folder = folder(&[("same.html", "{% extends 'same.html' %}")]);
    let errors = Engine::new().dir(folder.path()).check_all();
    assert_eq!(errors.len(), 1);
}
