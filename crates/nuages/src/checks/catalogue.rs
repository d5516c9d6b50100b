//! The list of all checks: what each finds, and what to do about it.

/// What the list knows of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckInfo {
    /// Its id, which is Django's where Django has the check: `security.W004`. `E` is an error, `W` a warning.
    pub id: &'static str,
    /// What it finds.
    pub finds: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Does only `check --deploy` look for it?
    pub deploy: bool,
}

const fn always(id: &'static str, finds: &'static str, fix: &'static str) -> CheckInfo {
    CheckInfo { id, finds, fix, deploy: false }
}

const fn deploy(id: &'static str, finds: &'static str, fix: &'static str) -> CheckInfo {
    CheckInfo { id, finds, fix, deploy: true }
}

/// Every check that the command `check` may speak of, in the order of the ids.
///
/// ```
/// use nuages::management::{CHECKS, CheckInfo};
///
/// let debug: Option<&CheckInfo> = CHECKS.iter().find(|check| check.id == "security.W018");
/// assert!(debug.is_some_and(|check| check.deploy && check.finds.contains("DEBUG")));
/// ```
pub const CHECKS: &[CheckInfo] = &[
    always(
        "2_0.W001",
        "the route of a `path()` looks like a regular expression",
        "use `re_path()`, or leave out `(?P<`, `^` and `$`",
    ),
    always(
        "auth.E010",
        "`PASSWORD_HASHERS` names an algorithm that is not known, or none at all",
        "name algorithms such as `pbkdf2_sha256`, the one for new passwords first",
    ),
    always(
        "auth.W011",
        "without `DEBUG` new passwords would be hashed by md5, which protects nothing",
        "put it last in `PASSWORD_HASHERS`, or leave it to tests",
    ),
    always(
        "caches.E001",
        "`CACHES` or `CACHE_URL` names a cache that cannot be opened",
        "correct the setting as the message says; a kind that is not built in needs its feature",
    ),
    always(
        "caches.E002",
        "the table of a cache cannot be read",
        "correct `DATABASE_URL`, or the cache's `LOCATION`",
    ),
    always("caches.W001", "the table of a cache is missing", "run the command `createcachetable`"),
    always(
        "database.E001",
        "the database cannot be used",
        "start the database, or correct `DATABASE_URL`; the message says which",
    ),
    always("database.W001", "the database lacks tables", "run the command `migrate`"),
    always(
        "files.E001",
        "`FILE_UPLOAD_TEMP_DIR` is no folder",
        "make the folder, or leave the setting out for the system's own",
    ),
    always(
        "middleware.E001",
        "a middleware cannot start: a setting is wrong, or it stands before a layer that it needs",
        "the message names the setting, or says which layer to move",
    ),
    always(
        "nuages.urls.W001",
        "no path can reach a route, because an earlier one matches all of them",
        "declare it before the other one, which the message names",
    ),
    deploy(
        "security.E023",
        "`SECURE_REFERRER_POLICY` holds a value that browsers ignore",
        "use one of the values that the message lists",
    ),
    deploy(
        "security.E024",
        "`SECURE_CROSS_ORIGIN_OPENER_POLICY` is a value that browsers ignore",
        "use one of the values that the message lists",
    ),
    deploy(
        "security.W001",
        "`SecurityMiddleware` is missing, so the `SECURE_…` settings have no effect",
        "add `.middleware(SecurityMiddleware::new())` as the first one",
    ),
    deploy(
        "security.W002",
        "`XFrameOptionsMiddleware` is missing, so any site may show the pages in a frame",
        "add `.middleware(XFrameOptionsMiddleware::new())`",
    ),
    deploy(
        "security.W003",
        "`CsrfViewMiddleware` is missing, so other sites can send forms in a visitor's name",
        "add `.middleware(CsrfViewMiddleware::new())` behind `CommonMiddleware`",
    ),
    deploy(
        "security.W004",
        "`SECURE_HSTS_SECONDS` is 0, so browsers go on trying plain HTTP",
        "if all of the site is served over HTTPS, set it to a small number, and raise it once that works",
    ),
    deploy(
        "security.W005",
        "`SECURE_HSTS_INCLUDE_SUBDOMAINS` is off, so a subdomain over plain HTTP can attack the site",
        "set it to true if every subdomain is served over HTTPS only",
    ),
    deploy(
        "security.W006",
        "`SECURE_CONTENT_TYPE_NOSNIFF` is off, so browsers may take an upload for a script",
        "set it to true",
    ),
    deploy(
        "security.W008",
        "`SECURE_SSL_REDIRECT` is off, so requests over plain HTTP are answered",
        "set it to true, or let the proxy in front redirect",
    ),
    deploy(
        "security.W009",
        "`SECRET_KEY` is empty, short, monotonous, or was made for development",
        "set the environment variable to 50 random characters or more: `openssl rand -base64 48`",
    ),
    deploy(
        "security.W012",
        "`SESSION_COOKIE_SECURE` is off, so the session cookie also travels over plain HTTP",
        "set it to true",
    ),
    deploy(
        "security.W015",
        "`SESSION_COOKIE_HTTPONLY` is off, so an injected script can steal the session cookie",
        "set it to true",
    ),
    deploy(
        "security.W016",
        "`CSRF_COOKIE_SECURE` is off, so the CSRF cookie also travels over plain HTTP",
        "set it to true",
    ),
    deploy(
        "security.W018",
        "`DEBUG` is on, and error pages show what only developers may see",
        "set `DEBUG = false`",
    ),
    deploy(
        "security.W019",
        "`X_FRAME_OPTIONS` is not `DENY`",
        "set it to `DENY`, unless the site shows itself in frames",
    ),
    deploy(
        "security.W020",
        "`ALLOWED_HOSTS` is empty, so every request is refused when `DEBUG` is off",
        "list the hosts that the site answers for",
    ),
    deploy(
        "security.W021",
        "`SECURE_HSTS_PRELOAD` is off, so the site cannot enter the browsers' preload list",
        "set it to true if the domain shall be on that list",
    ),
    deploy(
        "security.W022",
        "`SECURE_REFERRER_POLICY` is none, so other sites learn which page a visitor comes from",
        "set it to `same-origin`",
    ),
    deploy(
        "security.W025",
        "a key in `SECRET_KEY_FALLBACKS` is empty, short, monotonous, or was made for development",
        "remove it; what it signed is refused then",
    ),
    always(
        "sessions.E001",
        "the session cookie could not be written",
        "correct `SESSION_COOKIE_NAME`, `SESSION_COOKIE_PATH` or `SESSION_COOKIE_DOMAIN`",
    ),
    always(
        "sessions.E002",
        "the engine `cache` keeps sessions in a cache that keeps nothing (`dummy://`)",
        "name another cache in `SESSION_CACHE_ALIAS`",
    ),
    always("sessions.E003", "the index of sessions cannot be read", "correct `DATABASE_URL`"),
    always(
        "sessions.W001",
        "`cached_db` reads through a cache of which each process has its own (`locmem://`)",
        "use Redis or memcached, or the engine `db`",
    ),
    always(
        "sessions.W002",
        "`SESSION_HASH_KEYS` or `SESSION_INDEX` with the engine `signed_cookies`, which keeps nothing on the server",
        "use another engine, or leave the setting out",
    ),
    always(
        "sessions.W003",
        "`SESSION_SWEEP_INTERVAL` with an engine whose sessions end by themselves",
        "leave it out",
    ),
    always("sessions.W004", "`SESSION_INDEX` is on and its table is missing", "run the command `migrate`"),
    always(
        "settings.E001",
        "`SECRET_KEY` is empty",
        "set the environment variable to a long random text, and keep it: `openssl rand -base64 48`",
    ),
    always(
        "settings.E002",
        "`TRUSTED_PROXIES` names something that is no address, network, `loopback` or `unix`",
        "correct the entry that the message names",
    ),
    always(
        "settings.E003",
        "`settings.toml` or the environment has an unknown name or a value of the wrong type",
        "correct it; the message names file and line, or the variable, and the nearest name",
    ),
    always(
        "settings.E004",
        "`TIME_ZONE` is no time zone",
        "write a name of the IANA database, such as Europe/Paris",
    ),
    always(
        "staticfiles.E002",
        "`STATICFILES_DIRS` contains `STATIC_ROOT`",
        "keep the files that you write apart from those that `collectstatic` writes",
    ),
    always("staticfiles.E003", "a prefix in `STATICFILES_DIRS` ends with a slash", "leave the slash out"),
    always(
        "staticfiles.E005",
        "`STATICFILES_STORAGE` is no storage that is known",
        "set it to `manifest` or `plain`",
    ),
    always("staticfiles.E010", "`STATIC_URL` is the whole site", "set it to `/static/`"),
    always("staticfiles.E011", "`STATIC_PRECOMPRESS` names an unknown encoding", "use `gzip` and `br`"),
    always(
        "staticfiles.E014",
        "without `DEBUG` the manifest in `STATIC_ROOT` cannot be read",
        "run `collectstatic` again",
    ),
    always(
        "staticfiles.W004",
        "a folder of `STATICFILES_DIRS` does not exist",
        "make it, or take it out of the list",
    ),
    always(
        "staticfiles.W012",
        "without `DEBUG` there are static files and no `STATIC_ROOT`",
        "set `STATIC_ROOT` and run `collectstatic` when you deploy",
    ),
    always(
        "staticfiles.W013",
        "without `DEBUG` there is no manifest in `STATIC_ROOT`",
        "run `collectstatic` when you deploy",
    ),
    always(
        "templates.E001",
        "a template with a mistake: unknown tags and filters, URLs that do not exist, templates and static files that are missing",
        "the message names the template with its line, and says what to write",
    ),
    always(
        "urls.E001",
        "a route that cannot work: an unknown converter, a pattern that does not compile, a view whose arguments do not fit",
        "the message names the route with its file and line, and what to do",
    ),
    always("urls.E006", "`STATIC_URL` does not end with a slash", "add one"),
    always(
        "urls.W001",
        "the pattern of an included table ends in `$`, so nothing can follow",
        "remove the `$`",
    ),
    always(
        "urls.W002",
        "a pattern begins with `/`, which no path has left at that place",
        "remove the slash",
    ),
    always("urls.W003", "the name of a route has a `:` and is read as a namespace", "remove the colon"),
    always(
        "urls.W005",
        "two included tables have the same namespace, so not all of their routes can be reversed",
        "give each a namespace of its own",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_order_of_the_ids() {
        let ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
    }

    #[test]
    fn only_security_is_about_deployment_alone() {
        for check in CHECKS {
            assert_eq!(check.deploy, check.id.starts_with("security."), "{}", check.id);
        }
    }
}
