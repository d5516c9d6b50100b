//! The files of a new project. `PROJECT` stands for its name.

/// The file that `--from-django` writes by itself.
pub(super) const SETTINGS: &str = "settings.toml";

/// Where each goes, and its text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("../../template/Cargo.toml.in")),
    (".gitignore", include_str!("../../template/gitignore.in")),
    (".dockerignore", include_str!("../../template/dockerignore.in")),
    ("README.md", include_str!("../../template/README.md.in")),
    ("Dockerfile", include_str!("../../template/Dockerfile.in")),
    ("deploy/PROJECT.service", include_str!("../../template/service.in")),
    (SETTINGS, include_str!("../../template/settings.toml.in")),
    ("src/main.rs", include_str!("../../template/src/main.rs.in")),
    ("src/app.rs", include_str!("../../template/src/app.rs.in")),
    ("src/urls.rs", include_str!("../../template/src/urls.rs.in")),
    ("src/views.rs", include_str!("../../template/src/views.rs.in")),
    ("src/tests.rs", include_str!("../../template/src/tests.rs.in")),
    ("templates/base.html", include_str!("../../template/templates/base.html.in")),
    ("templates/index.html", include_str!("../../template/templates/index.html.in")),
];
