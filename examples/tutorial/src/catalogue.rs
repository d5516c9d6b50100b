//! What the index page lists: the text about each view.

use serde::Serialize;

/// A group of views.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Chapter {
    /// Its title.
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Its views, in order.
    pub lessons: &'static [Lesson],
}

/// One view.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Lesson {
    /// Its path, without a slash in front.
    pub path: &'static str,
    /// What it shows, and what to try.
    pub about: &'static str,
}

const fn lesson(path: &'static str, about: &'static str) -> Lesson {
    Lesson { path, about }
}

/// A lesson and its neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) lesson: &'static Lesson,
    pub(crate) previous: Option<&'static Lesson>,
    pub(crate) next: Option<&'static Lesson>,
}

/// The lesson at a path.
pub(crate) fn find(path: &str) -> Option<Place> {
    let mut previous = None;
    let mut lessons = CHAPTERS.iter().flat_map(|chapter| chapter.lessons);
    while let Some(lesson) = lessons.next() {
        if lesson.path == path {
            return Some(Place { lesson, previous, next: lessons.next() });
        }
        previous = Some(lesson);
    }
    None
}

/// Every view of the site.
pub const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "Cookies",
        about: "Set, read, count, delete. Views that the tutorial writes twice are here twice.",
        lessons: &[
            lesson("index/", "The index view: this page."),
            lesson(
                "first/set/cookie",
                "addCookie, first version: sets one cookie, until the browser is closed.",
            ),
            lesson(
                "first/get/cookie",
                "showCookie, first version: reads it. Without the cookie: a KeyError.",
            ),
            lesson("set/cookie", "addCookie, second version: welcomes you, and counts. Reload it."),
            lesson("get/cookie", "showCookie, second version: goes on counting, or sends you to set/cookie."),
            lesson(
                "delete/cookie",
                "delete_cookie: forgets the visits. Its answer depends on whether there are any.",
            ),
            lesson("s/cookie", "setcookie: sets Django-Cookie-Tutorial, whose value is empty."),
            lesson("g/cookie", "getcookie: reads it. Without the cookie: a KeyError."),
            lesson("set_cookie/", "The second tutorial's set_cookie: test is “hello cookie”."),
            lesson("get_cookie/", "get_cookie: reads test, and prints None if there is none."),
            lesson("delete_cookie/", "delete_cookie: deletes test and redirects to check_cookie."),
            lesson("check_cookie/", "Where delete_cookie leads; the same view as get_cookie."),
        ],
    },
    Chapter {
        title: "Expiry and attributes",
        about: "A cookie may end at a moment, and say where it goes.",
        lessons: &[
            lesson("set_expires/", "Sets a cookie that ends ten seconds from now."),
            lesson("check_expires/", "Is it still sent? Reload until it is not."),
            lesson("set_attributes/", "Sets a cookie with every attribute; its path is this page alone."),
        ],
    },
    Chapter {
        title: "Signed cookies",
        about: "The browser can read them, but only the site can have written them.",
        lessons: &[
            lesson("check_salt_cookie/", "Sets a signed cookie at the first visit, shows it at the second."),
            lesson(
                "forge_salt_cookie/",
                "Overwrites it with a forgery; then look at check_salt_cookie: status 400.",
            ),
            lesson("delete_salt_cookie/", "Deletes it, so that check_salt_cookie begins anew."),
        ],
    },
    Chapter {
        title: "Sessions",
        about: "The browser keeps a random key, the site keeps the data.",
        lessons: &[
            lesson(
                "login/",
                "The test cookie: GET sets it and shows a form, POST sees whether it came back. Without its CSRF token the form is refused.",
            ),
            lesson(
                "set_session/",
                "Stores test_id at the first visit; shows SessionID, value and ExpireTime at the second.",
            ),
            lesson("get_session/", "Reads test_id. Without it: a KeyError."),
            lesson("delete_session/", "Deletes test_id. Its answer depends on whether there is one."),
            lesson("count_session/", "Counts visits under a typed key, without losing one."),
            lesson("stored_session/", "The text that is stored, beside the data that is in it."),
            lesson("clear_session/", "clear: the data is gone, the session stays."),
            lesson("flush_session/", "flush: the session is gone, and its cookie with it."),
        ],
    },
    Chapter {
        title: "The end of a session",
        about: "set_expiry, in every form that it takes.",
        lessons: &[
            lesson("set_expiry/integer/", "After 300 seconds without a change."),
            lesson("set_expiry/zero/", "When the browser is closed."),
            lesson("set_expiry/none/", "As the settings say: after two weeks."),
            lesson("set_expiry/datetime/", "At a moment, ten minutes from now."),
            lesson("set_expiry/timedelta/", "After a duration of one hour."),
        ],
    },
    Chapter {
        title: "Messages",
        about: "A text for the next page, shown once.",
        lessons: &[
            lesson("add_message/", "Leaves a message, and redirects to show_messages."),
            lesson("show_messages/", "Shows it. Reload: it is gone."),
        ],
    },
    Chapter {
        title: "Files",
        about: "Files come in a form, small ones in memory, large ones on the disk, and go as an answer.",
        lessons: &[
            lesson("upload/", "Sends files with a progress bar; says what came, and where it is kept."),
            lesson("events/", "An answer that goes on: a countdown in server-sent events."),
            lesson("download/", "A table to be saved, whole or in parts."),
        ],
    },
];
