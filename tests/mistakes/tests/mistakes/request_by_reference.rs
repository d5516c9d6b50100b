use nuages::prelude::*;

async fn view(request: &HttpRequest) -> Result {
    Ok(HttpResponse::new(request.path.to_string()))
}

fn main() {
    urlconf([path("", view)]);
}
