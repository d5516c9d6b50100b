//! Laws, held against random templates.

use nuages_templates::{Engine, context};
use proptest::prelude::*;

/// Pieces of which templates are made that are nearly right.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        " ",
        "\n",
        "a",
        "x.y",
        "0",
        "|",
        ":",
        "'",
        "\"",
        "upper",
        "default:'q'",
        "if",
        "endif",
        "for x in list",
        "endfor",
        "block b",
        "endblock",
        "{% if a %}",
        "{% else %}",
        "{% endif %}",
        "{% for x in list %}",
        "{% endfor %}",
        "{{ x }}",
        "{{ a|upper }}",
        "{% with b=a %}",
        "{% endwith %}",
        "{% cycle 'a' 'b' as c %}",
        "{% cycle c %}",
        "{% ifchanged %}",
        "{% endifchanged %}",
        "{% verbatim %}",
        "{% endverbatim %}",
        "{% block b %}",
        "{% endblock %}",
        "{{ block.super }}",
        "{% filter upper %}",
        "{% endfilter %}",
        "{% comment %}",
        "{% endcomment %}",
        "{% firstof a b as d %}",
        "not",
        "and",
        "or",
        "==",
        "in",
        "is",
        "ü",
        "\u{0}",
        "{",
        "}",
        "%",
        "<",
        "&",
        "\\",
        "_",
        "-",
        "{% autoescape off %}",
        "{% endautoescape %}",
        "{% regroup list by x as g %}",
        "{% spaceless %}",
        "{% endspaceless %}",
        "{% resetcycle %}",
        "{% elif x < 3 %}",
        "{% empty %}",
        "{% load i18n %}",
        "{% blocktrans %}",
        "{% endblocktrans %}",
        "loop",
        "True",
        "forloop.counter",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Whatever a template is, it is rendered or refused; minijinja refuses nothing that we have translated.
    #[test]
    fn no_template_is_beyond_us(template in pieces()) {
        if let Err(error) = Engine::new().render_str(&template, context! { a => "1", list => [1, 2] }) {
            prop_assert!(!error.message().contains("unexpected "), "{template:?}: {error}");
        }
    }

    /// What has no tags is printed as it is.
    #[test]
    fn text_is_printed_as_it_is(text in "[^{]*|([{ }%#\n]|a)*") {
        prop_assume!(!text.contains("{{") || !text.contains("}}"));
        prop_assume!(!text.contains("{%") || !text.contains("%}"));
        prop_assume!(!text.contains("{#") || !text.contains("#}"));
        prop_assert_eq!(Engine::new().render_str(&text, context! {}).unwrap(), text);
    }

    /// In verbatim all text is printed as it is.
    #[test]
    fn verbatim_is_printed_as_it_is(text in "([{ }%#\na'\"|]|if|endif)*") {
        let template = format!("{{% verbatim %}}{text}{{% endverbatim %}}");
        // A tag that begins in the text must not end behind it.
        let whole = regex::Regex::new(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}").unwrap();
        prop_assume!(!whole.replace_all(&text, " ").contains("{%"));
        prop_assert_eq!(Engine::new().render_str(&template, context! {}).unwrap(), text);
    }

    /// Every value comes out escaped, as HTML's own rules read it back.
    #[test]
    fn a_value_is_escaped(value in ".*") {
        let shown = Engine::new().render_str("{{ v }}", context! { v => value.clone() }).unwrap();
        prop_assert!(!shown.contains(['<', '>', '"', '\'']));
        let back = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
        prop_assert_eq!(back.replace("&amp;", "&"), value);
    }

    /// A string in a template says what it says.
    #[test]
    fn a_literal_is_printed_as_it_is(text in "[^\n\"\\\\]*") {
        prop_assume!(!text.contains("}}"));
        let shown = Engine::new().render_str(&format!("{{{{ \"{text}\"|cut:'' }}}}|{{% firstof \"{text}\" %}}"), context! {});
        if !text.contains("%}") {
            let expected = format!("{text}|{text}");
            prop_assert_eq!(shown.unwrap(), expected);
        }
    }
}
