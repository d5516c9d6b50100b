use nuages::prelude::*;

async fn view() -> Result {
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("", view)]);
}
