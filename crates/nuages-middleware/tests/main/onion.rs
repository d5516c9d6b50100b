//! The order of layers, errors, panics, depth.

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result, StatusCode};
use nuages_middleware::{BoxMiddleware, Chain, Middleware, Next};

use crate::stage::{send, settings};

/// Appends its name on the way in and on the way out.
struct Trace(&'static str);

impl Middleware for Trace {
    async fn call(&self, mut request: HttpRequest, next: &impl Next) -> Result {
        let so_far = format!("{}{}>", &*request.path, self.0);
        request.path = so_far.as_str().into();
        let mut response = next.run(request).await;
        let trace = format!("{}<{}", response.header("x-trace").unwrap_or_default(), self.0);
        response.set_header("x-trace", &trace)?;
        Ok(response)
    }
}

fn echo(request: HttpRequest) -> Result {
    Ok(HttpResponse::new(request.path.to_string()))
}

fn get() -> nuages_http::TestRequest {
    HttpRequest::test("GET", "/")
}

#[test]
fn first_listed_is_outermost() {
    let chain = Chain::new().middleware(Trace("a")).middleware(Some(Trace("b"))).middleware(None::<Trace>);
    let chain = chain.middleware(BoxMiddleware::new(Trace("c")));
    let response = send(chain, settings(), get(), echo);
    assert_eq!(response.body().as_bytes(), Some(&b"/a>b>c>"[..]));
    assert_eq!(response.header("x-trace").as_deref(), Some("<c<b<a"));
}

#[test]
fn an_error_is_a_response_before_the_next_layer_out() {
    struct Refuses;
    impl Middleware for Refuses {
        async fn call(&self, _: HttpRequest, _: &impl Next) -> Result {
            Err(Error::new(ErrorKind::PermissionDenied, "no"))
        }
    }
    let response = send(Chain::new().middleware(Trace("a")).middleware(Refuses), settings(), get(), echo);
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.header("x-trace").as_deref(), Some("<a"));
}

#[test]
fn a_panic_is_a_500_and_outer_layers_go_on() {
    struct Panics;
    impl Middleware for Panics {
        async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
            let _response = next.run(request).await;
            panic!("on the way out")
        }
    }
    for view in [|_| panic!("in the view"), echo] {
        let response = send(Chain::new().middleware(Trace("a")).middleware(Panics), settings(), get(), view);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.header("x-trace").as_deref(), Some("<a"));
        assert!(!String::from_utf8_lossy(response.body().as_bytes().unwrap()).contains("way out"));
    }
}

#[test]
fn a_panic_before_the_future_is_made_is_a_500_too() {
    struct Hasty;
    impl Middleware for Hasty {
        fn call(&self, request: HttpRequest, next: &impl Next) -> impl Future<Output = Result> + Send {
            assert!(request.path.ends_with('!'), "panics while it is called");
            async move { Ok(next.run(request).await) }
        }
    }
    let response = send(Chain::new().middleware(Trace("a")).middleware(Hasty), settings(), get(), echo);
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.header("x-trace").as_deref(), Some("<a"));
}

#[test]
fn forty_layers_build() {
    macro_rules! layers {
        ($chain:expr; $($name:literal)*) => { $chain$(.middleware(Trace($name)))* };
    }
    let chain = layers!(Chain::new(); "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16" "17"
        "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35" "36" "37" "38" "39");
    assert_eq!(chain.describe().len(), 40);
    let response = send(chain, settings(), get(), echo);
    let body = String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap();
    assert!(body.starts_with("/0>1>2>") && body.ends_with("38>39>"), "{body}");
}

#[test]
fn a_failing_error_page_still_answers() {
    use nuages_middleware::{BoxFuture, Guarded, Respond};
    struct Broken;
    impl Respond for Broken {
        fn respond(&self, _: HttpRequest, _: Error) -> BoxFuture<'_, HttpResponse> {
            Box::pin(async { panic!("no page") })
        }
    }
    struct Hasty;
    impl Respond for Hasty {
        fn respond(&self, _: HttpRequest, _: Error) -> BoxFuture<'_, HttpResponse> {
            panic!("not even a future")
        }
    }
    let respond: [&dyn Respond; 2] = [&Broken, &Hasty];
    for respond in respond {
        let work = async { Err(Error::new(ErrorKind::NotFound, "gone")) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let response = runtime.block_on(Guarded::new(work, get().build(), respond));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
