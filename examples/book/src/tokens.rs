//! A form that is written by hand, with its token.

use nuages::prelude::*;

// ANCHOR: form
/// A form, with the token that CsrfViewMiddleware asks for.
async fn subscribe(request: HttpRequest) -> Result {
    if request.method == "POST" {
        let form = request.POST().await?;
        return Ok(HttpResponse::new(format!("Thank you, {}", escape(form.require("name")?))));
    }
    let token = get_token(&request);
    Ok(HttpResponse::new(format!(
        r#"<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<label>Name <input name="name" autocomplete="name"></label>
<button>Subscribe</button>
</form>"#
    )))
}
// ANCHOR_END: form

/// The form.
pub fn token_urls() -> UrlConf {
    urlconf([path("subscribe/", subscribe)])
}
