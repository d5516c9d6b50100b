//! A cookie that only the site can have written.

use nuages::prelude::*;

// ANCHOR: check_salt_cookie
/// Shows the signed cookie, or sets it at the first visit.
pub(crate) async fn check_salt_cookie(request: HttpRequest) -> Result {
    match request.signed_cookie("salt_cookie").salt("nice").get() {
        Ok(salt_cookie) => {
            Ok(HttpResponse::new(format!("Obtained salt Cookie value:{}", escape(&salt_cookie))))
        }
        // Python's KeyError.
        Err(SignedCookieError::Missing) => {
            let mut response = HttpResponse::new("Setting up a salt Cookie value");
            response.set_signed_cookie("salt_cookie", "hello salt cookie").salt("nice");
            Ok(response)
        }
        Err(tampered) => Err(Error::with_source(ErrorKind::BadRequest, tampered)),
    }
}
// ANCHOR_END: check_salt_cookie

// ANCHOR: forge_salt_cookie
/// What somebody could do in the browser's developer tools: another value, and a signature that is made up.
pub(crate) async fn forge_salt_cookie(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("The salt Cookie is forged now");
    response.set_cookie("salt_cookie", "hello admin:1mYnDo:notTheSignature");
    Ok(response)
}
// ANCHOR_END: forge_salt_cookie

/// Begins anew.
pub(crate) async fn delete_salt_cookie(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("The salt Cookie is deleted");
    response.delete_cookie("salt_cookie");
    Ok(response)
}
