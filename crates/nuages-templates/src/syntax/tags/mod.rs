//! The syntax of each tag.

mod flow;
mod i18n;
mod inheritance;
mod links;
mod output;
mod own;

use super::SyntaxError;
use super::node::Kind;
use super::parser::{Parser, Tag};

/// Reads a tag whose name is known, with its body.
pub(super) fn parse(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    // A tag of the application's own goes before Django's.
    if let Some(inclusion) = parser.own_tag(tag.name) {
        return own::call(parser, tag, inclusion);
    }
    match tag.name {
        "autoescape" => output::autoescape(parser, tag),
        "block" => inheritance::block(parser, tag),
        "blocktrans" | "blocktranslate" => i18n::translate_block(parser, tag),
        "cache" => output::cache(parser, tag),
        "comment" => output::comment(parser),
        "csrf_token" => Ok(Kind::CsrfToken),
        "cycle" => flow::cycle(parser, tag),
        "debug" => output::debug(parser),
        "extends" => inheritance::extends(parser, tag),
        "filter" => output::filter(parser, tag),
        "firstof" => flow::first_of(parser, tag),
        "for" => flow::for_loop(parser, tag),
        "get_current_language" | "get_current_language_bidi" | "get_current_timezone" => {
            i18n::constant(parser, tag)
        }
        "get_media_prefix" | "get_static_prefix" => links::prefix(parser, tag),
        "if" => flow::if_chain(parser, tag),
        "ifchanged" => flow::if_changed(parser, tag),
        "include" => inheritance::include(parser, tag),
        "language" | "localize" => i18n::plain_body(parser, tag),
        "load" => output::load(parser, tag),
        "localtime" => i18n::local_time(parser, tag),
        "lorem" => output::lorem(parser, tag),
        "now" => output::now(parser, tag),
        "querystring" => links::query_string(parser, tag),
        "regroup" => flow::regroup(parser, tag),
        "resetcycle" => flow::reset_cycle(parser, tag),
        "spaceless" => Ok(Kind::Spaceless { body: parser.body("endspaceless")? }),
        "static" => links::static_file(parser, tag),
        "templatetag" => output::template_tag(parser, tag),
        "timezone" => i18n::time_zone(parser, tag),
        "trans" | "translate" => i18n::translate(parser, tag),
        "url" => links::url(parser, tag),
        "verbatim" => Ok(Kind::Body(parser.body("endverbatim")?)),
        "widthratio" => output::width_ratio(parser, tag),
        "with" => flow::with(parser, tag),
        _ => i18n::unsupported(parser, tag),
    }
}

/// Takes `as name` from the end of a tag.
fn target(words: &mut Vec<String>) -> Option<String> {
    let [.., word, _] = words.as_slice() else { return None };
    if word != "as" {
        return None;
    }
    let name = words.pop();
    words.pop();
    name
}
