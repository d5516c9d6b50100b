//! A voucher is given, shown, and forged.

use nuages::prelude::*;

/// What the basket costs without a voucher.
const PRICE: u32 = 200;

// ANCHOR: voucher
/// Keeps a signature for a voucher apart from those for all other purposes.
pub(crate) const SALT: &str = "shop.voucher";

/// How long a voucher is good, whatever the browser thinks of it.
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Gives a voucher. Everybody can read the cookie, and nobody else can write it.
pub(crate) async fn voucher(request: HttpRequest, percent: u8) -> Result {
    if percent > 50 {
        return Err(Error::new(ErrorKind::NotFound, "we are not that generous"));
    }
    let mut response = redirect_to(&request, "basket").response()?;
    response
        .set_signed_cookie("voucher", percent)
        .salt(SALT)
        .max_age(HOUR)
        .http_only(true)
        .same_site(SameSite::Lax);
    Ok(response)
}
// ANCHOR_END: voucher

// ANCHOR: basket
/// Shows the basket. The age is judged by the time that was signed: a browser may keep a cookie for as long as it likes.
pub(crate) async fn basket(request: HttpRequest) -> Result {
    let (percent, note): (u32, _) = match request.signed_cookie("voucher").salt(SALT).max_age(HOUR).get() {
        Ok(percent) => (percent.parse()?, "your voucher is good"),
        Err(SignedCookieError::Missing) => (0, "you have no voucher"),
        Err(SignedCookieError::SignatureExpired) => (0, "your voucher has expired"),
        Err(SignedCookieError::BadSignature) => (0, "this voucher is not from us"),
    };
    let price = PRICE * (100 - percent) / 100;
    let mut response = HttpResponse::new(format!(
        "<p>To pay: {price} €, because {note}.</p>\
         <p><a href=\"/voucher/10/\">10 % off</a> <a href=\"/voucher/25/\">25 % off</a> \
         <a href=\"/tamper/\">50 % off, by hand</a></p>"
    ));
    if percent == 0 && request.COOKIES.contains("voucher") {
        response.delete_cookie("voucher");
    }
    Ok(response)
}
// ANCHOR_END: basket

// ANCHOR: tamper
/// What somebody could do in the developer tools of a browser: another value under the signature that is there.
pub(crate) async fn tamper(request: HttpRequest) -> Result {
    let signed = request.COOKIES.get("voucher").unwrap_or("10:1mYnDo:a-signature".into());
    let signature = signed.split_once(':').map_or("", |(_, signature)| signature);
    let mut response = redirect_to(&request, "basket").response()?;
    response.set_cookie("voucher", format!("50:{signature}"));
    Ok(response)
}
// ANCHOR_END: tamper
