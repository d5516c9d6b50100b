//! What a request must be before the application sees it.

use http::header::{CONNECTION, HOST};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Method, Request, Uri, Version};

use crate::host::{LastHost, is_well_formed};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Checks a request's target and host, and brings them into one form: the target is a path and a query, and the
/// Host header alone names the host.
///
/// The scheme that a client writes into its target is dropped with the rest: what is secure is for the
/// connection to know, not for the client to say.
pub(crate) fn admit<B>(
    request: &mut Request<B>,
    limits: &Limits,
    last_host: &mut LastHost,
) -> Result<(), Refusal> {
    if request.method() == Method::CONNECT {
        return Err(Refusal::Connect);
    }
    let http2 = request.version() == Version::HTTP_2;
    if http2 && request.headers().len() > limits.header_count {
        return Err(Refusal::ManyHeaders);
    }
    let named = named_host(request.headers(), last_host)?;
    let uri = request.uri();
    match (uri.scheme(), uri.authority()) {
        (None, None) => match (named, request.version()) {
            (true, _) | (_, Version::HTTP_10 | Version::HTTP_09) => {}
            _ => return Err(Refusal::MissingHost),
        },
        // `GET example.com`: a target that only CONNECT may have.
        (None, Some(_)) => return Err(Refusal::MalformedTarget),
        (Some(_), None) => return Err(Refusal::MissingHost),
        (Some(_), Some(authority)) => {
            let authority = authority.clone();
            // An HTTP/1.1 request must name its host although the target does (RFC 9112, 3.2).
            if !named && request.version() == Version::HTTP_11 {
                return Err(Refusal::MissingHost);
            }
            take_authority(request, &authority, http2 && named)?;
        }
    }
    let path = request.uri().path();
    if path == "*" && request.method() == Method::OPTIONS {
        return Err(Refusal::ServerOptions);
    }
    if !path.starts_with('/') {
        return Err(Refusal::MalformedTarget);
    }
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > limits.target_bytes) {
        return Err(Refusal::LongTarget);
    }
    Ok(())
}

/// Whether there is a Host header; an error if there are two, or one that no site can have.
fn named_host(headers: &HeaderMap, last_host: &mut LastHost) -> Result<bool, Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else { return Ok(false) };
    if hosts.next().is_some() {
        return Err(Refusal::ManyHosts);
    }
    if !last_host.is_well_formed(host.as_bytes()) {
        return Err(Refusal::MalformedHost);
    }
    Ok(true)
}

/// Makes the target's authority the Host header, which on HTTP/1 it overrides (RFC 9112, 3.2.2) and from which
/// on HTTP/2 it may not differ (RFC 9113, 8.3.1).
fn take_authority<B>(
    request: &mut Request<B>,
    authority: &Authority,
    must_agree: bool,
) -> Result<(), Refusal> {
    if !is_well_formed(authority.as_str().as_bytes()) {
        return Err(Refusal::MalformedHost);
    }
    if must_agree {
        let host = request.headers().get(HOST).map(HeaderValue::as_bytes).unwrap_or_default();
        if !host.eq_ignore_ascii_case(authority.as_str().as_bytes()) {
            return Err(Refusal::HostMismatch);
        }
    }
    let host = HeaderValue::from_str(authority.as_str()).map_err(|_| Refusal::MalformedHost)?;
    request.headers_mut().insert(HOST, host);
    let target = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(target);
    Ok(())
}

/// Makes an answer the last one of its HTTP/1 connection; hyper strips this on HTTP/2.
pub(crate) fn closing(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}
