//! What templates ask of the site: its URLs, its static files, and where fragments are kept.

use std::error::Error as StdError;
use std::sync::{Arc, Weak};

use nuages_http::Site;
use nuages_templates::{Fragment, Reverse};

use super::fragments::PromptCaches;
use super::request_value::RequestValue;
use crate::endpoint::Urls;
use crate::request_caches::RequestCaches;

type Fault = Box<dyn StdError + Send + Sync>;

/// The site of an engine. Weak, because the site holds the engine.
pub(super) struct SiteLinks {
    site: Weak<Site>,
    urls: Arc<Urls>,
    prompt_caches: PromptCaches,
}

impl SiteLinks {
    pub(super) fn new(site: &Arc<Site>, urls: &Arc<Urls>, prompt_caches: PromptCaches) -> Self {
        Self { site: Arc::downgrade(site), urls: urls.clone(), prompt_caches }
    }
}

impl nuages_templates::Site for SiteLinks {
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Fault> {
        let mut reverse = self.urls.resolver.reverse(url.name).args(url.args.iter().map(String::as_str));
        reverse = reverse.kwargs(url.kwargs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if let Some(namespace) = url.current_app {
            reverse = reverse.current_app(namespace);
        }
        Ok(reverse.url()?)
    }

    fn check_url(&self, name: &str, args: usize, kwargs: &[String]) -> Result<(), Fault> {
        let mut known = false;
        for (route, _) in self.urls.resolver.routes() {
            let namespaces = route.namespaces().join(":");
            let full = route.url_name().map(|name| match namespaces.is_empty() {
                true => name.to_owned(),
                false => format!("{namespaces}:{name}"),
            });
            if full.as_deref() != Some(name) {
                continue;
            }
            known = true;
            let parameters = route.parameters();
            let required = parameters.iter().filter(|parameter| !parameter.is_optional()).count();
            let fits = match kwargs {
                [] => (required..=parameters.len()).contains(&args),
                names => {
                    args == 0
                        && parameters
                            .iter()
                            .all(|parameter| parameter.is_optional() || has(names, parameter.name()))
                }
            };
            if fits {
                return Ok(());
            }
        }
        if !known {
            // An application namespace stands for its instances; whether one fits shows when it is reversed.
            return match name.contains(':') {
                true if self.is_app_namespace(name) => Ok(()),
                _ => Err(format!("no URL is named '{name}'; `showurls` lists them").into()),
            };
        }
        let given = match kwargs {
            [] => format!("{args} arguments"),
            names => format!("the arguments {}", names.join(", ")),
        };
        Err(format!("no URL named '{name}' takes {given}; `showurls` lists what they take").into())
    }

    #[cfg(feature = "staticfiles")]
    fn static_url(&self, path: &str) -> Result<String, Fault> {
        let site = self.site.upgrade().ok_or("the site has ended")?;
        Ok(nuages_contrib::staticfiles::static_url(&site, path)?)
    }

    #[cfg(feature = "staticfiles")]
    fn check_static(&self, path: &str) -> Result<(), Fault> {
        let site = self.site.upgrade().ok_or("the site has ended")?;
        let files = nuages_contrib::staticfiles::StaticFiles::of(&site);
        if site.settings().DEBUG {
            let hint = "correct the name, or put it into a folder of STATICFILES_DIRS";
            return files
                .has(path)?
                .then_some(())
                .ok_or_else(|| format!("there is no static file '{path}'; {hint}").into());
        }
        files.url(path).map(drop).map_err(Into::into)
    }

    fn static_prefix(&self) -> String {
        self.site.upgrade().map_or_else(|| "/static/".to_owned(), |site| site.settings().STATIC_URL.clone())
    }

    fn cached(&self, fragment: &Fragment<'_>) -> Result<Option<String>, Fault> {
        let Some(page) = page(fragment) else { return Ok(None) };
        let caches = page.request.caches();
        Ok(page.waits.fragments.get(fragment, caches, &self.prompt_caches)?)
    }

    fn cache(&self, fragment: &Fragment<'_>, content: &str) -> Result<(), Fault> {
        let Some(page) = page(fragment) else { return Ok(()) };
        Ok(page.waits.fragments.set(fragment, page.request.caches(), content)?)
    }
}

/// The page that a fragment is of.
fn page<'f>(fragment: &Fragment<'f>) -> Option<&'f RequestValue> {
    fragment.request?.downcast_object_ref()
}

impl SiteLinks {
    fn is_app_namespace(&self, name: &str) -> bool {
        let Some((namespaces, last)) = name.rsplit_once(':') else { return false };
        let fits = |(route, _): (&nuages_urls::Route, _)| {
            route.url_name() == Some(last) && route.app_names().join(":") == namespaces
        };
        self.urls.resolver.routes().any(fits)
    }
}

fn has(names: &[String], name: Option<&str>) -> bool {
    name.is_some_and(|name| names.iter().any(|given| given == name))
}
