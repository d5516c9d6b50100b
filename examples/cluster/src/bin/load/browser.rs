//! A browser with room for one cookie.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::header::{COOKIE, SET_COOKIE};

pub(crate) struct Browser {
    agent: Agent,
    url: String,
    cookie: Option<String>,
}

impl Browser {
    pub(crate) fn new(url: &str) -> Browser {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20)));
        Browser { agent: config.build().new_agent(), url: url.trim_end_matches('/').to_owned(), cookie: None }
    }

    /// One that shows the same cookie.
    pub(crate) fn copy(&self) -> Browser {
        Browser { cookie: self.cookie.clone(), ..Browser::new(&self.url) }
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Value, String> {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.call();
        self.read(path, answer)
    }

    pub(crate) fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Value, String> {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send_form(form.iter().copied());
        self.read(path, answer)
    }

    fn read(
        &mut self,
        path: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value, String> {
        let mut answer = answer.map_err(|error| format!("{path}: {error}"))?;
        let set = answer.headers().get(SET_COOKIE).and_then(|line| line.to_str().ok()).map(str::to_owned);
        let status = answer.status();
        let text = answer.body_mut().read_to_string().map_err(|error| format!("{path}: {error}"))?;
        if !status.is_success() {
            return Err(format!(
                "{path} was answered {status}: {}",
                text.chars().take(200).collect::<String>()
            ));
        }
        if let Some((pair, attributes)) = set.as_deref().and_then(|line| line.split_once(';')) {
            let ended = attributes.contains("Max-Age=0");
            self.cookie = (!ended).then(|| pair.to_owned());
        }
        serde_json::from_str(&text).map_err(|error| format!("{path}: {error}: {text}"))
    }
}
