//! What the page says, before it is HTML, text or JSON.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::panic::Location;
use std::sync::Arc;

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, StatusCode};
use nuages_middleware::Panicked;
use nuages_templates::{SourceLine, TemplateError};

use super::mask::Mask;
use super::snippet::{Line, around};
use super::{request_data, session_fate, settings_data};
use crate::endpoint::Urls;

/// The error, kept until the page is written.
pub(super) struct Failure {
    kind: ErrorKind,
    name: &'static str,
    message: String,
    causes: Vec<String>,
    place: Place,
    is_unrouted: bool,
}

/// Where it was made.
enum Place {
    Code(&'static Location<'static>),
    Panic(String),
    /// A template's own line, and the place in the code that rendered it.
    Template {
        line: String,
        around: Vec<SourceLine>,
        code: &'static Location<'static>,
    },
}

impl Place {
    fn of(error: &Error) -> Self {
        if let Some(panicked) =
            error.downcast_ref::<Panicked>().filter(|panicked| !panicked.place().is_empty())
        {
            return Self::Panic(panicked.place().to_owned());
        }
        if let Some(template) = error.downcast_ref::<TemplateError>()
            && let (Some(name), Some(line)) = (template.name(), template.line())
        {
            let around = template.surroundings().to_vec();
            return Self::Template { line: format!("{name}:{line}"), around, code: error.location() };
        }
        Self::Code(error.location())
    }

    /// What it is called, and the lines around it.
    fn shown(&self) -> (String, Vec<Line>) {
        match self {
            Self::Panic(place) => (place.clone(), Vec::new()),
            Self::Code(location) => (location.to_string(), around(location)),
            Self::Template { line, around, code } => {
                let number = line.rsplit(':').next().and_then(|number| number.parse().ok());
                let lines = around.iter().map(|SourceLine { number: at, text, .. }| Line {
                    number: *at,
                    text: text.clone(),
                    is_it: Some(*at) == number,
                });
                (format!("template {line}, rendered at {code}"), lines.collect())
            }
        }
    }
}

/// The whole page.
pub(super) struct Report {
    pub(super) status: StatusCode,
    pub(super) name: &'static str,
    pub(super) message: String,
    pub(super) request_line: String,
    pub(super) place: String,
    pub(super) causes: Vec<String>,
    pub(super) source: Vec<Line>,
    pub(super) tried: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// A table.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) note: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) folded: bool,
}

/// A line of a table.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) tone: Tone,
}

/// How a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Good,
    Warn,
    Bad,
}

impl Failure {
    pub(super) fn of(request: &HttpRequest, error: &Error) -> Self {
        let panicked = error.downcast_ref::<Panicked>();
        let mut causes = Vec::new();
        let mut cause = error.source().map(|source| source as &dyn StdError);
        while let Some(source) = cause.filter(|_| panicked.is_none()) {
            causes.push(source.to_string());
            cause = source.source();
        }
        let message = panicked.map_or_else(|| error.to_string(), |panicked| panicked.message().to_owned());
        // An error without words of its own speaks with those of its source.
        causes.retain(|cause| *cause != message);
        Self {
            kind: error.kind(),
            name: match error.downcast_ref::<TemplateError>() {
                Some(template) => template.kind().django_name(),
                None if panicked.is_some() => "panic",
                None => error.name(),
            },
            message,
            causes,
            place: Place::of(error),
            is_unrouted: error.status() == StatusCode::NOT_FOUND && request.resolver_match().is_none(),
        }
    }
}

impl Report {
    pub(super) fn new(
        failure: &Failure,
        request: &HttpRequest,
        response: &HttpResponse,
        form: Option<Section>,
        mask: &Mask,
    ) -> Self {
        let mut sections = vec![request_data::line(request, mask)];
        sections.push(request_data::query(request, mask));
        sections.extend(form);
        sections.push(request_data::cookies_sent(request));
        sections.push(request_data::cookies_set(request, response));
        sections.push(session_fate::section(request, response, failure.kind));
        sections.push(request_data::headers(request, mask));
        sections.push(settings_data::section(request.settings(), mask));
        let hide = |text: &str| mask.hide(text).into_owned();
        let (place, source) = failure.place.shown();
        let source = source.into_iter().map(|line| Line { text: hide(&line.text), ..line });
        Self {
            status: response.status(),
            name: failure.name,
            message: hide(&failure.message),
            request_line: format!("{} {}", request.method, hide(&request.path)),
            place,
            causes: failure.causes.iter().map(|cause| hide(cause)).collect(),
            // Of an unrouted path the place is in the framework: no help to anybody.
            source: source.filter(|_| !failure.is_unrouted).collect(),
            tried: if failure.is_unrouted { tried(request) } else { Vec::new() },
            sections,
        }
    }

    /// What it is, in a word.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.status.canonical_reason().unwrap_or("Error"))
    }
}

/// The patterns that a path was compared with, in order.
fn tried(request: &HttpRequest) -> Vec<String> {
    let Some(urls) = request.site().extensions().get::<Arc<Urls>>() else { return Vec::new() };
    urls.resolver.not_found(&request.path_info).tried().iter().map(|chain| chain.join("")).collect()
}

impl Section {
    pub(super) fn new(title: &'static str) -> Self {
        Self { title, note: "", rows: Vec::new(), folded: false }
    }

    pub(super) fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    pub(super) fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Closed until somebody opens it.
    pub(super) fn folded(mut self) -> Self {
        self.folded = true;
        self
    }
}

impl Row {
    pub(super) fn new<'a>(name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into().into_owned(), value: value.into().into_owned(), tone: Tone::Plain }
    }

    pub(super) fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}
