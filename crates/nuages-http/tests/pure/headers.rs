//! Header parameters, media types, Content-Disposition and Vary.

use http::{HeaderMap, HeaderValue, header::VARY};
use nuages_http::cache_headers::{has_vary_header, patch_vary_headers};
use nuages_http::content_disposition::{Disposition, content_disposition_header};
use nuages_http::header_parameters::parse_header_parameters;
use nuages_http::media_type::{AcceptError, AcceptedTypes, MediaType};
use serde_json::{Value, json};

use super::{error, play, string, strings, value};

#[test]
fn header_parameters() {
    play("parse_header_parameters", |input| match parse_header_parameters(string(input)) {
        Ok((text, parameters)) => {
            assert_eq!(parameters.len(), parameters.iter().count());
            let pairs: Vec<Value> = parameters.iter().map(|(name, value)| json!([name, value])).collect();
            value(json!([text, pairs]))
        }
        Err(line) => error(line.django_name()),
    });
}

#[test]
fn media_types() {
    play("media_type", |input| match string(input).parse::<MediaType>() {
        Ok(media) => {
            let shown = media.to_string();
            value(json!([media.main_type(), media.sub_type(), shown, media.quality(), media.specificity()]))
        }
        Err(line) => error(line.django_name()),
    });
    play("media_type_match", |input| {
        let [one, other] = [0, 1].map(|at| string(&input[at]).parse::<MediaType>().unwrap());
        value(one.matches(&other))
    });
}

#[test]
fn accepted_types() {
    play("accept", |input| {
        let describe = || -> Result<Value, AcceptError> {
            let accepted = AcceptedTypes::parse(string(&input[0]))?;
            let offered = strings(&input[1]);
            let accepts =
                offered.iter().map(|offer| accepted.accepts(offer)).collect::<Result<Vec<_>, _>>()?;
            let best = offered
                .iter()
                .map(|offer| Ok(accepted.accepted_type(offer)?.map(ToString::to_string)))
                .collect::<Result<Vec<_>, AcceptError>>()?;
            Ok(json!({
                "accepted": accepted.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "accepts": accepts,
                "best": best,
                "preferred": accepted.preferred(&offered)?,
            }))
        };
        describe().map_or_else(|problem| error(problem.django_name()), value)
    });
}

#[test]
fn content_disposition() {
    play("content_disposition_header", |input| {
        let disposition = if input[0] == true { Disposition::Attachment } else { Disposition::Inline };
        value(content_disposition_header(disposition, string(&input[1])))
    });
}

#[test]
fn vary() {
    play("patch_vary_headers", |input| {
        let mut headers = HeaderMap::new();
        if let Some(present) = input[0].as_str() {
            let latin_1: Vec<u8> = present.chars().map(|c| u8::try_from(c).unwrap()).collect();
            headers.insert(VARY, HeaderValue::from_bytes(&latin_1).unwrap());
        }
        patch_vary_headers(&mut headers, &strings(&input[1]));
        let shown: String = headers[VARY].as_bytes().iter().map(|byte| char::from(*byte)).collect();
        let has = ["cookie", "Accept", " Cookie ", "*"].map(|name| has_vary_header(&headers, name));
        value(json!([shown, has]))
    });
}

#[test]
fn several_vary_headers_become_one() {
    let mut headers = HeaderMap::new();
    headers.append(VARY, HeaderValue::from_static("Cookie"));
    headers.append(VARY, HeaderValue::from_static("Accept"));
    patch_vary_headers(&mut headers, &["accept", "Origin"]);
    assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), ["Cookie, Accept, Origin"]);
}

#[test]
fn a_name_that_no_header_holds_varies_by_everything() {
    let mut headers = HeaderMap::new();
    patch_vary_headers(&mut headers, &["Cookie\r\nX: y"]);
    assert_eq!(headers[VARY], "*");
}

#[test]
fn long_headers_take_linear_time() {
    let start = std::time::Instant::now();
    for part in [";", "\"", ";\"", "\\", ";a*0=x", ";a=b", ",", ", a/b", "a/b;q=0.1,", "=", ";=", ";a*=''%41"]
    {
        let long = part.repeat(50_000);
        let _ = parse_header_parameters(&long);
        let _ = AcceptedTypes::parse(&long);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
