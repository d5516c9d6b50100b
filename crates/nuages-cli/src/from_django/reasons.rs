//! Why the rest of Django's settings is not taken over.

use super::direct;
use super::translation::Translation;

/// Settings that are translated elsewhere, or that say nothing to translate.
const DONE: &[&str] = &[
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASES",
    "CACHES",
    "MIDDLEWARE",
    "BASE_DIR",
    "SETTINGS_MODULE",
];

/// Beginnings of names, and why.
const REASONS: &[(&str, &str)] = &[
    ("INSTALLED_APPS", "a part of a site is a module here; nuages startapp makes one"),
    ("ROOT_URLCONF", "the routes are in src/urls.rs"),
    ("WSGI_APPLICATION", "the binary is the server"),
    ("ASGI_APPLICATION", "the binary is the server"),
    ("TEMPLATES", "copy the templates of the pages that you move to templates/; they render as they are"),
    ("DEFAULT_AUTO_FIELD", "there are no models; the tables stay Django's"),
    ("AUTH_PASSWORD_VALIDATORS", "passwords are checked here, and set in Django"),
    ("AUTH_USER_MODEL", "there are no models; the tables stay Django's"),
    ("AUTHENTICATION_BACKENDS", "visitors log in at Django, and are logged in here by their session"),
    ("LANGUAGE", "texts are not translated"),
    ("LOCALE_PATHS", "texts are not translated"),
    ("USE_I18N", "texts are not translated"),
    ("USE_L10N", "texts are not translated"),
    ("LOGGING", "RUST_LOG chooses what is logged"),
    ("EMAIL_", "there is no mail"),
    ("DEFAULT_FROM_EMAIL", "there is no mail"),
    ("SERVER_EMAIL", "there is no mail"),
    ("ADMINS", "there is no mail"),
    ("MANAGERS", "there is no mail"),
    ("MEDIA_", "serve uploaded files by a proxy, or with FileResponse in a view"),
    ("STORAGES", "STATICFILES_STORAGE and STATIC_ROOT say how static files are kept"),
    ("STATICFILES_", "static files are served by the feature staticfiles; see the book"),
];

pub(super) fn translate(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    for name in &answer.explicit {
        if direct::knows(name) || DONE.contains(&name.as_str()) {
            continue;
        }
        let why = REASONS.iter().find(|(beginning, _)| name.starts_with(beginning)).map(|(_, why)| *why);
        translation.leave(
            name,
            why.unwrap_or("there is no such setting; a view may read a value of its own where it likes"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::translation::tests::translated;

    #[test]
    fn every_setting_has_a_reason() {
        let shared = translated(json!({
            "ROOT_URLCONF": "site.urls", "LANGUAGE_CODE": "de", "EMAIL_HOST": "mail", "OWN": 1, "BASE_DIR": "/srv", "DEBUG": true,
        }));
        let left: Vec<&str> = shared.left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["EMAIL_HOST", "LANGUAGE_CODE", "OWN", "ROOT_URLCONF"]);
        assert!(shared.left[2].1.contains("there is no such setting"));
    }
}
