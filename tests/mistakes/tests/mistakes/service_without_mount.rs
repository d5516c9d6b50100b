use nuages::prelude::*;

fn main() {
    let Ok(inner) = App::new(Settings::default()).build() else { return };
    urlconf([path("api/", inner)]);
}
