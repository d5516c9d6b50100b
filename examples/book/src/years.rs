//! A converter of one's own.

// ANCHOR: converter
use nuages::prelude::*;
use nuages::urls::Converter;

/// A year of four digits: `<yyyy:year>`.
pub struct FourDigitYear;

impl Converter for FourDigitYear {
    type Value = u16;

    /// What the text of the URL must look like.
    fn regex(&self) -> &str {
        "[0-9]{4}"
    }

    /// Django's `to_python`; `None` says that the route does not match.
    fn to_value(&self, text: &str) -> Option<u16> {
        text.parse().ok().filter(|year| *year >= 1970)
    }

    /// For `reverse`; `None` says that there is no such URL.
    fn to_url(&self, year: &u16) -> Option<String> {
        (1970..=9999).contains(year).then(|| format!("{year:04}"))
    }
}
// ANCHOR_END: converter

// ANCHOR: urls
async fn archive(request: HttpRequest, year: u16) -> Result {
    let next = request.reverse("archive").arg(year.saturating_add(1)).url()?;
    Ok(HttpResponse::new(format!("The year {year}, then {next}")))
}

/// The routes, with the converter that they use.
pub fn archive_urls() -> UrlConf {
    urlconf([path("archive/<yyyy:year>/", archive).name("archive")]).converter("yyyy", FourDigitYear)
}
// ANCHOR_END: urls
