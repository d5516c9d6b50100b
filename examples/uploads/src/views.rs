//! The gallery, its pictures, and how far an upload is.

use nuages::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::gallery::Gallery;
use crate::handlers::{Progress, Received};

// ANCHOR: gallery
/// Shows the pictures and the form; a POST hangs up what the handlers have let through.
pub(crate) async fn gallery(request: HttpRequest) -> Result {
    let gallery = Gallery::of(&request);
    if request.method == "POST" {
        for file in request.FILES().await?.getlist("picture").iter().filter(|file| file.size() > 0) {
            gallery.hang(file.name(), file.read().await?);
        }
        return redirect_to(&request, "gallery").response();
    }
    let mut html = FORM.replace("{{ csrf_token }}", &get_token(&request));
    for picture in gallery.all() {
        html += &format!("<img src=\"/pictures/{}/\" alt=\"{}\">", picture.id, escape(&picture.name));
    }
    Ok(HttpResponse::new(html))
}
// ANCHOR_END: gallery

/// One picture: its type is guessed from its name, and `nosniff` keeps a browser from guessing on.
pub(crate) async fn picture(request: HttpRequest, id: Uuid) -> Result {
    let picture = Gallery::of(&request).find(id).or_404()?;
    Ok(FileResponse::of_bytes(picture.content).filename(&picture.name).respond_to(&request)?)
}

// ANCHOR: progress
/// How far an upload is, for the bar of the page.
pub(crate) async fn progress(request: HttpRequest, upload: Uuid) -> Result {
    let found: Option<Received> = request.cache().get(&Progress::key(upload)).await?;
    let (received, total) = found.or_404()?;
    HttpResponse::json(&json!({"received": received, "total": total}))
}
// ANCHOR_END: progress

const FORM: &str = include_str!("form.html");
