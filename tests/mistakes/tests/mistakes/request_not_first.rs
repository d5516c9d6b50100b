use nuages::prelude::*;

async fn view(year: u32, _request: HttpRequest) -> Result {
    Ok(HttpResponse::new(format!("{year}")))
}

fn main() {
    urlconf([path("<int:year>/", view)]);
}
