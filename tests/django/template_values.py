"""The values of a case: from TOML to Python, and from Python to JSON that says of which type each value is."""

import datetime
import zoneinfo

from django.http import QueryDict
from django.utils.safestring import SafeString


class Thing:
    """An object with attributes, which are no keys."""

    def __init__(self, attributes):
        self.__dict__.update(attributes)


def read(value):
    """The Python value of one in TOML, where `{ "$safe" = "x" }` and its like stand for what TOML has not."""
    if isinstance(value, list):
        return [read(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (key := next(iter(value))).startswith("$"):
        return TYPES[key](value[key])
    return {key: read(item) for key, item in value.items()}


class Request:
    """As much of a request as templates look at."""

    def __init__(self, query):
        self.GET = QueryDict(query)


def now(seconds):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


def zoned(parts):
    moment, zone = parts
    return moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))


TYPES = {
    "$none": lambda _: None,
    "$safe": SafeString,
    "$tuple": lambda items: tuple(read(items)),
    "$pairs": lambda pairs: {read(key): read(item) for key, item in pairs},
    "$int": int,
    "$bytes": bytes,
    "$delta": lambda seconds: datetime.timedelta(seconds=seconds),
    "$zoned": zoned,
    "$object": lambda attributes: Thing(read(attributes)),
    "$request": Request,
    "$query": QueryDict,
    "$repeat": lambda parts: parts[0] * parts[1],
    # Moments so many seconds from now, for what counts from now.
    "$now": now,
    "$here": lambda seconds: now(seconds).astimezone(zoneinfo.ZoneInfo("Europe/Paris")).replace(tzinfo=None),
    "$today": lambda days: now(86400 * days).astimezone(zoneinfo.ZoneInfo("Europe/Paris")).date(),
}


def write(value):
    """JSON for ours: what JSON has as it is, all else as a dictionary with one key that names the type."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, SafeString):
        return {"safe": str(value)}
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, tuple):
        return {"tuple": [write(item) for item in value]}
    if isinstance(value, list):
        return [write(item) for item in value]
    if isinstance(value, Request):
        return {"dict": [["GET", write(value.GET)]]}
    if isinstance(value, QueryDict):
        return {"query": [list(pair) for pair in value.lists()]}
    if isinstance(value, dict):
        return {"dict": [[write(key), write(item)] for key, item in value.items()]}
    if isinstance(value, Thing):
        return write(vars(value))
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"delta": value // datetime.timedelta(microseconds=1)}
    raise TypeError(f"a case cannot have a {type(value).__name__}")


def moment(value):
    if value.tzinfo is None:
        return {"naive": value.isoformat()}
    utc = value.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat()
    name = getattr(value.tzinfo, "key", None)
    return {"zoned": [utc, name]} if name else {"aware": [utc, int(value.utcoffset().total_seconds())]}
