use nuages::middleware::Next;
use nuages::prelude::*;

async fn timing(request: HttpRequest, next: &impl Next) -> Result {
    Ok(next.run(request).await)
}

fn main() {
    let _app = App::new(Settings::default()).middleware(timing);
}
