use nuages::prelude::*;

async fn view(_request: HttpRequest) -> Result<String> {
    Ok("hello".to_owned())
}

fn main() {
    urlconf([path("", view)]);
}
