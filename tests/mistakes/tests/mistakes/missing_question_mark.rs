use nuages::prelude::*;

async fn view(request: HttpRequest) -> Result {
    let session = request.session().await;
    session.set("greeted", true)?;
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("", view)]);
}
