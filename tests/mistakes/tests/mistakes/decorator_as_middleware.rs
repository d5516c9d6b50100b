use nuages::decorators::require_POST;
use nuages::prelude::*;

async fn view(_request: HttpRequest) -> Result {
    Ok(HttpResponse::new("hello"))
}

fn main() {
    let _app = App::new(Settings::default()).middleware(require_POST(view));
}
