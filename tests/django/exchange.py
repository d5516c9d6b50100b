"""A seeded random walk: each step goes to one of the two sites, and every answer must be that of a plain dictionary."""

import json
import random

from compare import equal
from visitor import Visitor

# Text stays within Latin-1: beyond it a Django behind WSGI cannot write a cookie.
VALUES = [0, 1, -5, 2**40, 1.5, True, None, "", "blue", "naïve", 'q"; c, \\', [1, "a", None], {"k": [{}]}]
NAMES = ["a", "b", "colour", "ключ"]
VISITORS = 3


class Expected:
    """What one visitor's cookies and session should hold."""

    def __init__(self):
        self.visitor, self.session, self.plain, self.signed = Visitor(), {}, {}, {}


def steps(chance):
    """One random step: its name, and a function that takes it on a site and says what came back and what should."""
    name, value = chance.choice(NAMES), chance.choice(VALUES)
    text = chance.choice([v for v in VALUES if isinstance(v, str)])
    session = lambda e: {"items": e.session}  # noqa: E731

    def show(e, site):
        found = e.visitor.get(site, "session/")
        return {"items": found["items"]}, session(e)

    def put(e, site):
        e.session[name] = value
        return e.visitor.post(site, "session/set/", name=name, value=json.dumps(value)), {"done": True}

    def append(e, site):
        if not isinstance(e.session.get(name, []), list):
            return show(e, site)
        e.session[name] = [*e.session.get(name, []), value]
        return e.visitor.post(site, "session/append/", name=name, value=json.dumps(value)), {"done": True}

    def delete(e, site):
        there = name in e.session
        e.session.pop(name, None)
        return e.visitor.post(site, "session/delete/", name=name), {"done": True} if there else {"error": "missing"}

    def cycle(e, site):
        return e.visitor.post(site, "session/cycle/"), {"done": True}

    def clear(e, site):
        e.session.clear()
        return e.visitor.post(site, "session/clear/"), {"done": True}

    def flush(e, site):
        e.session.clear()
        return e.visitor.post(site, "session/flush/"), {"done": True}

    def expiry(e, site):
        seconds = chance.choice([0, 300, 86400])
        found = e.visitor.post(site, "session/expiry/", seconds=seconds)
        e.session["_session_expiry"] = seconds
        return found, {"done": True, "age": seconds or 1209600}

    def cookie_set(e, site):
        e.plain["plain"] = text
        return e.visitor.post(site, "cookie/set/", name="plain", value=text), {"done": True}

    def cookie_show(e, site):
        return e.visitor.get(site, "cookie/", name="plain"), {"value": e.plain.get("plain")}

    def cookie_delete(e, site):
        e.plain.pop("plain", None)
        return e.visitor.post(site, "cookie/delete/", name="plain"), {"done": True}

    def signed_set(e, site):
        e.signed["cart"] = text
        return e.visitor.post(site, "signed/set/", name="cart", value=text), {"done": True}

    def signed_show(e, site):
        expected = {"value": e.signed["cart"]} if "cart" in e.signed else {"error": "missing"}
        return e.visitor.get(site, "signed/", name="cart"), expected

    weighted = [
        (show, 6), (put, 6), (append, 3), (delete, 3), (cycle, 2), (clear, 1), (flush, 1), (expiry, 1),
        (cookie_set, 2), (cookie_show, 2), (cookie_delete, 1), (signed_set, 2), (signed_show, 2),
    ]
    step = chance.choices([step for step, _ in weighted], [weight for _, weight in weighted])[0]
    return f"{step.__name__} {name} {value!r} {text!r}", step


def run(pair, seed, count):
    """Walks `count` steps; the first answer that differs ends it, with the way that led there."""
    chance = random.Random(f"{pair.storage.name} {seed}")
    people = [Expected() for _ in range(VISITORS)]
    history = []
    for number in range(1, count + 1):
        who = chance.randrange(VISITORS)
        site = chance.choice([pair.django, pair.ours])
        name, step = steps(chance)
        history.append(f"  {number}. visitor {who}, {site.name}: {name}")
        try:
            found, expected = step(people[who], site)
            equal(found, expected, "the last step")
        except (AssertionError, OSError) as error:
            mine = [line for line in history if f"visitor {who}," in line][-15:]
            raise AssertionError("\n".join([str(error), "after:", *mine])) from error
