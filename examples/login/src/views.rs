//! The pages.

use nuages::prelude::*;
use nuages::safe_redirect::{AllowedSchemes, url_has_allowed_host_and_scheme};

use crate::{accounts, session};

// ANCHOR: login
/// The form, and what becomes of it.
pub(crate) async fn login(request: HttpRequest) -> Result {
    let next = request.GET.get("next").unwrap_or("/");
    if request.method != "POST" {
        return Ok(HttpResponse::new(form(&request, "")));
    }
    let form_data = request.POST().await?;
    let field = |name| form_data.get(name).unwrap_or_default();
    if !accounts::check(&request, field("name"), field("password")).await? {
        return Ok(HttpResponse::new(form(&request, "Name or password is wrong.")));
    }
    session::log_in(&request, field("name"), form_data.contains("remember")).await?;
    // Anybody can write a link to this page with a `next` that leads to a site of his own.
    let host = request.get_host()?;
    let is_ours = url_has_allowed_host_and_scheme(next, &[host], AllowedSchemes::HttpAndHttps);
    redirect(if is_ours { next } else { "/" })
}
// ANCHOR_END: login

// ANCHOR: logout
/// Only by POST: a link on another page must not log anybody out.
pub(crate) async fn logout(request: HttpRequest) -> Result {
    session::log_out(&request)?;
    redirect_to(&request, "home").response()
}
// ANCHOR_END: logout

pub(crate) async fn home(request: HttpRequest) -> Result {
    Ok(HttpResponse::new(match session::name(&request).await? {
        None => "<p><a href=\"/login/\">Log in</a> as ada, with the password lovelace.</p>".to_owned(),
        Some(name) => format!(
            "<p>You are {}. <a href=\"/diary/\">Your diary</a></p>\
             <form method=\"post\" action=\"/logout/\">{}<button>Log out</button></form>",
            escape(&name),
            token(&request),
        ),
    }))
}

/// Whoever gets here is logged in.
pub(crate) async fn diary(request: HttpRequest) -> Result {
    let name = session::name(&request).await?.or_403()?;
    Ok(HttpResponse::new(format!("<p>The diary of {}.</p>", escape(&name))))
}

fn form(request: &HttpRequest, mistake: &str) -> String {
    format!(
        "<p role=\"alert\">{mistake}</p><form method=\"post\">{}\
         <label>Name <input name=\"name\" autocomplete=\"username\" required></label>\
         <label>Password <input name=\"password\" type=\"password\" required></label>\
         <label><input name=\"remember\" type=\"checkbox\"> Remember me</label>\
         <button>Log in</button></form>",
        token(request),
    )
}

fn token(request: &HttpRequest) -> String {
    format!("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\">", get_token(request))
}
