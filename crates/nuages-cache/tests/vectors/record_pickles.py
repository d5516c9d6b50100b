"""Records pickles.json: plain data as CPython pickles it in every protocol."""

import base64
import datetime as dt
import json
import pathlib
import pickle
import sys


def tagged(value):
    match value:
        case None | bool() | str():
            return value
        case int():
            return {"int": str(value)}
        case float():
            return {"float": value.hex()}
        case bytes():
            return {"bytes": list(value)}
        case list():
            return {"list": [tagged(item) for item in value]}
        case tuple():
            return {"tuple": [tagged(item) for item in value]}
        case dict():
            return {"dict": [[tagged(key), tagged(item)] for key, item in value.items()]}
        case set():
            return {"set": [tagged(item) for item in value]}
        case frozenset():
            return {"frozenset": [tagged(item) for item in value]}
        case dt.datetime(tzinfo=None):
            return {"naive": value.isoformat()}
        case dt.datetime():
            return {"aware": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case dt.timedelta():
            return {"delta": [value.days, value.seconds, value.microseconds]}
    raise TypeError(type(value))


shared = ["x"]
VALUES = [
    None, True, False, 0, 1, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1,
    2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**64, -(2**64), 2**127 - 1, -(2**127),
    0.0, -0.0, 1.5, 1e300, -1e-300, float("inf"), float("-inf"),
    "", "a", "ünï \U0001f980", "back\\slash\n\r\0\x1a \\u0041", "x" * 255, "x" * 256, "é" * 300,
    b"", b"abc", bytes(range(256)), b"x" * 255,
    [], [1], [1, 2], list(range(1000)), list(range(1001)), list(range(2000)),
    (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
    {}, {"a": 1}, {"a": 1, "b": [None, {"c": ()}]}, {1: "one", None: 2, (1, "t"): 3, 1.5: 4, b"b": 5},
    {str(n): n for n in range(1001)},
    set(), {1}, {"a"}, frozenset(), frozenset([7]),
    dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2024, 2, 29),
    dt.datetime(2024, 2, 29, 23, 59, 59, 999999), dt.datetime(1, 1, 1), dt.datetime(2024, 10, 27, 2, 30, fold=1),
    dt.datetime(2024, 2, 29, 12, tzinfo=dt.timezone.utc),
    dt.datetime(2024, 2, 29, 12, 0, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
    dt.datetime(2024, 2, 29, 12, tzinfo=dt.timezone(dt.timedelta(hours=2), "CEST")),
    dt.timedelta(0), dt.timedelta(days=-1), dt.timedelta(seconds=-0.000001), dt.timedelta(microseconds=1),
    dt.timedelta.min, dt.timedelta.max,
    [shared, shared, "x", "x"], {"k": shared, "l": (shared,)},
    {"user": {"id": 5, "tags": {"a"}, "seen": dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)}, "data": [b"\xff"]},
]

out = [
    {
        "value": tagged(value),
        "pickles": [base64.b64encode(pickle.dumps(value, protocol)).decode() for protocol in range(6)],
    }
    for value in VALUES
]
path = pathlib.Path(__file__).with_name("pickles.json")
path.write_text(json.dumps({"python": sys.version.split()[0], "values": out}) + "\n")
