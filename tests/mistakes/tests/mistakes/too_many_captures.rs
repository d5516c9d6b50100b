use nuages::prelude::*;

async fn view(_: HttpRequest, _a: u8, _b: u8, _c: u8, _d: u8, _e: u8, _f: u8, _g: u8) -> Result {
    Ok(HttpResponse::new("hello"))
}

fn main() {
    urlconf([path("<int:a>/<int:b>/<int:c>/<int:d>/<int:e>/<int:f>/<int:g>/", view)]);
}
