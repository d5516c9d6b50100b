use nuages::decorators::require_POST;
use nuages::prelude::*;

fn main() {
    urlconf([path("", require_POST("hello"))]);
}
