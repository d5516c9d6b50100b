//! The shop: who is here, and what he has bought.

use nuages::contrib::auth::hashers::{check_password, make_unusable_password};
use nuages::prelude::*;

use crate::login::{current_user, log_in, log_out};
use crate::user::User;

/// Django's page shows it too.
const BOUGHT: Key<u32> = Key::new("bought");

// ANCHOR: shop
pub(crate) async fn shop(request: HttpRequest) -> Result {
    let bought = request.session().await?.get(BOUGHT)?.unwrap_or(0);
    let body = match current_user(&request).await? {
        Some(user) => format!(
            "<p>nuages: you are {}, and have bought {bought}.</p>{}{}",
            escape(&user.username),
            button(&request, "/shop/buy/", "Buy one"),
            button(&request, "/shop/logout/", "Log out here"),
        ),
        None => "<p>nuages: you are nobody.</p><a href=\"/shop/login/\">Log in here</a>".to_owned(),
    };
    Ok(HttpResponse::new(format!("{body}<p><a href=\"/\">To Django</a></p>")))
}

pub(crate) async fn buy(request: HttpRequest) -> Result {
    current_user(&request).await?.or_403()?;
    request.session().await?.modify(BOUGHT, |bought| bought.saturating_add(1))?;
    redirect_to(&request, "shop").response()
}
// ANCHOR_END: shop

// ANCHOR: login
pub(crate) async fn login(request: HttpRequest) -> Result {
    if request.method == "POST" {
        let form = request.POST().await?;
        let field = |name| form.get(name).unwrap_or_default();
        let user = User::by_name(&request, field("username")).await?;
        // It takes as long for a name that nobody has.
        let encoded = user.as_ref().map_or_else(make_unusable_password, |user| user.password.clone());
        let right = check_password(request.site(), field("password"), &encoded).await?;
        if let Some(user) = user.filter(|_| right) {
            log_in(&request, &user).await?;
            return redirect_to(&request, "shop").response();
        }
    }
    Ok(HttpResponse::new(format!(
        "<form method=\"post\">{}<input name=\"username\" aria-label=\"Name\">\
         <input name=\"password\" type=\"password\" aria-label=\"Password\"><button>Log in</button></form>",
        token(&request),
    )))
}

pub(crate) async fn logout(request: HttpRequest) -> Result {
    log_out(&request)?;
    redirect_to(&request, "shop").response()
}
// ANCHOR_END: login

fn button(request: &HttpRequest, action: &str, text: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\">{}<button>{text}</button></form>", token(request))
}

fn token(request: &HttpRequest) -> String {
    format!("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\">", get_token(request))
}
