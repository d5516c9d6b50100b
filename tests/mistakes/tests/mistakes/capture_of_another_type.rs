use nuages::prelude::*;

async fn view(_request: HttpRequest, age: Duration) -> Result {
    Ok(HttpResponse::new(format!("{age:?}")))
}

fn main() {
    urlconf([path("<int:age>/", view)]);
}
