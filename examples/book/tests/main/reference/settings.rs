//! Every setting.

use std::fmt::Write as _;

use nuages::Settings;
use nuages::management::CHECKS;

use super::compare;

const HEAD: &str = "# Settings A–Z

Every setting with its type, its default and its meaning. How they are given is told in [Settings](../settings.md). A setting that is not in Django
says so.

This page is written from the table in the code, by a test. In the environment a list is separated by commas, and *none* is the text `none`; in
`settings.toml` *none* is `false` or `\"none\"`.
";

const FOOT: &str = "
## How Django differs

Names and defaults are Django's unless the text says otherwise. Django's settings that are not here have nothing to set in nuages: there are no
models, no translations, no e-mail, no admin and no `INSTALLED_APPS`. `MIDDLEWARE` and `ROOT_URLCONF` are code, and so is what Django names by the path
of a Python function. [Settings from Django to nuages](../porting/settings.md) goes through them.
";

/// The default as one would write it in `settings.toml`.
fn default(shown: &str) -> String {
    let inner = |name: &str| {
        shown
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('('))
            .and_then(|rest| rest.strip_suffix(')'))
    };
    if shown == "None" {
        return "*none*".to_owned();
    }
    if let Some(value) = inner("Some") {
        return default(value);
    }
    if let Some(value) = inner("SameSiteSetting") {
        return default(value);
    }
    if let Some(value) = inner("ConnectionUrl") {
        return default(value);
    }
    match shown {
        "Lax" | "Strict" | "Error" | "Anonymous" => format!("`\"{}\"`", shown.replace("Error", "error")),
        "{}" => "*empty*".to_owned(),
        "[]" => "`[]`".to_owned(),
        other => format!("`{other}`"),
    }
}

/// The checks that speak of a setting.
fn checks_of(name: &str) -> Vec<String> {
    let quoted = format!("`{name}`");
    let speaks = CHECKS.iter().filter(|check| check.finds.contains(&quoted) || check.fix.contains(&quoted));
    speaks.map(|check| format!("[`{0}`](checks.md#{0})", check.id)).collect()
}

#[test]
fn the_page_lists_every_setting() {
    let defaults = Settings::default();
    let shown: Vec<(&str, String)> = defaults.shown();
    let mut table: Vec<_> = Settings::TABLE.iter().collect();
    table.sort_by_key(|info| info.name);
    let mut page = HEAD.to_owned();
    for info in table {
        let (_, value) = shown.iter().find(|(name, _)| *name == info.name).unwrap();
        let value =
            if info.name == "SECRET_KEY" { "*empty*, and an error".to_owned() } else { default(value) };
        let doc: Vec<&str> = info.doc.split_whitespace().collect();
        let takes = info.takes.replace('|', "or");
        write!(page, "\n## {}\n\n{}\n\nTakes {takes}; default {value}.\n", info.name, doc.join(" ")).unwrap();
        let checks = checks_of(info.name);
        if !checks.is_empty() {
            writeln!(page, "Looked at by {}.", checks.join(", ")).unwrap();
        }
    }
    page.push_str(FOOT);
    compare("settings.md", &page);
}

#[test]
fn defaults_as_one_would_write_them() {
    for (shown, written) in [
        ("None", "*none*"),
        ("Some(2621440)", "`2621440`"),
        ("Some(\"same-origin\")", "`\"same-origin\"`"),
        ("SameSiteSetting(Some(Lax))", "`\"Lax\"`"),
        ("ConnectionUrl(\"locmem://\")", "`\"locmem://\"`"),
        ("Error", "`\"error\"`"),
        ("false", "`false`"),
        ("[]", "`[]`"),
        ("{}", "*empty*"),
    ] {
        assert_eq!(default(shown), written);
    }
}
