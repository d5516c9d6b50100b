use std::time::Instant;

use minijinja::value::Tuple;
use minijinja::{AutoEscape, Environment, Value, context};

use super::{find, register};

fn render(expression: &str, value: Value) -> Result<String, minijinja::Error> {
    let mut env = Environment::new();
    register(&mut env);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.render_str(&format!("{{{{ {expression} }}}}"), context! { v => value })
}

#[test]
fn every_filter_of_django_is_there_once() {
    let mut names: Vec<_> = super::all().map(|filter| filter.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(find("date").is_some() && find("dates").is_none());
}

#[test]
fn filters_follow_django() {
    for (expression, value, wanted) in [
        ("v|django_lower", Value::from("A<B"), "a&lt;b"),
        ("v|django_safe|django_lower", Value::from("A<B"), "a<b"),
        ("v|django_safe|django_upper", Value::from("a<b"), "A&lt;B"),
        ("v|django_floatformat", Value::from(34.232_34), "34.2"),
        ("v|django_floatformat('2g')", Value::from(6666.6666), "6,666.67"),
        ("v|django_join(', ')", Value::from(vec!["<", "b"]), "&lt;, b"),
        ("v|django_slice(':2')", Value::from("abc"), "ab"),
        ("v|django_first", Value::from(Tuple::from(vec![Value::from(7)])), "7"),
        ("missing|django_default('x')", Value::from(()), "x"),
        ("v|django_yesno", Value::from(()), "maybe"),
        ("v|django_add(2)", Value::from("3"), "5"),
        ("v|django_truncatechars(3)", Value::from("abcd"), "ab…"),
        ("v|django_truncatewords_html(1)", Value::from("<p>a b</p>"), "&lt;p&gt;a …&lt;&#x2f;p&gt;"),
        (
            "v|django_urlize",
            Value::from("see www.a.com."),
            "see <a href=\"http://www.a.com\" rel=\"nofollow\">www.a.com</a>.",
        ),
        ("v|django_striptags", Value::from("<b>a</b> &amp; c"), "a &amp;amp; c"),
        ("v|django_title", Value::from("joe's 1ST"), "Joe&#x27;s 1st"),
        ("v|django_slugify", Value::from(" Über die Brücke! "), "uber-die-brucke"),
        (
            "v|django_json_script('x')",
            Value::from("</script>"),
            "<script id=\"x\" type=\"application/json\">\"\\u003C/script\\u003E\"</script>",
        ),
    ] {
        assert_eq!(render(expression, value).unwrap(), wanted, "{expression}");
    }
}

/// Twice as much text may not take much more than twice the time; a quadratic filter takes four times.
#[test]
fn filters_are_linear_in_hostile_texts() {
    for (expression, unit) in [
        ("v|django_urlize", "&"),
        ("v|django_urlize", "a.b:&;;"),
        ("v|django_urlize", "(a.b)"),
        ("v|django_urlize", "a.com,"),
        ("v|django_urlize", "http://a.com/ "),
        ("v|django_striptags", "<<"),
        ("v|django_striptags", "<a"),
        ("v|django_striptags", "</"),
        ("v|django_striptags", "<!--"),
        ("v|django_striptags", "<a b=\"'>"),
        ("v|django_striptags", "&a&#x;"),
        ("v|django_truncatewords_html(100000000)", "<p>a "),
        ("v|django_truncatewords_html(100000000)", "</p>"),
        ("v|django_truncatewords_html(5)", "<"),
        ("v|django_truncatechars_html(100000000)", "<a &"),
        ("v|django_truncatechars(5)", "e\u{301}"),
        ("v|django_wordwrap(10)", "a "),
        ("v|django_wordwrap(10)", "aaaaaaaaaaa"),
        ("v|django_intcomma", "1"),
        ("v|django_floatformat(2)", "1"),
        ("v|django_slugify", "-a"),
        ("v|django_title", "a'S 1T"),
        ("v|django_linenumbers", "\n<"),
        ("v|django_linebreaks", "\n\na"),
        ("v|django_escapejs", "<"),
        ("v|django_wordcount", "a "),
        ("v|django_phone2numeric", "a"),
        ("v|django_pprint", "a "),
        ("v|django_dictsort(0)", "ba"),
        ("v|django_unordered_list", "ba"),
    ] {
        let time = |count: usize| {
            let value = Value::from(unit.repeat(count / unit.len()));
            let measure = || {
                let start = Instant::now();
                // Refusing is fine too, if it is quick.
                let _ = render(expression, value.clone());
                start.elapsed()
            };
            (0..3).map(|_| measure()).min().unwrap()
        };
        // Sixteen times the text; the quadratic takes 256 times as long, however often it is measured on a busy machine.
        let mut measured = (0..8).map(|_| (time(8_000).as_secs_f64(), time(128_000).as_secs_f64()));
        assert!(measured.any(|(small, large)| large < small * 64.0 + 0.02), "{expression} of {unit:?}");
    }
}

/// The texts with which Django's filters were once kept busy for minutes; each has its right answer here, too.
#[test]
fn large_texts_have_their_answers() {
    let megabyte = 1 << 20;
    let html = format!("<p>{}</p>", "a <b>".repeat(megabyte / 5));
    for (expression, text, length) in [
        ("v|django_urlize", "&".repeat(50_000), 5 * 50_000),
        ("v|django_striptags", "<<".repeat(50_000), 4 * 100_000),
        ("v|django_wordwrap(80)", "a".repeat(megabyte), megabyte),
        ("v|django_wordwrap(80)", "a ".repeat(megabyte / 2), megabyte - 1),
        ("v|django_intcomma", "1".repeat(megabyte), megabyte + megabyte / 3),
        ("v|django_floatformat(2)", "1".repeat(megabyte), megabyte),
        ("v|django_safe|django_truncatewords_html(1)", html, "<p>a <b> …</b></p>".len()),
        ("v|django_slugify", "-".repeat(megabyte), 0),
    ] {
        let answer = render(expression, Value::from(text)).unwrap();
        let shown: String = answer.chars().take(60).collect();
        assert_eq!(answer.len(), length, "{expression}: {shown}");
    }
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    for expression in [
        "'x'|django_center(1000000000)",
        "'x'|django_ljust(1000000000)",
        "'x'|django_rjust('99999999999999999999')",
        "1.5|django_floatformat(1000000000)",
        "1|django_stringformat('1000000000d')",
        "1.5|django_stringformat('.1000000000f')",
    ] {
        assert!(render(expression, Value::from(())).is_err(), "{expression}");
    }
    let huge = Value::from(format!("{}e{}", "9".repeat(100), "9".repeat(100)));
    assert_eq!(render("v|django_floatformat(2)", huge.clone()).unwrap(), huge.to_string());
}

proptest::proptest! {
    #[test]
    fn a_float_is_read_back_from_its_text(number in proptest::num::f64::ANY) {
        let text = crate::python::float_repr(number);
        let read: f64 = text.parse().unwrap();
        proptest::prop_assert!(read == number || (read.is_nan() && number.is_nan()), "{text}");
    }

    #[test]
    fn what_is_quoted_or_escaped_is_found_again(text in "\\PC{0,40}") {
        let quoted = super::urls::quote(&text, "");
        proptest::prop_assert_eq!(super::urls::unquote(&quoted).into_owned(), text.clone());
        let escaped = crate::escape::escape(&text).into_owned();
        proptest::prop_assert_eq!(crate::python::html_unescape(&escaped).into_owned(), text);
    }

    #[test]
    fn wrapping_and_splitting_lose_no_word(text in "[a-z \t\n]{0,80}", width in 1usize..20) {
        let wrapped = render(&format!("v|django_wordwrap({width})"), Value::from(text.as_str())).unwrap();
        proptest::prop_assert!(wrapped.split_whitespace().eq(text.split_whitespace()));
    }

    #[test]
    fn numbers_are_sorted(numbers in proptest::collection::vec(-50i32..50, 0..20)) {
        let rows: Vec<_> = numbers.iter().map(|n| context! { n }).collect();
        let sorted = render("v|django_dictsort('n')|map(attribute='n')|list|django_join(',')", Value::from(rows)).unwrap();
        let mut numbers = numbers;
        numbers.sort_unstable();
        let wanted: Vec<_> = numbers.iter().map(i32::to_string).collect();
        proptest::prop_assert_eq!(sorted, wanted.join(","));
    }

    #[test]
    fn no_filter_panics(text in "\\PC{0,20}", number in proptest::num::f64::ANY, which in 0usize..100, arg in "[a-z0-9:.%<-]{0,6}") {
        let filters: Vec<_> = super::all().collect();
        let filter = filters[which % filters.len()];
        let arg = if filter.args == super::ArgCount::None { String::new() } else { format!("({arg:?})") };
        for value in [Value::from(text.as_str()), Value::from(number), Value::from(vec![text.clone()]), Value::from(())] {
            // Errors are fine.
            let _ = render(&format!("v|django_{}{arg}", filter.name), value);
        }
    }
}
