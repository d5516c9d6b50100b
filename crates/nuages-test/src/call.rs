//! One request, from its making to its answer.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
use http::header::{COOKIE, HOST, HeaderName, HeaderValue, SET_COOKIE};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::BodyExt;
use nuages_http::iri::iri_to_uri;
use nuages_http::url_split::{urljoin, urlsplit};
use nuages_http::{Body, DontEnforceCsrfChecks};
use serde::Serialize;

use crate::client::Client;
use crate::multipart;
use crate::response::TestResponse;
use crate::serve::Serve;
use crate::stored_cookie::Origin;

/// As many redirects as browsers follow.
const MOST_REDIRECTS: usize = 20;

/// A request about to be sent; await it.
///
/// ```
/// # use std::sync::Arc;
/// # use nuages_http::{Body, Peer, Settings, Site};
/// # use nuages_test::{BoxFuture, Client, Serve};
/// # struct Shop(Arc<Site>);
/// # impl Serve for Shop {
/// #     fn serve(&self, _: http::Request<Body>, _: Peer) -> BoxFuture<http::Response<Body>> {
/// #         let response = http::Response::builder().header("set-cookie", "cart=3; Path=/; Max-Age=60; HttpOnly");
/// #         Box::pin(async move { response.body(Body::from("[\"pen\"]".to_owned())).unwrap() })
/// #     }
/// #     fn site(&self) -> &Arc<Site> { &self.0 }
/// # }
/// # let application = Shop(Site::new(Settings::default()).unwrap());
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut client = Client::new(application);
/// client.post("/cart/").form(&[("item", "pen")]).await.assert_status(200);
/// client.post("/cart/").json(&["pen"]).header("X-CSRFToken", "a token").await.assert_status(200);
/// client.get("/cart/").query(&[("page", "2")]).follow().await.assert_contains("pen");
/// # });
/// ```
#[must_use = "await it"]
pub struct Call<'a, A> {
    client: &'a mut Client<A>,
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    follow: bool,
    /// Where it goes; redirects of this call change it, not the client's.
    host: String,
    https: bool,
}

impl<'a, A: Serve> Call<'a, A> {
    pub(crate) fn new(client: &'a mut Client<A>, method: Method, path: &str) -> Self {
        let (headers, host, https) = (client.headers.clone(), client.host.clone(), client.https);
        Self {
            client,
            method,
            target: path.to_owned(),
            headers,
            body: Bytes::new(),
            follow: false,
            host,
            https,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends these bytes as the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends a form: a struct, a map or a list of pairs.
    ///
    /// # Panics
    /// If it cannot be written as a form.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is a mistake of the test")]
    pub fn form<T: Serialize + ?Sized>(self, form: &T) -> Self {
        match serde_urlencoded::to_string(form) {
            Ok(text) => self.header("content-type", "application/x-www-form-urlencoded").body(text),
            Err(error) => panic!("the form cannot be encoded: {error}"),
        }
    }

    /// Adds a field to a multipart form.
    ///
    /// ```
    /// # async fn upload<A: nuages_test::Serve + Send>(mut client: nuages_test::Client<A>) {
    /// client.post("/upload/").field("title", "Notes").file("doc", "notes.txt", "hello").await.assert_status(200);
    /// # }
    /// ```
    pub fn field(self, name: &str, value: &str) -> Self {
        self.part(&format!("name={}", multipart::quoted(name)), value.as_bytes())
    }

    /// Adds a file to a multipart form.
    pub fn file(self, name: &str, file_name: &str, content: impl AsRef<[u8]>) -> Self {
        let (name, file_name) = (multipart::quoted(name), multipart::quoted(file_name));
        self.part(&format!("name={name}; filename={file_name}"), content.as_ref())
    }

    fn part(mut self, disposition: &str, content: &[u8]) -> Self {
        if !self.headers.iter().any(|(_, value)| value == multipart::CONTENT_TYPE) {
            self = self.header("content-type", multipart::CONTENT_TYPE);
        }
        self.body = multipart::with_part(&self.body, disposition, content);
        self
    }

    /// Sends JSON.
    ///
    /// # Panics
    /// If it cannot be written as JSON.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is a mistake of the test")]
    pub fn json<T: Serialize + ?Sized>(self, data: &T) -> Self {
        match serde_json::to_vec(data) {
            Ok(text) => self.header("content-type", "application/json").body(text),
            Err(error) => panic!("the data cannot be encoded: {error}"),
        }
    }

    /// Adds fields to the query string.
    ///
    /// # Panics
    /// If they cannot be written as a query.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is a mistake of the test")]
    pub fn query<T: Serialize + ?Sized>(mut self, fields: &T) -> Self {
        match serde_urlencoded::to_string(fields) {
            Ok(text) => {
                self.target.push(if self.target.contains('?') { '&' } else { '?' });
                self.target.push_str(&text);
                self
            }
            Err(error) => panic!("the query cannot be encoded: {error}"),
        }
    }

    /// Follows redirects.
    #[doc(alias = "follow=True")]
    pub fn follow(mut self) -> Self {
        self.follow = true;
        self
    }

    async fn send(mut self) -> TestResponse {
        let mut redirects = Vec::new();
        loop {
            let mut response = self.once().await;
            let location = response.header("location").map(std::borrow::Cow::into_owned);
            match location {
                Some(location)
                    if self.follow
                        && response.status.is_redirection()
                        && redirects.len() < MOST_REDIRECTS =>
                {
                    redirects.push((response.status, location.clone()));
                    self.redirect(response.status, &location);
                }
                _ => {
                    response.redirects = redirects;
                    return response;
                }
            }
        }
    }

    /// Turns this call into the one that a redirect asks for.
    #[expect(clippy::panic, reason = "it is an assertion: a browser could not follow")]
    fn redirect(&mut self, status: StatusCode, location: &str) {
        let keeps = [StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT].contains(&status);
        if !keeps && ![Method::GET, Method::HEAD].contains(&self.method) {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        let scheme = if self.https { "https" } else { "http" };
        let here = format!("{scheme}://{}{}", self.host, self.target);
        let there = match urljoin(&here, location).and_then(|there| urlsplit(&there)) {
            Ok(there) => there,
            Err(error) => panic!("{here} redirects to {location:?}, which is no URL: {error}"),
        };
        self.https = there.scheme == "https";
        self.host = there.netloc;
        let path = if there.path.is_empty() { "/" } else { &*there.path };
        self.target =
            if there.query.is_empty() { path.to_owned() } else { format!("{path}?{}", there.query) };
    }

    #[expect(clippy::panic, reason = "it is an assertion: a cut body is no answer")]
    async fn once(&mut self) -> TestResponse {
        let path = self.target.split(['?', '#']).next().unwrap_or("/").to_owned();
        let host = self.host.clone();
        let domain = host.rsplit_once(':').map_or(&*host, |(domain, _)| domain).to_owned();
        let origin = Origin { https: self.https, host: &domain, path: &path };
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri(&self.target);
        if !self.client.enforce_csrf_checks {
            request.extensions_mut().insert(DontEnforceCsrfChecks);
        }
        let headers = request.headers_mut();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
            {
                headers.append(name, value);
            }
        }
        if self.https && !headers.contains_key("x-forwarded-proto") {
            headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        }
        if let (false, Ok(host)) = (headers.contains_key(HOST), HeaderValue::from_str(&host)) {
            headers.insert(HOST, host);
        }
        let safe = self.method.is_safe();
        if let (false, Some(cookies)) =
            (headers.contains_key(COOKIE), self.client.jar.header(&origin, self.client.cross_site, safe))
            && let Ok(cookies) = HeaderValue::from_bytes(cookies.as_bytes())
        {
            headers.insert(COOKIE, cookies);
        }
        let response = self.client.application.serve(request, self.client.peer).await;
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            self.client.jar.take(&String::from_utf8_lossy(line.as_bytes()), &origin);
        }
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => panic!("the body of {path} was cut: {error}"),
        };
        TestResponse { status: parts.status, headers: parts.headers, body, path, redirects: Vec::new() }
    }
}

/// The target as a browser sends it: what a URI cannot hold is escaped.
#[expect(clippy::panic, reason = "it is a mistake of the test")]
fn uri(target: &str) -> Uri {
    match iri_to_uri(target).parse() {
        Ok(uri) => uri,
        Err(error) => panic!("{target:?} is no path: {error}"),
    }
}

impl<'a, A: Serve + Send> IntoFuture for Call<'a, A> {
    type Output = TestResponse;
    type IntoFuture = Pin<Box<dyn Future<Output = TestResponse> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn targets_are_escaped_as_browsers_do() {
        for (target, expected) in
            [("/a?b=<c>&d=%20", "/a?b=%3Cc%3E&d=%20"), ("/ü b/", "/%C3%BC%20b/"), ("/a'(b)", "/a'(b)")]
        {
            assert_eq!(uri(target).to_string(), expected);
        }
    }

    #[test]
    #[should_panic(expected = "is no path")]
    fn what_is_no_path_is_not_taken_for_the_index_page() {
        let _panics = uri("");
    }
}
