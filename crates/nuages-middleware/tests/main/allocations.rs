//! What a layer costs: no heap allocation, but for one box in eight.

use std::pin::pin;
use std::task::{Context, Waker};

use nuages_http::{HttpRequest, HttpResponse, Result};
use nuages_middleware::{Chain, CsrfViewMiddleware, Layers, Middleware, Next};

use crate::stage::{prepare, settings};

/// A layer that does nothing.
struct Null;

impl Middleware for Null {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        Ok(next.run(request).await)
    }
}

/// The heap allocations of one request, from the outermost layer and back.
fn allocations<L: Layers, C>(chain: Chain<L, C>) -> u64 {
    let (whole, request) =
        prepare(chain, settings(), HttpRequest::test("GET", "/"), |_| Ok(HttpResponse::new("x")));
    let counted = allocation_counter::measure(|| {
        let answered = pin!(whole.run(request)).poll(&mut Context::from_waker(Waker::noop()));
        assert!(answered.is_ready());
    });
    counted.count_total
}

macro_rules! layers {
    ($($layer:ident)*) => { Chain::new()$(.middleware($layer))* };
}

#[test]
fn a_layer_that_does_nothing_allocates_nothing() {
    let view_alone = allocations(layers!());
    assert!(view_alone > 0, "the response is on the heap");
    assert_eq!(allocations(layers!(Null)), view_alone);
    assert_eq!(allocations(layers!(Null Null Null Null Null Null Null)), view_alone);
}

#[test]
fn layers_that_a_request_does_not_use_allocate_nothing() {
    let view_alone = allocations(layers!());
    let csrf = Chain::new().middleware(CsrfViewMiddleware::new());
    assert_eq!(allocations(csrf), view_alone, "no cookie, and no token asked for");
}

#[test]
fn eight_layers_share_one_box() {
    let view_alone = allocations(layers!());
    let eight = allocations(layers!(Null Null Null Null Null Null Null Null));
    let twelve = allocations(layers!(Null Null Null Null Null Null Null Null Null Null Null Null));
    let twenty = allocations(layers!(
        Null Null Null Null Null Null Null Null Null Null
        Null Null Null Null Null Null Null Null Null Null
    ));
    assert_eq!([eight, twelve, twenty], [view_alone + 1, view_alone + 1, view_alone + 2]);
}
