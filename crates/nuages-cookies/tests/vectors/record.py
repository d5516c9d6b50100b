"""Records django_cookies.json with the Django that runs it: `python record.py`, with Django 5.2 and Python 3.11."""

import datetime
import json
import os
import platform
import random
import types
from unittest import mock

import django
from django.conf import settings

KEY = "conformance-secret-key"
settings.configure(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=["old key", "older key"], USE_TZ=True)

from django.core import signing  # noqa: E402
from django.core.handlers.wsgi import get_str_from_wsgi  # noqa: E402
from django.http import HttpResponse, parse_cookie  # noqa: E402
from django.http import response as response_module  # noqa: E402
from django.http.request import HttpRequest  # noqa: E402

RANDOM = random.Random(20260719)
HERE = os.path.dirname(os.path.abspath(__file__))


# Cookie headers ------------------------------------------------------------

HEADERS = [
    "=;=", "=", ";", "a", "a=", "=a", "==", "a==", "=a=b", "a=1;a", "a;a=1", "a=1; =2; b", "b; =2", "; ; ;a=1",
    'a="b', 'a=b"', 'a="b"c"', 'a="""', 'a="\\"', 'a="\\\\"', 'a="\\\\\\"', 'a=" "', 'a="\t"', 'a="b";c="d"', '"a"="b"', '"a=b"',
    'a="\\777"', 'a="\\377"', 'a="\\400"', 'a="\\00"', 'a="\\000"', 'a="\\0000"', 'a="\\8"', 'a="\\1\\12\\123\\1234"', 'a="\\\\101"',
    'a="\\342\\230\\203"', 'a="\\302"', 'a="x\\"; b=2"', 'a="x\\073 b=2"', "a[b]=1", "a[b][c]=1; a[]=2", "$Version=1; $Path=/; a=1",
    "a=b,c=d", 'a={"k": [1, 2], "x": "y;z"}', "__proto__=1; constructor=2", "__%48ost-x=1", "__Host-x=1; __Host-x=2",
    "x; sessionid=abc", "=x; sessionid=abc", '"; sessionid=abc', "sessionid=abc; sessionid", "a=1 b=2", "a =1", "a= 1", "a\t=\t1", " a=1",
    "a b=c d", "A=1; a=2; A=3", "a=1;b=2;a=3;c=4;b=5", "a=%3B%20", "a=\\", "a=\\\"", "a=\"\"\"\"", "a=''", "path=/; expires=x",
    "a=" + "v" * 5000, "; ".join(f"c{n}={n}" for n in range(300)), 'a="' + "\\" * 2001 + '"', 'a="' + '\\"' * 1000 + '"',
]  # fmt: skip
HEADERS = [text.encode() for text in HEADERS] + [
    "é=ü; ☃=🦀".encode(), 'a="é\\351☃"'.encode(), 'a="\\é\\☃\\🦀"'.encode(), "a=é\\351".encode(), b"a=\xff", b"\xff=1", b"a=\xc3\xa9\xff\xc3", b'a="\xff\\\xff"',
    b'a="\\\xe2\x82"', b"a=\xe2\x82; b=\xac", b"\xef\xbf\xbd=1; \xff=2; \xfe=3", b"a=\xf0\x9f\xa6; b=1", b"a=\xed\xa0\x80", b"a=\xc0\xaf", b"a=\xf5\x80",
]  # fmt: skip
PIECES = [
    b"a", b"b", b"sessionid", b"=", b"=", b"=", b";", b";", b"; ", b" ", b"\t", b'"', b'"', b"\\", b"\\", b"0", b"1", b"3", b"7", b"8", b"\\073",
    b"\\351", b"\\\\", b'\\"', b",", b"%3B", b"$", b"{", b"]", b"/", "é".encode(), "☃".encode(), b"\xff", b"\xc3", b"\xe2\x82",
]  # fmt: skip


def record_headers():
    made = [b"".join(RANDOM.choices(PIECES, k=RANDOM.randrange(1, 24))) for _ in range(400)]
    cases = []
    for header in HEADERS + made:
        text = get_str_from_wsgi({"HTTP_COOKIE": header.decode("latin-1")}, "HTTP_COOKIE", "")
        cases.append({"latin1": header.decode("latin-1"), "pairs": [list(pair) for pair in parse_cookie(text).items()]})
    return cases


# Calls of set_cookie and delete_cookie ---------------------------------------


def argument(value):
    """The typed arguments of the conformance protocol, and the numbers that JSON readers lack."""
    if isinstance(value, dict):
        ((kind, inner),) = value.items()
        if kind == "datetime":
            return datetime.datetime.fromisoformat(inner)
        if kind == "timedelta":
            return datetime.timedelta(seconds=inner)
        if kind == "float":
            return float(inner)
        if kind == "integer":
            return int(inner)
    return value


class AnyDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime.datetime)


def frozen(now):
    class FrozenDatetime(datetime.datetime, metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(now, tz)

    clock = types.SimpleNamespace(datetime=FrozenDatetime, timedelta=datetime.timedelta, timezone=datetime.timezone)
    return mock.patch.multiple(response_module, time=mock.Mock(time=lambda: now), datetime=clock)


def run(calls, now):
    response = HttpResponse()
    try:
        with frozen(now):
            for call in calls:
                arguments = {name: argument(value) for name, value in call.items() if name not in ("method", "key")}
                getattr(response, call["method"])(call["key"], **arguments)
        headers = [cookie.OutputString() for cookie in response.cookies.values()]
        "".join(headers).encode("latin-1")
    except Exception as error:
        return {"error": type(error).__name__}
    return {"headers": headers}


AGES = [
    None, 0, 1, -1, 60, 3600, 31536000, 60.9, -60.9, 0.1, -0.1, 1e9, 2**31, 2**32, 10**11, 251606840859, 253402300799, 253402300800, 2**53, 10**17, 6 * 10**16, 7 * 10**16,
    2**63 - 1, 2**63, -(2**63), {"integer": str(2**64)}, {"integer": str(10**30)}, {"integer": str(-(10**30))}, 1e30, -63835596800, -63835596801, -10**11, 1e300, {"float": "inf"}, {"float": "-inf"}, {"float": "nan"},
    {"timedelta": 90.5}, {"timedelta": 0}, {"timedelta": -5}, {"timedelta": -5.5}, {"timedelta": 86400 * 365}, {"timedelta": 1e-6}, {"timedelta": 59.999999},
]  # fmt: skip
MOMENTS = [
    None, "", "x", "Thu, 01 Jan 2099 00:00:00 GMT", " ", {"datetime": "2023-11-14T22:13:20+00:00"}, {"datetime": "2023-11-14T22:13:19.500000+00:00"},
    {"datetime": "2023-11-14T22:13:19+00:00"}, {"datetime": "2023-11-14T22:13:18.999999+00:00"}, {"datetime": "2023-11-14T22:13:20.999999"},
    {"datetime": "2023-11-14T23:13:20-05:00"}, {"datetime": "2024-02-29T23:59:59+00:00"}, {"datetime": "1969-12-31T23:59:59"}, {"datetime": "0001-01-01T00:00:00"},
    {"datetime": "9999-12-31T23:59:58+00:00"}, {"datetime": "9999-12-31T23:59:59+00:00"}, {"datetime": "9999-12-31T23:59:59.999999+00:00"},
]  # fmt: skip
PATHS = [None, "", "/", "/docs/", "/a b", "relative", "/ü", "/☃", "/a,b=\"c\""]
DOMAINS = [None, "", "example.com", ".example.com", "bücher.example", "a b"]
SAMESITES = [None, "", "lax", "Lax", "STRICT", "none", "None", "nOnE", "bad", " lax", "laxx"]
NAMES = ["a", "b", "sessionid", "__Secure-a", "__secure-a", "__host-a", "a:b", "partitioned", "Secure ", "SECURE", "domain", "", "a b", "ü"]
VALUES = ["", "v", "two words", "é", "☃", "a☃b c", '"q"', "\\", "\r\n", "a;b,c", "\x00\x7f\x80\xff", "1.0", " ", "=", "\u0100", "%C3%A9"]


def choice(common, all_of_them):
    return common if RANDOM.random() < 0.6 else RANDOM.choice(all_of_them)


def random_call():
    key = choice("a", NAMES[:8]) if RANDOM.random() < 0.95 else RANDOM.choice(NAMES)
    call = {"method": "set_cookie", "key": key}
    if RANDOM.random() < 0.25:
        call["method"] = "delete_cookie"
    else:
        call["value"] = choice("v", VALUES[:4] + VALUES[6:14])
        for name, values in (("max_age", AGES[:14]), ("expires", MOMENTS), ("secure", [True, False, None]), ("httponly", [True, False, None])):
            if RANDOM.random() < 0.3:
                call[name] = RANDOM.choice(values)
    for name, values in (("path", PATHS[:6]), ("domain", DOMAINS[:4]), ("samesite", SAMESITES[:8])):
        if RANDOM.random() < 0.3:
            call[name] = RANDOM.choice(values)
    return call


def record_calls():
    one = [{"value": value} for value in VALUES]
    one += [{"max_age": age} for age in AGES] + [{"max_age": age, "expires": "x"} for age in AGES]
    one += [{"expires": moment} for moment in MOMENTS] + [{"expires": moment, "max_age": 5} for moment in MOMENTS]
    one += [{"path": path} for path in PATHS] + [{"domain": domain} for domain in DOMAINS] + [{"samesite": text} for text in SAMESITES]
    calls = [[{"method": "set_cookie", "key": "k", **arguments}] for arguments in one]
    calls += [[{"method": "set_cookie", "key": name}] for name in NAMES] + [[{"method": "delete_cookie", "key": name}] for name in NAMES]
    calls += [
        [{"method": "delete_cookie", "key": key, "path": path, "domain": domain, "samesite": samesite}]
        for key in ("k", "__Host-k", "__Secure-k") for path in (None, "/p") for domain in (None, ".d.com") for samesite in (None, "none", "Lax")
    ]  # fmt: skip
    now = [1700000000, 1700000000, 1700000000.75, 0, 946684799.999999]
    calls += [[random_call() for _ in range(RANDOM.randrange(2, 5))] for _ in range(300)]
    return [{"now": at, "calls": made, **run(made, at)} for made, at in ((made, RANDOM.choice(now)) for made in calls)]


# Signed cookies ----------------------------------------------------------------


def at(now):
    return mock.patch.object(signing, "time", mock.Mock(time=lambda: now))


def signed_text(key, name, salt, value, now, kind):
    salts = {"v2": signing._cookie_signer_salt(name, salt), "legacy": signing._cookie_signer_legacy_salt(name, salt)}
    with at(now):
        return signing.TimestampSigner(key=signing._cookie_signer_key(key), salt=salts[kind]).sign(value)


def record_signed():
    made = []
    for key in (KEY, "old key", "older key", "unknown key"):
        for kind in ("v2", "legacy"):
            for name, salt in (("s", ""), ("s", "ünï☃"), ("ab", "c"), ("", ""), ("s", "1:")):
                made.append((name, salt, signed_text(key, name, salt, "v:é", 1700000000, kind)))
    good = signed_text(KEY, "s", "", "value", 1700000000, "v2")
    made += [("s", "", text) for text in ("", ":", "::", ":::", "v", good[:-1], good + "=", good.replace(":", ";"), good.replace("value", "Value"), good.upper(), good + "\n", " " + good)]
    made += [("s", "", good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1:]) for place in range(len(good))]
    made += [("ab", "c", signed_text(KEY, "a", "bc", "v", 1700000000, kind)) for kind in ("v2", "legacy")]
    made += [("other", "", good), ("s", "other", good)]
    cases = []
    for name, salt, text in made:
        for legacy in (True, False):
            for max_age, now in ((None, 1700000000), (60, 1700000060), (60, 1700000061), (60.5, 1700000060.5), (0, 1700000000), (-5, 1699999995), (-5, 1699999996)):
                request = HttpRequest()
                request.COOKIES = {name: text}
                try:
                    with at(now), mock.patch.object(settings, "SIGNED_COOKIE_LEGACY_SALT_FALLBACK", legacy):
                        outcome = {"value": request.get_signed_cookie(name, salt=salt, max_age=max_age)}
                except Exception as error:
                    outcome = {"error": type(error).__name__}
                # Most are bad whatever the age; one row says so.
                if outcome == {"error": "BadSignature"} and max_age is not None:
                    continue
                cases.append({"name": name, "salt": salt, "signed": text, "legacy": legacy, "max_age": max_age, "now": now, **outcome})
    return cases


recorded = {
    "recorded_with": {"django": django.__version__, "python": platform.python_version(), "secret_key": KEY, "fallbacks": ["old key", "older key"]},
    "cookies": record_headers(),
    "responses": record_calls(),
    "signed": record_signed(),
}
with open(os.path.join(HERE, "django_cookies.json"), "w") as output:
    output.write("{\n")
    sections = []
    for name, value in recorded.items():
        if isinstance(value, dict):
            sections.append(f" {json.dumps(name)}: {json.dumps(value)}")
        else:
            sections.append(f" {json.dumps(name)}: [\n  " + ",\n  ".join(json.dumps(row) for row in value) + "\n ]")
    output.write(",\n".join(sections) + "\n}\n")
