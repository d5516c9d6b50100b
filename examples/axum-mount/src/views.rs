//! The site around the API: a visitor says his name, and a script talks to the API.

use nuages::prelude::*;

use crate::visitor;

pub(crate) async fn desk(request: HttpRequest) -> Result {
    if request.method == "POST" {
        visitor::set_name(&request, request.POST().await?.get("name").unwrap_or_default()).await?;
        return redirect("/");
    }
    let name = visitor::name(&request).await?.unwrap_or_else(|| "stranger".to_owned());
    let page = PAGE.replace("{{ csrf_token }}", &get_token(&request));
    Ok(HttpResponse::new(page.replace("{{ name }}", &escape(&name))))
}

const PAGE: &str = include_str!("desk.html");
