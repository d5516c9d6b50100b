"""What a team relies on when it moves one URL at a time: done here, seen there. Each scenario runs both ways."""

import html
import json
import time

from compare import equal
from visitor import Cookie, Visitor

SCENARIOS = []


def scenario(applies=lambda storage: True):
    """Registers a function of (here, there, pair), for the storages that it applies to."""

    def register(function):
        SCENARIOS.append((function.__name__.replace("_", " "), function, applies))
        return function

    return register


def once(storage):
    """For what has nothing to do with sessions: one storage will do."""
    return storage.name == "db"


def items(visitor, site):
    """The session's data, without the expiry that set_expiry keeps there."""
    found = visitor.get(site, "session/")["items"]
    return {name: value for name, value in found.items() if name != "_session_expiry"}


VALUES = {
    "text": "blue", "empty": "", "unicode": "naïve ☃ 😀 \u0000 </script>", "yes": True, "nothing": None,
    "integer": -7, "large": 2**64 - 1, "float": 1.0, "small": 1e-07, "huge": 1e300,
    "nested": {"list": [1, [2.5, {"a": None}]], "ключ": "значение"}, "long": "x" * 900,
}


@scenario()
def set_here_read_there(here, there, pair):
    visitor = Visitor()
    for name, value in VALUES.items():
        visitor.post(here, "session/set/", name=name, value=json.dumps(value))
    equal(items(visitor, there), VALUES, "the session read there")


@scenario()
def change_there_read_here(here, there, pair):
    visitor = Visitor()
    visitor.post(here, "session/set/", name="colour", value='"blue"')
    visitor.post(there, "session/set/", name="colour", value='"green"')
    visitor.post(there, "session/append/", name="seen", value="1")
    visitor.post(here, "session/append/", name="seen", value="2")
    equal(items(visitor, here), {"colour": "green", "seen": [1, 2]}, "after the changes")
    visitor.post(there, "session/delete/", name="colour")
    equal(items(visitor, here), {"seen": [1, 2]}, "after the deletion")
    equal(visitor.post(here, "session/delete/", name="colour"), {"error": "missing"}, "a second deletion")


@scenario()
def cycle_keeps_the_data(here, there, pair):
    visitor = Visitor()
    visitor.post(here, "session/set/", name="colour", value='"blue"')
    thief, before = visitor.copy(), visitor.jar["sessionid"].value
    visitor.post(there, "session/cycle/")
    equal(items(visitor, here), {"colour": "blue"}, "after the cycle")
    if pair.storage.is_on_the_server:
        equal(visitor.jar["sessionid"].value != before, True, "a new key")
        equal(items(thief, here), {}, "the old key here")
        equal(items(thief, there), {}, "the old key there")


@scenario()
def expiry_set_here_holds_there(here, there, pair):
    # By seconds, by a moment; and one that has time left. Whether the server ends it by itself, if the client keeps
    # the cookie: Django's file engine does not expire by seconds.
    on_the_server = pair.storage.is_on_the_server
    ways = {"seconds": on_the_server and pair.storage.engine != "file", "moment": on_the_server}
    visitors = {}
    for form in ways:
        visitors[form] = visitor = Visitor()
        visitor.post(here, "session/set/", name="colour", value='"blue"')
        # Whole seconds are cut off on the way, up to two of them: less than three might have ended at once.
        equal(2 <= visitor.post(here, "session/expiry/", **{form: 3})["age"] <= 3, True, "the age")
        equal(items(visitor, there), {"colour": "blue"}, "before it expires")
    late = Visitor()
    late.post(here, "session/set/", name="colour", value='"blue"')
    late.post(here, "session/expiry/", seconds=600)
    thieves = {form: visitor.copy() for form, visitor in visitors.items()}
    time.sleep(3.2)
    for form, server_side in ways.items():
        equal(items(visitors[form], there), {}, f"after it expired, by {form}")
        thieves[form].keep("sessionid")
        for site in (there, here) if server_side else ():
            equal(items(thieves[form], site), {}, f"a client that keeps the cookie, by {form}, on {site.name}")
    equal(items(late, there), {"colour": "blue"}, "the one that has time left")


@scenario()
def browser_close_is_kept(here, there, pair):
    visitor = Visitor()
    visitor.post(here, "session/set/", name="colour", value='"blue"')
    visitor.post(here, "session/expiry/", seconds=0)
    equal(visitor.jar["sessionid"].gone_at, None, "the cookie's expiry")
    equal(visitor.get(there, "session/")["browser_close"], True, "browser close there")
    visitor.post(there, "session/expiry/", seconds="")
    equal(visitor.jar["sessionid"].attributes["max-age"], "1209600", "the cookie's age afterwards")
    equal(visitor.get(here, "session/")["browser_close"], False, "browser close here")


@scenario()
def logout_is_final(here, there, pair):
    visitor = Visitor()
    before = pair.sessions()
    visitor.post(here, "session/set/", name="user", value="1")
    thief = visitor.copy()
    visitor.post(there, "session/flush/")
    equal("sessionid" in visitor.alive(), False, "the cookie after the logout")
    equal(items(visitor, here), {}, "the session after the logout")
    if pair.storage.is_on_the_server:
        equal(pair.sessions(), before, "sessions in the storage")
        equal(items(thief, here), {}, "the old key here")
        equal(items(thief, there), {}, "the old key there")


@scenario()
def clear_empties_it(here, there, pair):
    visitor = Visitor()
    visitor.post(here, "session/set/", name="colour", value='"blue"')
    visitor.post(there, "session/clear/")
    equal(items(visitor, here), {}, "after the clear")


@scenario()
def a_tampered_session_is_nobodys(here, there, pair):
    visitor = Visitor()
    visitor.post(here, "session/set/", name="user", value="1")
    flip = lambda value: ("b" if value[0] == "a" else "a") + value[1:]  # noqa: E731
    for site in (here, there):
        thief = visitor.copy()
        thief.tamper("sessionid", flip)
        forged = thief.jar["sessionid"].value
        equal(items(thief, site), {}, f"a tampered session on {site.name}")
        thief.post(site, "session/set/", name="user", value="2")
        equal(thief.jar["sessionid"].value != forged, True, "a key of the server's choice")
    equal(items(visitor, there), {"user": 1}, "the true one")


@scenario()
def garbage_in_the_cookie_is_no_session(here, there, pair):
    for site in (here, there):
        for value in ("x", "../../etc/passwd", "é", "a" * 3000, "%00", ":::", "eyJ9:1:x"):
            visitor = Visitor()
            visitor.jar["sessionid"] = cookie("sessionid", value)
            equal(items(visitor, site), {}, f"{value[:20]!r} on {site.name}")


@scenario()
def the_test_cookie_works_across(here, there, pair):
    visitor = Visitor()
    equal(visitor.post(here, "login/"), {"cookies": False}, "without the form")
    visitor.get(here, "login/")
    equal(visitor.post(there, "login/"), {"cookies": True}, "with the form")
    equal(visitor.post(here, "login/"), {"cookies": False}, "deleted there")


@scenario(once)
def plain_cookies(here, there, pair):
    visitor = Visitor()
    # Beyond Latin-1 a Django behind WSGI cannot write a cookie.
    for value in ("blue", "", "two words", 'a "b" c', "a;b,c", "back\\slash", "naïve", "a=b", " edge ", "{}[]@"):
        visitor.post(here, "cookie/set/", name="plain", value=value)
        equal(visitor.get(there, "cookie/", name="plain"), {"value": value}, "read there")
        equal(visitor.get(here, "cookie/", name="plain"), {"value": value}, "read here")
    visitor.post(there, "cookie/delete/", name="plain")
    equal(visitor.get(here, "cookie/", name="plain"), {"value": None}, "after the deletion")


@scenario(once)
def signed_cookies(here, there, pair):
    visitor = Visitor()
    equal(visitor.get(there, "signed/", name="cart"), {"error": "missing"}, "before it is set")
    visitor.post(here, "signed/set/", name="cart", value="42: naïve")
    equal(visitor.get(there, "signed/", name="cart"), {"value": "42: naïve"}, "read there")
    visitor.post(here, "signed/set/", name="cart", value="42")
    thief = visitor.copy()
    thief.tamper("cart", lambda value: value.replace("42", "43", 1))
    equal(thief.get(there, "signed/", name="cart"), {"error": "bad"}, "a tampered value")
    thief = visitor.copy()
    thief.jar["other"] = visitor.jar["cart"]
    equal(thief.get(there, "signed/", name="other"), {"error": "bad"}, "moved to another name")
    time.sleep(2.2)
    equal(visitor.get(there, "signed/", name="cart", max_age=1), {"error": "expired"}, "too old")
    equal(visitor.get(there, "signed/", name="cart", max_age=60), {"value": "42"}, "young enough")


@scenario(lambda storage: storage.cache is not None)
def fragments_of_pages(here, there, pair):
    visitor = Visitor()

    def page(site, n, who):
        return visitor.get(site, "fragment/", n=n, who=who)["fragment"]

    for who in ("Ada", "naïve ☃", "<b>&:", ""):
        who += here.name
        shown = page(here, 1, who)
        equal(shown, "<b>1 {}</b>".format(html.escape(who)), "rendered here")
        equal(page(there, 2, who), shown, "found there")
        equal(visitor.post(there, "fragment/forget/", who=who)["found"], True, "deleted there")
        equal(page(here, 3, who), shown.replace("1", "3"), "rendered again")
    equal(visitor.post(here, "fragment/forget/", who="nobody")["found"], False, "what is not there")


@scenario(once)
def tokens(here, there, pair):
    visitor = Visitor()
    for compress in ("0", "1"):
        token = visitor.post(here, "token/dumps/", value=json.dumps(VALUES), compress=compress)["token"]
        equal(token.startswith("."), compress == "1", "compressed")
        equal(visitor.post(there, "token/loads/", token=token), {"value": VALUES}, "read there")
        equal(visitor.post(there, "token/loads/", token=token[:-1] + "!"), {"error": "bad"}, "cut")
        equal(visitor.post(there, "token/loads/", token="x" + token), {"error": "bad"}, "a byte more")


@scenario()
def cookies_are_written_alike(here, there, pair):
    for path, form in (
        ("session/set/", {"name": "a", "value": "1"}), ("session/expiry/", {"seconds": 0}),
        ("session/expiry/", {"seconds": 600}), ("session/flush/", {}),
        ("cookie/set/", {"name": "c", "value": "v"}), ("cookie/delete/", {"name": "c"}),
        ("signed/set/", {"name": "s", "value": "v"}),
    ):
        shapes = []
        for site in (here, there):
            visitor = Visitor()
            if path != "session/set/":
                visitor.post(site, "session/set/", name="a", value="1")
            visitor.post(site, path, **form)
            shapes.append([cookie.shape() for cookie in visitor.set_cookies])
        equal(shapes[0], shapes[1], f"Set-Cookie of {path}")


def cookie(name, value):
    # http.client writes headers in Latin-1: the bytes of UTF-8, each as one character.
    return Cookie(f"{name}={value.encode().decode('latin-1')}")
