use nuages::prelude::*;

fn view(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("", view)]);
}
