//! `MIDDLEWARE`: what of it a new project has, and what is to be written.

use serde_json::Value;

use super::translation::Translation;

/// Django's middleware that a new project has, in `src/app.rs`.
const THERE: &[&str] = &[
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
];

/// Django's middleware that needs a line there.
const ADDED: &[(&str, &str)] = &[
    ("django.middleware.gzip.GZipMiddleware", "GZipMiddleware"),
    ("django.middleware.http.ConditionalGetMiddleware", "ConditionalGetMiddleware"),
];

pub(super) fn translate(translation: &mut Translation<'_>) {
    let names =
        translation.answer.get("MIDDLEWARE").as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in names.filter(|name| !THERE.contains(name)) {
        let why = match ADDED.iter().find(|(django, _)| *django == name) {
            Some((_, ours)) => format!("add .middleware({ours}::new()) in its place in src/app.rs"),
            None if name == "django.contrib.auth.middleware.AuthenticationMiddleware" => {
                "there is no request.user; a visitor who is logged in has _auth_user_id in the session"
                    .to_owned()
            }
            None if name.starts_with("django.middleware.cache.") => {
                "cache_page around the views that are to be cached does the same".to_owned()
            }
            None => "write it as a middleware of your own, if these pages need it".to_owned(),
        };
        translation.leave(format_args!("MIDDLEWARE {name}"), why);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::translation::tests::translated;

    #[test]
    fn what_is_there_is_not_told() {
        let shared = translated(json!({"MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "mysite.Own",
        ]}));
        let left: Vec<&str> = shared.left.iter().filter_map(|(name, _)| name.rsplit('.').next()).collect();
        assert_eq!(left, ["GZipMiddleware", "AuthenticationMiddleware", "Own"]);
        assert!(shared.left[0].1.contains(".middleware(GZipMiddleware::new())"));
    }
}
