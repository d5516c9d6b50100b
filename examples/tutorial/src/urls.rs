//! The routes, in the order of the tutorials.

use nuages::prelude::*;

use crate::views::{cookies, expiring, files, index, login, messages, sessions, signed};

// ANCHOR: urls
/// All of them.
pub fn urls() -> UrlConf {
    urlconf([
        path("", index::index).name("home"),
        path("index/", index::index).name("index"),
        path("", include(cookie_urls())),
        path("", include(session_urls())),
        path("upload/", files::upload),
        path("events/", files::events),
        path("download/", files::download),
    ])
}
// ANCHOR_END: urls

// ANCHOR: cookie_urls
fn cookie_urls() -> UrlConf {
    urlconf([
        path("first/set/cookie", cookies::add_cookie_first),
        path("first/get/cookie", cookies::show_cookie_first),
        path("set/cookie", cookies::add_cookie),
        path("get/cookie", cookies::show_cookie),
        path("delete/cookie", cookies::delete_visits),
        path("s/cookie", cookies::setcookie),
        path("g/cookie", cookies::getcookie),
        path("set_cookie/", cookies::set_cookie),
        path("get_cookie/", cookies::get_cookie),
        path("check_cookie/", cookies::get_cookie),
        path("delete_cookie/", cookies::delete_cookie),
        path("set_expires/", expiring::set_expires),
        path("check_expires/", expiring::check_expires),
        path("set_attributes/", expiring::set_attributes),
        path("check_salt_cookie/", signed::check_salt_cookie),
        path("forge_salt_cookie/", signed::forge_salt_cookie),
        path("delete_salt_cookie/", signed::delete_salt_cookie),
    ])
}
// ANCHOR_END: cookie_urls

fn session_urls() -> UrlConf {
    urlconf([
        path("login/", login::login),
        path("set_session/", sessions::set_session),
        path("get_session/", sessions::get_session),
        path("delete_session/", sessions::delete_session),
        path("clear_session/", sessions::clear_session),
        path("flush_session/", sessions::flush_session),
        path("count_session/", sessions::count_session),
        path("set_expiry/<slug:form>/", sessions::set_expiry),
        path("stored_session/", sessions::stored_session),
        path("add_message/", messages::add_message),
        path("show_messages/", messages::show_messages),
    ])
}
