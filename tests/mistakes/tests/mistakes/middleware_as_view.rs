use nuages::prelude::*;

fn main() {
    urlconf([path("", SessionMiddleware::new())]);
}
