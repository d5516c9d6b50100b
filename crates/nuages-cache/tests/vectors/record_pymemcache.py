"""Records how pymemcache stores values, as pymemcache.json. Needs pymemcache."""

import base64
import datetime
import json
import pathlib
import pickle

from pymemcache.serde import pickle_serde

VALUES = [
    None, True, False, 0, 7, -7, 2**31, -(2**63), 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 2**100,
    1.5, "", "text", "123", "ünï \U0001f40d", "x" * 300, b"", b"\0\xff", b"42", bytes(range(256)) * 2,
    [], [1, "two", [3.5, None]], (), (1, 2), {"a": {"b": [1, 2]}}, {1}, frozenset(), datetime.date(2026, 2, 28),
]


def text(data):
    return base64.b64encode(data).decode()


lines = []
for value in VALUES:
    data, flags = pickle_serde.serialize("key", value)
    if isinstance(data, str):
        data = data.encode("ascii")
    # What the front hands over: an integer of 64 bits as text, all else as a pickle.
    is_short = type(value) is int and -(2**63) <= value < 2**64
    canonical = str(value).encode() if is_short else pickle.dumps(value, 5)
    lines.append(json.dumps({"value": repr(value)[:40], "canonical": text(canonical), "flags": flags, "data": text(data)}))

path = pathlib.Path(__file__).with_name("pymemcache.json")
path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
