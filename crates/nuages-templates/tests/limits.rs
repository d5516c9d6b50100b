//! Nothing is unbounded: recursion ends in an error, and work is linear in the template and the context.

use std::time::{Duration, Instant};

use nuages_templates::{Engine, TemplateErrorKind, Value, context};

use crate::{engine, folder};

/// Runs on a stack as small as a runtime's threads have.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn templates_that_include_each_other_end_in_an_error() {
    on_a_small_stack(|| {
        let folder = folder(&[
            ("a", "{% include 'b' %}"),
            ("b", "{% include 'a' %}"),
            ("only", "{% include 'only' only %}"),
            ("mixed", "{% include 'mixed2' only %}"),
            ("mixed2", "{% if 1 %}{% with x=1 %}{% include 'mixed' %}{% endwith %}{% endif %}"),
            ("wide", "{% for x in list %}{% include 'wide' %}{% endfor %}"),
            (
                "deep",
                "{% block a %}{% filter upper %}{% for x in list %}{% include 'deep' with list=list %}{% endfor %}{% endfilter %}{% endblock %}",
            ),
            ("x", "{% extends 'y' %}"),
            ("y", "{% extends 'x' %}"),
            ("j.jinja", "{% include 'j.jinja' %}"),
            ("jd.jinja", "{% include 'jd' %}"),
            ("jd", "{% include 'jd.jinja' %}"),
        ]);
        let engine = engine(&folder);
        for name in ["a", "only", "mixed", "wide", "deep", "j.jinja", "jd"] {
            let error = engine.render(name, context! { list => [1, 2] }).unwrap_err();
            assert_eq!(*error.kind(), TemplateErrorKind::Render, "{name}: {error}");
        }
        assert!(engine.render("x", context! {}).is_err());
    });
}

#[test]
fn templates_as_deep_as_they_may_be_are_rendered() {
    on_a_small_stack(|| {
        let mut files = vec![("t0".to_owned(), "{% block a %}0{% endblock %}".to_owned())];
        for level in 1..=35 {
            let block = format!("{{% block a %}}{level} {{{{ block.super }}}}{{% endblock %}}");
            files.push((format!("t{level}"), format!("{{% extends 't{}' %}}{block}", level - 1)));
        }
        for level in 0..35 {
            files.push((
                format!("i{level}"),
                format!(
                    "{{% with a=1 %}}{{% if a %}}{{% include 'i{}' %}}{{% endif %}}{{% endwith %}}",
                    level + 1
                ),
            ));
        }
        files.push(("i35".to_owned(), "end".to_owned()));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, source)| (name.as_str(), source.as_str())).collect();
        let folder = folder(&files);
        let engine = engine(&folder);
        let chain = engine.render("t35", context! {}).unwrap();
        assert!(chain.starts_with("35 34 ") && chain.ends_with("1 0"));
        assert_eq!(engine.render("i0", context! {}).unwrap(), "end");
    });
}

#[test]
fn tags_in_tags_are_bounded() {
    on_a_small_stack(|| {
        let tags = [
            ("if a", "endif"),
            ("for x in l", "endfor"),
            ("with b=a", "endwith"),
            ("spaceless", "endspaceless"),
            ("filter upper", "endfilter"),
            ("ifchanged", "endifchanged"),
            ("autoescape off", "endautoescape"),
            ("ifchanged a", "endifchanged"),
            ("with a=b b=a", "endwith"),
        ];
        for (open, close) in tags {
            let nested = |depth: usize| {
                format!(
                    "{}x{}",
                    format!("{{% {open} %}}").repeat(depth),
                    format!("{{% {close} %}}").repeat(depth)
                )
            };
            let ctx = || context! { a => 1, l => [1] };
            let shown = Engine::new()
                .render_str(&nested(50), ctx())
                .unwrap_or_else(|error| panic!("{open}: {error}"));
            assert_eq!(shown.to_lowercase(), "x", "{open}");
            let error = Engine::new().render_str(&nested(100_000), ctx()).unwrap_err();
            assert_eq!(*error.kind(), TemplateErrorKind::Syntax, "{open}");
        }
    });
}

#[test]
fn long_tags_are_bounded() {
    on_a_small_stack(|| {
        let many = 100_000;
        let templates = [
            format!("{{% if {}a %}}x{{% endif %}}", "not ".repeat(many)),
            format!("{{% if a{} %}}x{{% endif %}}", " or a".repeat(many)),
            format!("{{{{ a{} }}}}", "|upper".repeat(many)),
            format!("{{{{ a{} }}}}", ".b".repeat(many)),
            format!("{{{{ a|default:b{} }}}}", ".b".repeat(many)),
            format!("{{% cycle{} %}}", " a".repeat(many)),
            format!("{{% firstof{} %}}", " a".repeat(many)),
            format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(many)),
            format!(
                "{{% with{} %}}{{% endwith %}}",
                (0..many).map(|n| format!(" a{n}=a")).collect::<String>()
            ),
            format!("{{% for {}a in l %}}{{% endfor %}}", "a, ".repeat(many)),
            "{% lorem 1000000000 w %}".to_owned(),
            "{% lorem 1000000000 %}".to_owned(),
            format!("{{{{ a|default:{} }}}}", "'".repeat(many)),
        ];
        for template in templates {
            let started = Instant::now();
            let result = Engine::new().render_str(&template, context! { a => 1 });
            assert!(result.is_err(), "{}", &template[..40]);
            assert!(started.elapsed() < Duration::from_secs(10), "{}", &template[..40]);
        }
    });
}

/// The time that ten times as much takes, in units of what one takes; the time of this thread alone.
fn growth(mut run: impl FnMut(usize)) -> f64 {
    let mut best = |size: usize| {
        let mut once = || {
            let started = thread_time();
            run(size);
            thread_time() - started
        };
        once().min(once()).max(1e-6)
    };
    let small = best(1);
    best(10) / small
}

fn thread_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap()).as_secs_f64()
}

#[test]
fn conditions_as_long_as_they_may_be_are_understood() {
    on_a_small_stack(|| {
        let chains = [
            (" and a", "y"),
            (" or z", "y"),
            (" or z|upper", "y"),
            (" and a|upper", "y"),
            (" and z", "n"),
            (" and a == a", "y"),
            (" or a != a", "y"),
        ];
        for (part, expected) in chains {
            let words = part.split_whitespace().count();
            let template = format!("{{% if a{} %}}y{{% else %}}n{{% endif %}}", part.repeat(298 / words));
            let shown = Engine::new().render_str(&template, context! { a => "1", z => "" });
            assert_eq!(shown.unwrap(), expected, "{part}");
        }
    });
}

#[test]
fn a_large_template_is_read_and_rendered_in_linear_time() {
    // Every kind of text that could be looked at twice.
    let samples = [
        "text & <b>\n",
        "{{ a }} ",
        "{% if a %}x{% endif %}\n",
        "{{",
        "{%",
        "{#",
        "{",
        "{{ a\n",
        "{% for x in l %}{{ x }}{% endfor %}",
        "{# c #}",
        "{% comment %}\n{% endcomment %}",
        "{{ a|default:'x'|upper }}",
        "{% verbatim %}{{ x }}{% endverbatim %}",
        "%}",
        "}}",
        "{% ",
        "{{{% {# ",
        "{% with b=a %}{{ b }}{% endwith %}",
        "{% cycle 'a' 'b' %}",
    ];
    for sample in samples {
        let ratio = growth(|size| {
            let template = sample.repeat(size * 15_000 / sample.len());
            let _ = Engine::new().render_str(&template, context! { a => "<", l => [1, 2] });
        });
        assert!(ratio < 30.0, "{sample:?}: ten times as much takes {ratio:.1} times as long");
    }
}

#[test]
fn a_template_of_a_mebibyte_in_one_line_is_no_trouble() {
    for sample in ["{{", "{%", "{#", "{% {{ ", "{{ a ", "{% if", "{{ '"] {
        let started = Instant::now();
        let _ = Engine::new().render_str(&sample.repeat((1 << 20) / sample.len()), context! {});
        assert!(started.elapsed() < Duration::from_secs(20), "{sample:?}: {:?}", started.elapsed());
    }
}

#[test]
fn a_large_context_is_rendered_in_linear_time() {
    let templates = [
        "{% for x in list %}{{ x }}{% endfor %}",
        "{% for x in list %}{{ forloop.counter }}{{ forloop.last }}{% endfor %}",
        "{% for x in list %}{% cycle 'a' 'b' %}{% ifchanged x %}{{ x }}{% endifchanged %}{% endfor %}",
        "{% for x in list reversed %}{{ x }}{% endfor %}",
        "{% regroup list by name as groups %}{{ groups|length }}",
        "{% for k, v in pairs %}{{ v }}{% endfor %}",
        "{{ list }}",
        "{% if 'nothing' in list %}{% endif %}",
        "{% for x in list %}{% firstof x 'a' as b %}{{ b }}{% endfor %}",
        "{% for x in list %}{% with y=x %}{{ y }}{% endwith %}{% endfor %}",
    ];
    let list = |size: usize| (0..size * 4_000).map(Value::from).collect::<Vec<Value>>();
    let pairs = |size: usize| (0..size * 4_000).map(|n| Value::from(vec![n, n])).collect::<Vec<Value>>();
    for template in templates {
        let contexts = [1, 10].map(|size| context! { list => list(size), pairs => pairs(size) });
        let engine = Engine::new();
        let ratio = growth(|size| {
            let context = contexts[usize::from(size > 1)].clone();
            engine.render_str(template, context).unwrap();
        });
        assert!(ratio < 30.0, "{template}: ten times as much takes {ratio:.1} times as long");
    }
}

#[test]
fn lists_without_end_in_sight_are_taken_item_by_item() {
    // Nothing holds what a loop has passed; the filter asks for no more than it needs.
    let endless = Value::make_iterable(|| (0_u64..).take(200_000));
    let shown = Engine::new()
        .render_str("{% for x in list %}{% endfor %}{{ list|first }}", context! { list => endless });
    assert_eq!(shown.unwrap(), "0");
}
