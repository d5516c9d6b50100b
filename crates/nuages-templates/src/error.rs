//! What can go wrong with a template.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Why a template could not be loaded or rendered, and where.
///
/// ```
/// use nuages_templates::{Embedded, Engine, TemplateErrorKind, context};
///
/// let engine = Engine::new().embedded(Embedded(&[("page.html", "<p>\n{% fro x in list %}\n</p>")]));
/// let error = engine.render("page.html", context! {}).unwrap_err();
/// assert_eq!(*error.kind(), TemplateErrorKind::Syntax);
/// assert_eq!((error.name(), error.line()), (Some("page.html"), Some(2)));
/// assert_eq!(error.to_string(), "page.html:2: unknown tag 'fro'; did you mean 'for'?");
/// ```
#[derive(Debug, Clone)]
pub struct TemplateError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: TemplateErrorKind,
    name: Option<String>,
    line: Option<usize>,
    message: String,
    hint: Option<String>,
    surroundings: Vec<SourceLine>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What kind of error it is; Django's class is named with each.
///
/// ```
/// use nuages_templates::{Engine, TemplateErrorKind, context};
///
/// let error = Engine::new().render("page.html", context! {}).unwrap_err();
/// assert!(matches!(error.kind(), TemplateErrorKind::DoesNotExist { .. }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// There is no such template: `TemplateDoesNotExist`.
    DoesNotExist {
        /// Where it was looked for.
        tried: Vec<String>,
    },
    /// The template is not written as it has to be: `TemplateSyntaxError`.
    Syntax,
    /// A filter's argument is not in the context: `VariableDoesNotExist`.
    MissingVariable,
    /// No URL has the name and the arguments of a `{% url %}`: `NoReverseMatch`.
    NoReverseMatch,
    /// Something else failed while the template was rendered.
    Render,
}

impl TemplateErrorKind {
    /// The name of Django's class.
    ///
    /// ```
    /// assert_eq!(nuages_templates::TemplateErrorKind::Syntax.django_name(), "TemplateSyntaxError");
    /// ```
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::DoesNotExist { .. } => "TemplateDoesNotExist",
            Self::Syntax => "TemplateSyntaxError",
            Self::MissingVariable => "VariableDoesNotExist",
            Self::NoReverseMatch => "NoReverseMatch",
            Self::Render => "Exception",
        }
    }
}

/// A line of a template, for a page that shows an error.
///
/// ```
/// use nuages_templates::{Embedded, Engine, context};
///
/// let engine = Engine::new().embedded(Embedded(&[("page.html", "a\n{% b %}\nc")]));
/// let error = engine.render("page.html", context! {}).unwrap_err();
/// let lines: Vec<_> = error.surroundings().iter().map(|line| (line.number, line.text.as_str())).collect();
/// assert_eq!(lines, [(1, "a"), (2, "{% b %}"), (3, "c")]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// The number of the line, from one.
    pub number: usize,
    /// The line, without its end.
    pub text: String,
}

/// How many lines before and behind the line of an error are shown.
const AROUND: usize = 10;

impl TemplateError {
    pub(crate) fn new(kind: TemplateErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            name: None,
            line: None,
            message: message.into(),
            hint: None,
            surroundings: Vec::new(),
            source: None,
        }))
    }

    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.0.hint = hint;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// Says where it is, and keeps the lines around it.
    pub(crate) fn at(mut self, name: &str, line: Option<usize>, template: Option<&str>) -> Self {
        self.0.name = Some(name.to_owned());
        self.0.line = line;
        if let (Some(line), Some(template)) = (line, template) {
            let first = line.saturating_sub(AROUND + 1);
            let lines = template.lines().enumerate().skip(first).take(line + AROUND - first);
            self.0.surroundings =
                lines.map(|(index, text)| SourceLine { number: index + 1, text: text.to_owned() }).collect();
        }
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> &TemplateErrorKind {
        &self.0.kind
    }

    /// The name of the template in which it is.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The line in the template, from one.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to write instead, if that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The lines of the template around the error, up to ten on each side.
    pub fn surroundings(&self) -> &[SourceLine] {
        &self.0.surroundings
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.name, self.0.line) {
            (Some(name), Some(line)) => write!(f, "{name}:{line}: ")?,
            (Some(name), None) => write!(f, "{name}: ")?,
            _ => {}
        }
        f.write_str(&self.0.message)?;
        match &self.0.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl StdError for TemplateError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
