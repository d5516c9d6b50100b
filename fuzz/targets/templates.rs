//! Templates in Django's language: whatever is written, an error or a page.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nuages_templates::{Embedded, Engine, Value, context};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new()
        .embedded(Embedded(&[("a.html", "{% block b %}{{ x }}{% endblock %}"), ("b.html", "{{ y }}")]))
});

fuzz_target!(|data: &[u8]| {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let context = context! {
        x => "<b>'text' & more</b>",
        y => 1.5,
        z => Value::from(()),
        list => [3, 1, 2],
        map => context! { key => "value", items => "not a method" },
    };
    let _outcome = ENGINE.render_str(source, context);
});
