use nuages::prelude::*;

fn blog() -> UrlConf {
    urlconf([])
}

fn main() {
    urlconf([path("blog/", blog())]);
}
