//! The views: each does what its peers do, in the words of a Django developer.

use std::sync::LazyLock;

use nuages::prelude::*;
use nuages::view::Kwargs;
use serde::Serialize;

const TEXT: &str = "text/plain; charset=utf-8";
const BACKEND: &str = "django.contrib.auth.backends.ModelBackend";
const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn text(content: impl Into<Body>) -> Result {
    Ok(HttpResponse::new(content).with_content_type(TEXT)?)
}

pub(crate) async fn plaintext(_request: HttpRequest) -> Result {
    text("Hello, World!")
}

#[derive(Serialize)]
struct Message {
    message: &'static str,
}

pub(crate) async fn json(_request: HttpRequest) -> Result {
    HttpResponse::json(&Message { message: "Hello, World!" })
}

#[derive(Serialize)]
struct Row {
    id: u32,
    name: String,
    price: String,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |id| Row { id, name: format!("Item {id} <b>&\"bold\"</b>"), price: format!("{id}.99") };
    (0..100).map(row).collect()
});

pub(crate) async fn template(request: HttpRequest) -> Result {
    render(&request, "table.html", context! { title => "Items", rows => Serde(&*ROWS) })
}

pub(crate) async fn user_post(_request: HttpRequest, id: u64, slug: String) -> Result {
    text(format!("id={id} slug={slug}"))
}

pub(crate) async fn filler(_request: HttpRequest, _kwargs: Kwargs) -> Result {
    text("filler")
}

pub(crate) async fn cookies_read(request: HttpRequest) -> Result {
    text(request.COOKIES.require("c7")?.into_owned())
}

pub(crate) async fn cookies_set(_request: HttpRequest) -> Result {
    let mut response = text("ok")?;
    for (name, value) in [("a", "value-a"), ("b", "value-b"), ("c", "value-c")] {
        response.set_cookie(name, value).max_age(3600).http_only(true).same_site(SameSite::Lax);
    }
    Ok(response)
}

pub(crate) async fn signed_read(request: HttpRequest) -> Result {
    text(request.get_signed_cookie("sid")?)
}

pub(crate) async fn signed_set(_request: HttpRequest) -> Result {
    let mut response = text("ok")?;
    response.set_signed_cookie("sid", "user-42").max_age(3600).http_only(true).same_site(SameSite::Lax);
    Ok(response)
}

pub(crate) async fn session_init(request: HttpRequest) -> Result {
    let session = request.session().await?;
    session.set("_auth_user_id", "42")?;
    session.set("_auth_user_backend", BACKEND)?;
    session.set("_auth_user_hash", HASH)?;
    session.set("theme", "dark")?;
    session.set("n", 0)?;
    text("ok")
}

pub(crate) async fn session_read(request: HttpRequest) -> Result {
    text(request.session().await?.require::<String>("theme")?)
}

pub(crate) async fn session_write(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let n = session.require::<u64>("n")? + 1;
    session.set("n", n)?;
    text(n.to_string())
}

/// How many bytes of files came.
pub(crate) async fn upload(request: HttpRequest) -> Result {
    let files = request.FILES().await?;
    let bytes: u64 = files.lists().flat_map(|(_, files)| files).map(UploadedFile::size).sum();
    text(bytes.to_string())
}

pub(crate) async fn form(request: HttpRequest) -> Result {
    let post = request.POST().await?;
    text(post.get("field7").or_404()?.to_owned())
}
