//! What `{% cache %}` keeps, in the caches of the site.
//!
//! A tag cannot wait. So where a cache does not answer at once, a page is first rendered with its fragments left empty, which tells
//! which ones it has; they are fetched together, and it is rendered again, now with those that are not there. What was rendered is
//! stored when the page is whole.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nuages_cache::{CacheBackend, CacheError, CacheFront, Caches, DEFAULT_CACHE_ALIAS, Timeout};
use nuages_http::Settings;
use nuages_templates::Fragment;

use super::poll_once::poll_once;
use crate::site_caches;

/// The cache of fragments, if `CACHES` has it.
const FRAGMENTS_ALIAS: &str = "template_fragments";

/// How often a page is rendered for its fragments: as deep as they lie in one another. One whose key is another each time is not
/// looked for again.
const MOST_PASSES: usize = 8;

/// The caches that answer at once, because they are in this process, by their aliases.
#[derive(Default)]
pub(crate) struct PromptCaches(HashMap<String, Keeps>);

impl PromptCaches {
    /// Those that the settings name.
    pub(crate) fn of(settings: &Settings) -> Self {
        let configured = site_caches::configured(settings).unwrap_or_default().into_iter();
        let prompt = configured.filter_map(|cache| match cache.config.backend() {
            CacheBackend::Locmem => Some((cache.alias, Keeps::Fragments)),
            CacheBackend::Dummy => Some((cache.alias, Keeps::Nothing)),
            _ => None,
        });
        Self(prompt.collect())
    }
}

/// What a cache keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Fragments,
    /// Not even until the end of the page.
    Nothing,
}

/// The fragments of one page.
#[derive(Default)]
pub(super) struct Fragments(Mutex<State>);

#[derive(Default)]
struct State {
    /// What the caches have said; nothing of what they do not have.
    fetched: HashMap<Place, Option<String>>,
    /// What they have to be asked for.
    wanted: HashSet<Place>,
    /// What this pass has rendered.
    rendered: HashMap<Place, (String, Timeout)>,
    /// The aliases of the caches that are out of order: they are asked once.
    away: HashSet<String>,
    passes: usize,
}

/// Where a fragment is kept.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    alias: String,
    key: String,
}

impl Place {
    fn of(fragment: &Fragment<'_>, caches: &Caches) -> Result<Self, CacheError> {
        let alias = match fragment.cache {
            Some(alias) => alias,
            None if caches.get(FRAGMENTS_ALIAS).is_ok() => FRAGMENTS_ALIAS,
            None => DEFAULT_CACHE_ALIAS,
        };
        caches.get(alias)?;
        Ok(Self { alias: alias.to_owned(), key: fragment.key() })
    }
}

impl Fragments {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page is rendered from the beginning.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        state.rendered.clear();
        state.passes = state.passes.saturating_add(1);
    }

    /// A fragment, which is empty if it has to be waited for; nothing if it has to be rendered.
    ///
    /// # Errors
    /// There is no cache of that name.
    pub(super) fn get(
        &self,
        fragment: &Fragment<'_>,
        caches: &Caches,
        prompt: &PromptCaches,
    ) -> Result<Option<String>, CacheError> {
        let place = Place::of(fragment, caches)?;
        let prompt = prompt.0.get(&place.alias);
        let mut state = self.state();
        if prompt != Some(&Keeps::Nothing)
            && let Some((content, timeout)) = state.rendered.get(&place)
            && !timeout.is_at_once()
        {
            return Ok(Some(content.clone()));
        }
        if let Some(known) = state.fetched.get(&place) {
            return Ok(known.clone());
        }
        if prompt.is_some()
            && let Some(outcome) = poll_once(caches.get(&place.alias)?.get::<String>(&place.key))
        {
            let found = outcome.unwrap_or_else(|error| report(&place.alias, &error));
            state.fetched.insert(place, found.clone());
            return Ok(found);
        }
        if state.passes > MOST_PASSES {
            return Ok(None);
        }
        if state.away.contains(&place.alias) {
            return Ok(None);
        }
        state.wanted.insert(place);
        Ok(Some(String::new()))
    }

    /// Keeps what was rendered until the page is whole.
    ///
    /// # Errors
    /// There is no cache of that name.
    pub(super) fn set(
        &self,
        fragment: &Fragment<'_>,
        caches: &Caches,
        content: &str,
    ) -> Result<(), CacheError> {
        let place = Place::of(fragment, caches)?;
        self.state().rendered.insert(place, (content.to_owned(), Timeout::from(fragment.timeout)));
        Ok(())
    }

    /// Has any to be waited for?
    pub(super) fn any_wanted(&self) -> bool {
        !self.state().wanted.is_empty()
    }

    /// Fetches what has to be waited for. A cache that is out of order has nothing.
    pub(super) async fn fetch(&self, caches: &Caches) {
        let wanted = std::mem::take(&mut self.state().wanted);
        let mut keys: HashMap<String, Vec<String>> = HashMap::new();
        for place in wanted {
            keys.entry(place.alias).or_default().push(place.key);
        }
        for (alias, keys) in keys {
            let found = match caches.get(&alias) {
                Ok(cache) => fetched(cache, &keys).await,
                Err(error) => Err(error),
            };
            let is_away = found.as_ref().is_err_and(CacheError::is_outage);
            let mut found = found.unwrap_or_else(|error| report(&alias, &error));
            let mut state = self.state();
            if is_away {
                state.away.insert(alias.clone());
            }
            for key in keys {
                let content = found.remove(&key);
                state.fetched.insert(Place { alias: alias.clone(), key }, content);
            }
        }
    }

    /// Stores what the page has rendered.
    pub(super) async fn store(&self, caches: &Caches) {
        let rendered = std::mem::take(&mut self.state().rendered);
        for (place, (content, timeout)) in rendered {
            if self.state().away.contains(&place.alias) {
                continue;
            }
            let stored = match caches.get(&place.alias) {
                Ok(cache) => cache.set(&place.key, &content, timeout).await,
                Err(error) => Err(error),
            };
            if let Err(error) = stored {
                report::<()>(&place.alias, &error);
                // One that refuses a key may take the next.
                if error.is_outage() {
                    self.state().away.insert(place.alias);
                }
            }
        }
    }

    /// Is there anything to store?
    pub(super) fn any_rendered(&self) -> bool {
        !self.state().rendered.is_empty()
    }
}

/// Those of the fragments that there are. One that is no text, or whose key the cache refuses, is none, and costs no other.
async fn fetched(cache: &CacheFront, keys: &[String]) -> Result<HashMap<String, String>, CacheError> {
    match cache.get_many::<String>(keys).await {
        Err(error) if !error.is_outage() => {
            let mut found = HashMap::new();
            for key in keys {
                match cache.get(key).await {
                    Ok(Some(content)) => _ = found.insert(key.clone(), content),
                    // It does not answer any more: what it has said counts.
                    Err(error) if error.is_outage() => break,
                    Ok(None) | Err(_) => {}
                }
            }
            Ok(found)
        }
        outcome => outcome,
    }
}

/// The page is shown all the same.
fn report<T: Default>(alias: &str, error: &CacheError) -> T {
    tracing::warn!(target: "nuages.cache", cache = alias, %error, "a cache failed to find or to keep a fragment of a page");
    T::default()
}
