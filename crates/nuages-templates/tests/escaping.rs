//! Nothing from a context becomes markup, whichever way it takes to the page.

use std::error::Error;

use nuages_templates::{Embedded, Engine, Reverse, Site, Value, context};

struct Echo;

impl Site for Echo {
    fn reverse(&self, url: &Reverse<'_>) -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok(format!("/{}/?next=<b>&", url.args.join("/")))
    }

    fn static_url(&self, path: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
        Ok(format!("/static/{path}?a=1&b=2"))
    }
}

const HOSTILE: &str = "</script><!--<a href='x' title=\"y\">&";
const ESCAPED: &str = "&lt;/script&gt;&lt;!--&lt;a href=&#x27;x&#x27; title=&quot;y&quot;&gt;&amp;";

fn engine() -> Engine {
    Engine::new()
        .site(Echo)
        .embedded(Embedded(&[
            ("part.html", "{{ x }}"),
            ("base.html", "{% block a %}{{ x }}{% endblock %}"),
            ("tag.html", "{{ y }}"),
        ]))
        .filter("own", |text: String| text)
        .safe_filter("own_safe", |text: String| text)
        .simple_tag("own_tag", |text: Value| text)
        .inclusion_tag("own_part", "tag.html", |y: Value| context! { y })
}

/// The cases 405 to 409.
#[test]
fn cases_405_to_409_what_is_not_safe_is_escaped() {
    let templates = [
        "{{ x }}",
        "<a href=\"{{ x }}\">",
        "{% autoescape on %}{{ x }}{% endautoescape %}",
        "{% include 'part.html' %}",
        "{% include 'part.html' with x=x only %}",
        "{% extends 'base.html' %}",
        "{% extends 'base.html' %}{% block a %}{{ block.super }}{% endblock %}",
        "{% extends 'base.html' %}{% block a %}{{ x }}{% endblock %}",
        "{% with y=x %}{{ y }}{% endwith %}",
        "{% for y in list %}{{ y }}{% endfor %}",
        "{% for k, v in map.items %}{{ v }}{% endfor %}",
        "{% firstof nothing x %}",
        "{% firstof nothing x as y %}{{ y }}",
        "{% cycle x 'b' %}",
        "{% cycle x 'b' as y %}",
        "{% filter lower %}{{ x }}{% endfilter %}",
        "{% ifchanged %}{{ x }}{% endifchanged %}",
        "{% spaceless %}{{ x }}{% endspaceless %}",
        "{% regroup list by upper as g %}{{ g.0.list.0 }}",
        "{% load i18n %}{% translate x %}",
        "{% load i18n %}{% blocktranslate %}{{ x }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate asvar y %}{{ x }}{% endblocktranslate %}{{ y }}",
        "{% load cache %}{% cache 1 name %}{{ x }}{% endcache %}",
        "{{ x|own }}",
        "{{ x|own_safe }}",
        "{{ x|default:'d' }}",
        "{{ nothing|default:x }}",
        "{{ x|lower|upper|lower }}",
        "{{ function }}",
        "{% own_tag x %}",
        "{% own_tag x as y %}{{ y }}",
        "{% own_part x %}",
        "{% autoescape off %}{% autoescape on %}{{ x }}{% endautoescape %}{% endautoescape %}",
    ];
    for template in templates {
        let shown = engine().render_str(template, hostile()).unwrap();
        assert!(shown.to_lowercase().contains(ESCAPED), "{template}: {shown}");
        assert!(!shown.contains("<!--") && !shown.contains("</script>"), "{template}: {shown}");
    }
}

#[test]
fn addresses_are_escaped_too() {
    let cases = [
        ("{% url 'a' x %}", "&lt;b&gt;&amp;"),
        ("{% url 'a' x as u %}{{ u }}", "&lt;b&gt;&amp;"),
        ("{% load static %}{% static x %}", "a=1&amp;b=2"),
        ("{% load static %}{% static x as s %}{{ s }}", "a=1&amp;b=2"),
        ("{% querystring map q=x %}", "k=%3C%2Fscript%3E"),
    ];
    for (template, part) in cases {
        let shown = engine().render_str(template, hostile()).unwrap();
        assert!(shown.contains(part) && !shown.contains(['<', '>', '"']), "{template}: {shown}");
    }
    let field = engine().render_str("{% csrf_token %}", context! { csrf_token => "\"><script>" }).unwrap();
    assert!(field.ends_with(" value=\"&quot;&gt;&lt;script&gt;\">"), "{field}");
}

#[test]
fn json_in_a_script_cannot_end_it() {
    let shown = engine().render_str("{{ x|json_script:'data' }}", hostile()).unwrap();
    assert_eq!(shown.matches("</script>").count(), 1, "{shown}");
    assert!(shown.ends_with("</script>") && !shown.contains("<!--"));
    let shown = engine().render_str("<script>var x = '{{ x|escapejs }}'</script>", hostile()).unwrap();
    assert_eq!(shown.matches("</script>").count(), 1, "{shown}");
}

#[test]
fn safe_is_a_type_and_not_a_text() {
    let safe = Value::from_safe_string("<b>".to_owned());
    let cases = [
        ("{{ safe }}", "<b>"),
        ("{{ safe|own }}", "&lt;b&gt;"),
        ("{{ safe|own_safe }}", "<b>"),
        ("{{ safe|upper }}", "&lt;B&gt;"),
        ("{{ safe|lower }}", "<b>"),
        ("{{ x|safe|length }}", "36"),
        ("{{ '<b>' }}", "<b>"),
        ("{{ nothing|default:'<b>' }}", "<b>"),
        ("{% autoescape off %}{{ '<' }}{{ one }}{% endautoescape %}", "<<"),
    ];
    for (template, expected) in cases {
        let ctx = context! { safe => safe.clone(), one => "<", ..hostile() };
        assert_eq!(engine().render_str(template, ctx).unwrap(), expected, "{template}");
    }
}

fn hostile() -> Value {
    context! {
        x => HOSTILE, list => [HOSTILE], map => context! { k => HOSTILE }, function => Value::from_function(|| HOSTILE), nothing => "",
    }
}
