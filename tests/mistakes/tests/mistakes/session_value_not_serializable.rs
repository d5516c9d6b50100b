use nuages::prelude::*;

struct Cart;

async fn view(request: HttpRequest) -> Result {
    request.session().await?.set("cart", Cart)?;
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("", view)]);
}
