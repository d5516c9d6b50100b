//! Which tags and filters there are, and which library `{% load %}` brings them.

/// Tags that need no `{% load %}`.
const BUILTIN_TAGS: &[&str] = &[
    "autoescape",
    "block",
    "comment",
    "csrf_token",
    "cycle",
    "debug",
    "extends",
    "filter",
    "firstof",
    "for",
    "if",
    "ifchanged",
    "include",
    "load",
    "lorem",
    "now",
    "querystring",
    "regroup",
    "resetcycle",
    "spaceless",
    "templatetag",
    "url",
    "verbatim",
    "widthratio",
    "with",
];

/// A library of Django's.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    pub(crate) tags: &'static [&'static str],
    pub(crate) filters: &'static [&'static str],
}

/// The libraries that come with Django.
pub(crate) const LIBRARIES: &[Library] = &[
    Library { name: "cache", tags: &["cache"], filters: &[] },
    Library {
        name: "humanize",
        tags: &[],
        filters: &["apnumber", "intcomma", "intword", "naturalday", "naturaltime", "ordinal"],
    },
    Library {
        name: "i18n",
        tags: &[
            "blocktrans",
            "blocktranslate",
            "get_available_languages",
            "get_current_language",
            "get_current_language_bidi",
            "get_language_info",
            "get_language_info_list",
            "language",
            "trans",
            "translate",
        ],
        filters: &["language_bidi", "language_name", "language_name_local", "language_name_translated"],
    },
    Library { name: "l10n", tags: &["localize"], filters: &["localize", "unlocalize"] },
    Library { name: "static", tags: &["get_media_prefix", "get_static_prefix", "static"], filters: &[] },
    Library {
        name: "tz",
        tags: &["get_current_timezone", "localtime", "timezone"],
        filters: &["localtime", "timezone", "utc"],
    },
];

/// The library of a name.
pub(crate) fn library(name: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.name == name)
}

/// Whether a tag needs no library.
pub(crate) fn is_builtin_tag(name: &str) -> bool {
    BUILTIN_TAGS.contains(&name)
}

/// The library that has a tag.
pub(crate) fn library_of_tag(name: &str) -> Option<&'static str> {
    LIBRARIES.iter().find(|library| library.tags.contains(&name)).map(|library| library.name)
}

/// The library that has a filter.
pub(crate) fn library_of_filter(name: &str) -> Option<&'static str> {
    LIBRARIES.iter().find(|library| library.filters.contains(&name)).map(|library| library.name)
}

/// The tags that a name may have been meant for.
pub(crate) fn tags<'t>() -> impl Iterator<Item = &'t str> {
    BUILTIN_TAGS.iter().chain(LIBRARIES.iter().flat_map(|library| library.tags)).map(|tag| -> &str { tag })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_or_filter_has_one_home() {
        assert!(is_builtin_tag("for") && library_of_tag("for").is_none());
        assert_eq!(library_of_tag("static"), Some("static"));
        assert_eq!(library_of_filter("localtime"), Some("tz"));
        assert_eq!(library_of_filter("upper"), None);
        assert!(library("humanize").is_some() && library("polls").is_none());
        assert!(tags().any(|tag| tag == "trans"));
    }
}
