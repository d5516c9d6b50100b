use nuages::prelude::*;

async fn view(request: HttpRequest) -> Result {
    request.session()?.set("greeted", true)?;
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("", view)]);
}
