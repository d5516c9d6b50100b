//! What a response can be.

use nuages::prelude::*;

// ANCHOR: kinds
async fn page(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("<p>A page</p>"))
}

async fn created(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::json(&["pen", "ink"])?;
    response.set_status(StatusCode::CREATED).set_header("Location", "/things/7/")?;
    Ok(response)
}

async fn moved(_request: HttpRequest) -> Result {
    HttpResponse::permanent_redirect("/page/")
}

async fn text(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("a,b\n1,2\n").with_content_type("text/csv; charset=utf-8")?)
}

async fn gone(_request: HttpRequest) -> Result {
    Ok(HttpResponse::gone("It was here once"))
}
// ANCHOR_END: kinds

// ANCHOR: errors
/// 404 if there is no such thing, 403 if it is not for this visitor.
async fn thing(request: HttpRequest, number: u32) -> Result {
    let names = ["pen", "ink"];
    let name = usize::try_from(number).ok().and_then(|at| names.get(at)).or_404()?;
    request.COOKIES.get("member").or_403()?;
    Ok(HttpResponse::new(*name))
}
// ANCHOR_END: errors

// ANCHOR: streaming
/// A long answer that nobody keeps in memory as a whole.
async fn numbers(_request: HttpRequest) -> Result {
    let (mut sender, body) = Body::channel();
    tokio::spawn(async move {
        for number in 0..1000 {
            // The visitor has left, say, and nobody reads on.
            if sender.send(format!("{number}\n")).await.is_err() {
                return;
            }
        }
        sender.finish().await;
    });
    Ok(HttpResponse::streaming(body).with_content_type("text/plain; charset=utf-8")?)
}
// ANCHOR_END: streaming

/// A page for each.
pub fn answer_urls() -> UrlConf {
    urlconf([
        path("page/", page),
        path("created/", created),
        path("moved/", moved),
        path("text/", text),
        path("gone/", gone),
        path("things/<int:number>/", thing),
        path("numbers/", numbers),
    ])
}
