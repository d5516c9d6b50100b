//! Reads templates for minijinja: Django's language is translated, Jinja's is taken as it is.

use std::sync::Arc;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, TemplateSource, UndefinedBehavior};

use super::config::{Autoescape, Config, Reload};
use super::names::Internal;
use super::registry::Loaded;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::syntax::{SyntaxError, parse};
use crate::translate::{Options, translate};
use crate::{filters, moment, runtime};

/// The endings of files that are written in Jinja's language.
const JINJA: &[&str] = &[".jinja", ".jinja2", ".j2"];

/// Makes the environment that runs the templates of an engine.
pub(super) fn environment(config: &Arc<Config>) -> Environment<'static> {
    let mut env = Environment::new();
    let of = Arc::clone(config);
    env.set_loader(move |internal| load(&of, internal));
    env.set_auto_reload(config.reload == Reload::OnChange);
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_formatter(runtime::format);
    // The errors of ours show the template as somebody wrote it.
    env.set_debug(false);
    let mut syntax = env.syntax().to_builder();
    syntax.keep_trailing_newline(true);
    if let Ok(syntax) = syntax.build() {
        env.set_syntax(syntax);
    }
    let on = config.autoescape == Autoescape::On;
    env.set_auto_escape_callback(move |internal| escapes(internal, on));
    moment::set_time_zone(&mut env, config.zone);
    filters::register(&mut env);
    runtime::register(&mut env, config);
    env
}

fn escapes(internal: &str, on: bool) -> AutoEscape {
    let name = internal.split('\0').next().unwrap_or_default();
    let escaped = match jinja(name) {
        // In Jinja's templates the ending before its own decides, and only what is surely no page is not escaped.
        Some(inner) => match inner.rsplit('/').next().unwrap_or_default().rsplit_once('.') {
            Some((_, ending)) => matches!(ending, "html" | "htm" | "xml" | "xhtml" | "svg"),
            None => true,
        },
        None => on,
    };
    if escaped && !Internal::is_plain(internal) { AutoEscape::Html } else { AutoEscape::None }
}

/// The name without the ending of Jinja's templates, if it has one.
fn jinja(name: &str) -> Option<&str> {
    JINJA.iter().find_map(|ending| name.strip_suffix(ending))
}

/// Reads and translates a template.
fn load(config: &Arc<Config>, internal: &str) -> Result<Option<TemplateSource>, Error> {
    let Internal { name, skipped, .. } = Internal::parse(internal);
    let found = config.places.load(&name, skipped).map_err(|error| {
        let message = format!("the template '{name}' cannot be read: {error}");
        carried(
            TemplateError::new(TemplateErrorKind::Syntax, message).at(&name, None, None).with_source(error),
        )
    })?;
    let Some(found) = found else { return Ok(None) };
    let (source, loaded) = compile(config, &name, found.source)
        .map_err(|(error, source)| carried(located(error, &name, &source)))?;
    config.registry.put(internal, loaded);
    let mut source = TemplateSource::new(source);
    if let (Some(file), Reload::OnChange) = (found.file, config.reload) {
        // Another place may have got the template since.
        let places = config.places.clone();
        source = source.with_uptodate_check(move || places.file(&name, skipped).as_ref() == Some(&file));
    }
    Ok(Some(source))
}

/// Translates a template, and says what is known of it.
pub(super) fn compile(
    config: &Config,
    name: &str,
    source: String,
) -> Result<(String, Loaded), (SyntaxError, String)> {
    if jinja(name).is_some() {
        let blocks = jinja_tags(&source, "block");
        let open = !jinja_tags(&source, "extends").is_empty();
        // Jinja drops one line end at the end of a template.
        let cut =
            source.strip_suffix('\n').map_or(source.as_str(), |cut| cut.strip_suffix('\r').unwrap_or(cut));
        return Ok((cut.to_owned(), Loaded { blocks, open, uses: Vec::new(), source }));
    }
    let parsed = match parse(&source, name, &config.vocabulary) {
        Ok(parsed) => parsed,
        Err(error) => return Err((error, source)),
    };
    let options = Options { invalid: Some(config.invalid.clone()).filter(|invalid| !invalid.is_empty()) };
    let translated = translate(&parsed, &options);
    Ok((translated, Loaded { source, blocks: parsed.blocks, open: false, uses: parsed.uses }))
}

/// What follows the name of a tag, wherever a template in Jinja's language has that tag.
fn jinja_tags(source: &str, tag: &str) -> Vec<String> {
    let tags = source.split("{%").skip(1);
    tags.filter_map(|contents| {
        let mut words = contents.trim_start_matches(['-', '+']).split_whitespace();
        let word = (words.next()? == tag).then(|| words.next()).flatten()?;
        Some(word.trim_end_matches(['%', '}', '-', '+']).to_owned())
    })
    .collect()
}

/// An error of syntax, with its place.
pub(super) fn located(error: SyntaxError, name: &str, source: &str) -> TemplateError {
    TemplateError::new(TemplateErrorKind::Syntax, error.message).with_hint(error.hint).at(
        name,
        Some(error.line),
        Some(source),
    )
}

/// An error of ours, as minijinja carries it.
fn carried(error: TemplateError) -> Error {
    Error::new(ErrorKind::SyntaxError, error.message().to_owned()).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_goes_by_the_name_in_jinja_only() {
        let cases = [
            ("a.html", true),
            ("a.txt", true),
            ("a.html\u{0}-0", false),
            ("a.html.j2", true),
            ("a.txt.j2", false),
            ("a.jinja", true),
            ("b.c/a.jinja2", true),
            ("a.xml.jinja", true),
        ];
        for (name, expected) in cases {
            assert_eq!(escapes(name, true) == AutoEscape::Html, expected, "{name}");
        }
        assert_eq!(escapes("a.html", false), AutoEscape::None);
    }

    #[test]
    fn blocks_of_jinja_are_known() {
        let source = "{% block a %}{% endblock %}{%- block b -%}{%endblock%}{% for block in x %}";
        let blocks = jinja_tags(source, "block");
        assert_eq!(blocks, ["a", "b"]);
    }
}
