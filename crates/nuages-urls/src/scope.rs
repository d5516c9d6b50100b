//! What can be reversed: the names of one namespace, and the namespaces inside it.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use crate::converter::AnyConverter;
use crate::matcher::{Matcher, compile};
use crate::pattern::{Body, Capture, Pattern, Token};
use crate::shape::{self, Candidate};
use crate::value::CaptureValue;

/// The names of one namespace.
#[derive(Default)]
pub(crate) struct Scope {
    /// In order of declaration; Django tries the last one first.
    pub(crate) names: HashMap<String, Vec<Possibility>>,
    pub(crate) namespaces: HashMap<String, Self>,
    /// For each application its instances, in order of declaration; the last one is the default, as in Django.
    pub(crate) apps: HashMap<String, Vec<String>>,
}

/// Named arguments with values.
pub(crate) type Kwargs = Vec<(Arc<str>, CaptureValue<'static>)>;

/// One route that has a name.
pub(crate) struct Possibility {
    pub(crate) chain: Vec<Arc<Pattern>>,
    pub(crate) candidates: Vec<Candidate>,
    /// What is given beside the captures, by the route and by the tables around it up to the namespace.
    pub(crate) defaults: Kwargs,
    pub(crate) location: &'static Location<'static>,
    check: Check,
}

/// The whole pattern, against which a finished text is checked.
enum Check {
    ByHand {
        lead: String,
        matcher: Matcher,
    },
    /// Compiled when first asked: most tables reverse few of their expressions.
    ByEngine {
        engine: String,
        has_dollar: bool,
        regex: OnceLock<Option<Regex>>,
    },
}

impl Possibility {
    /// Prepares a chain of patterns for reversing.
    ///
    /// # Errors
    /// A message if there are too many proposals.
    pub(crate) fn new(
        chain: Vec<Arc<Pattern>>,
        defaults: Kwargs,
        location: &'static Location<'static>,
    ) -> Result<Self, String> {
        let candidates = shape::join(chain.iter().map(|pattern| &pattern.shape))?;
        let check = Check::new(&chain);
        Ok(Self { chain, candidates, defaults, location, check })
    }

    /// Tells whether the pattern matches a finished text, without the leading slash.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        match &self.check {
            Check::ByHand { lead, matcher } => {
                text.strip_prefix(lead.as_str()).is_some_and(|rest| matcher.accepts(rest))
            }
            Check::ByEngine { engine, has_dollar, regex } => {
                let Some(regex) = regex.get_or_init(|| compile(engine).ok()) else { return false };
                // `$` also matches before a last line feed.
                regex.is_match(text)
                    || (*has_dollar && text.strip_suffix('\n').is_some_and(|text| regex.is_match(text)))
            }
        }
    }

    /// The converter of a parameter; the innermost pattern's where several have the name.
    pub(crate) fn converter(&self, name: &str) -> Option<&AnyConverter> {
        self.captures()
            .rev()
            .find(|capture| capture.name.as_deref() == Some(name))
            .and_then(|capture| capture.converter.as_ref())
            .map(|(_, converter)| converter)
    }

    fn captures(&self) -> impl DoubleEndedIterator<Item = &Capture> {
        self.chain.iter().flat_map(|pattern| &pattern.captures)
    }

    /// The whole pattern, for messages.
    pub(crate) fn pattern(&self) -> String {
        self.chain.iter().map(|pattern| pattern.source.strip_prefix('^').unwrap_or(&pattern.source)).collect()
    }
}

impl Check {
    fn new(chain: &[Arc<Pattern>]) -> Self {
        if let Some((lead, matcher)) = by_hand(chain) {
            return Self::ByHand { lead, matcher };
        }
        let engine: String = chain.iter().map(|pattern| pattern.engine()).collect();
        let has_dollar =
            chain.iter().any(|pattern| matches!(&pattern.body, Body::Regex(body) if body.has_dollar));
        Self::ByEngine { engine: format!("^(?:{engine})"), has_dollar, regex: OnceLock::new() }
    }
}

/// Joins a chain of `path()` patterns into one, if that one needs no engine.
fn by_hand(chain: &[Arc<Pattern>]) -> Option<(String, Matcher)> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut captures = Vec::new();
    for pattern in chain {
        let Body::Path(own) = &pattern.body else { return None };
        for token in own {
            match (tokens.last_mut(), token) {
                (Some(Token::Text(before)), Token::Text(text)) => before.push_str(text),
                (_, Token::Text(text)) => tokens.push(Token::Text(text.clone())),
                (_, Token::Capture(index)) => tokens.push(Token::Capture(index + captures.len())),
            }
        }
        captures.extend(pattern.captures.iter().map(|capture| Capture {
            name: capture.name.clone(),
            converter: capture.converter.clone(),
            optional: capture.optional,
        }));
    }
    let endpoint = chain.last().is_some_and(|pattern| pattern.endpoint);
    Matcher::by_hand(&tokens, &captures, endpoint)
}
