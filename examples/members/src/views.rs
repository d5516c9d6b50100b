//! The views: registering, logging in, a member's page.

use nuages::contrib::auth::hashers::{check_password_and_upgrade, make_password, make_unusable_password};
use nuages::prelude::*;

use crate::members::Members;
use crate::page::page;

pub(crate) async fn home(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let body = match session.get::<String>("name")? {
        Some(name) => format!("<p>You are {}.</p>", escape(&name)),
        None => "<p><a href=\"/register/\">Register</a> or <a href=\"/login/\">log in</a>.</p>".to_owned(),
    };
    page(&request, "Members", &body)
}

// ANCHOR: register
pub(crate) async fn register(request: HttpRequest) -> Result {
    if request.method != "POST" {
        return form(&request, "Register", "");
    }
    let (name, password) = credentials(&request).await?;
    if Members::of(&request).password(&name).is_some() {
        return form(&request, "Register", "That name is taken.");
    }
    let encoded = make_password(request.site(), &password).await?;
    Members::of(&request).set_password(&name, encoded);
    redirect("/login/")
}
// ANCHOR_END: register

// ANCHOR: login
pub(crate) async fn login(request: HttpRequest) -> Result {
    if request.method != "POST" {
        return form(&request, "Log in", "");
    }
    let (name, password) = credentials(&request).await?;
    let members = Members::of(&request);
    // Of a name that nobody has, a password is checked as well: the time must not tell which names there are.
    let encoded = members.password(&name).unwrap_or_else(make_unusable_password);
    let right = check_password_and_upgrade(request.site(), &password, &encoded, async |new| {
        members.set_password(&name, new);
        Ok(())
    });
    if !right.await? {
        return form(&request, "Log in", "Name or password is wrong.");
    }
    let session = request.session().await?;
    session.cycle_key()?;
    session.set("name", &name)?;
    redirect("/")
}
// ANCHOR_END: login

// ANCHOR: member
pub(crate) async fn member(request: HttpRequest, name: String) -> Result {
    Members::of(&request).password(&name).or_404()?;
    page(&request, &name, "<p>A member.</p>")
}
// ANCHOR_END: member

async fn credentials(request: &HttpRequest) -> Result<(String, String)> {
    let form = request.POST().await?;
    let field = |name: &str| form.get(name).unwrap_or_default().to_owned();
    Ok((field("name"), field("password")))
}

fn form(request: &HttpRequest, title: &str, mistake: &str) -> Result {
    let token = get_token(request);
    page(
        request,
        title,
        &format!(
            "<p role=\"alert\">{mistake}</p><form method=\"post\">\
             <input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{token}\">\
             <label>Name <input name=\"name\" autocomplete=\"username\" required></label>\
             <label>Password <input name=\"password\" type=\"password\" required></label>\
             <button>{title}</button></form>"
        ),
    )
}
