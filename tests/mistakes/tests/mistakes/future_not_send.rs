use std::rc::Rc;

use nuages::prelude::*;

async fn view(request: HttpRequest) -> Result {
    let greeting = Rc::new("hello");
    let _session = request.session().await?;
    Ok(HttpResponse::new(*greeting))
}

fn main() {
    urlconf([path("", view)]);
}
