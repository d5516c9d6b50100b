use nuages::prelude::*;

async fn view(_request: HttpRequest, slug: &str) -> Result {
    Ok(HttpResponse::new(slug.to_owned()))
}

fn main() {
    urlconf([path("<slug:slug>/", view)]);
}
