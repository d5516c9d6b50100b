use nuages::prelude::*;

async fn view(_request: HttpRequest) -> String {
    "hello".to_owned()
}

fn main() {
    urlconf([path("", view)]);
}
