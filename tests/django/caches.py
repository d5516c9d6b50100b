"""Our caches and Django's in one folder, in one table, on one Redis and on the same memcacheds: what one stores, the other
finds.

  caches.py --ours PATH [--only TEXT]

PATH is the built cache-beside. The last line is always "N passed, N failed"; the status is 0 only if nothing failed.
Each server runs on a free loopback port and is ended by its own pid.
"""

import argparse
import base64
import datetime
import json
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import django
from django.conf import settings
from django.utils.safestring import SafeString

from servers import START_SECONDS, free_port

UTC = datetime.timezone.utc
VALUES = {
    "none": None, "true": True, "false": False,
    "zero": 0, "small": 7, "negative": -7, "i64": -(2**63), "u64": 2**64 - 1, "beyond": 2**64, "far": -(2**100),
    "float": 1.5, "tiny": 5e-324, "infinite": float("inf"),
    "empty": "", "safe": SafeString("<b>"), "text": "text", "digits": "123", "unicode": "ünï \U0001f40d", "long": "x" * 70_000,
    "no bytes": b"", "bytes": bytes(range(256)), "digits in bytes": b"42",
    "list": [1, "two", [3.5, None]], "tuple": (), "tuples": ((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
    "dict": {"b": 1, "a": {"list": [1, 2]}, 3: (4,)}, "set": {1, 2, 3}, "frozenset": frozenset({"a"}),
    "date": datetime.date(2026, 2, 28), "naive": datetime.datetime(2026, 2, 28, 1, 2, 3, 4),
    "aware": datetime.datetime(2026, 2, 28, 1, 2, 3, 4, tzinfo=UTC), "span": datetime.timedelta(-1, 2, 3),
    "session": {"_auth_user_id": "1", "_auth_user_hash": "f" * 64, "_session_expiry": 300},
}


class Ours:
    """cache-beside, with Django's methods."""

    def __init__(self, path, *urls):
        self.process = subprocess.Popen([path, *urls], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]

    def __getattr__(self, name):
        return lambda *arguments: self.ask(name, *arguments)

    def get(self, key):
        found = self.ask("get", key)
        return None if found is None else unpickled(found)

    def set(self, key, value, *timeout):
        return self.ask("set", key, pickled(value), *timeout)

    def add(self, key, value, *timeout):
        return self.ask("add", key, pickled(value), *timeout)

    def get_many(self, keys):
        return {key: unpickled(value) for key, value in self.ask("get_many", list(keys)).items()}

    def set_many(self, entries, *timeout):
        return self.ask("set_many", {key: pickled(value) for key, value in entries.items()}, *timeout)

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)


def pickled(value):
    return base64.b64encode(pickle.dumps(value, 5)).decode()


def unpickled(text):
    return pickle.loads(base64.b64decode(text))


def same(found, expected, what):
    """Equal, and of the same types."""
    if repr(found) != repr(expected) and pickle.dumps(found, 5) != pickle.dumps(expected, 5):
        raise AssertionError(f"{what}: {found!r:.200}, expected {expected!r:.200}")


def values(here, there):
    for name, value in VALUES.items():
        here.set("v", value)
        if value is None:
            assert there.has_key("v"), "None is a value"
        same(there.get("v"), value, name)
        # Written back, it is what it was.
        there.set("v", there.get("v"))
        same(here.get("v"), value, f"{name} and back")


def many(here, there):
    assert here.set_many({f"m {name}".replace(" ", "-"): value for name, value in VALUES.items()}) == []
    expected = {f"m {name}".replace(" ", "-"): value for name, value in VALUES.items()}
    found = there.get_many([*expected, "absent"])
    same(sorted(found), sorted(expected), "the keys that are found")
    for key, value in expected.items():
        same(found[key], value, key)
    there.delete_many(list(expected))
    same(here.get_many(list(expected)), {}, "what was deleted")


def conditions(here, there):
    here.clear()
    assert here.add("a", "first") and not there.add("a", "second"), "add"
    same(there.get("a"), "first", "add")
    assert there.delete("a") and not here.delete("a"), "delete"
    assert not here.touch("a", 10) and not there.has_key("a"), "touch of what is gone"
    here.set("a", 1)
    there.clear()
    assert not here.has_key("a"), "clear"


def integers(here, there):
    here.set("n", 10)
    same(there.incr("n"), 11, "incr")
    same(here.incr("n", 5), 16, "incr by 5")
    same(there.get("n"), 16, "the sum")
    same(here.incr("n", -7), 9, "incr by -7")
    same(there.get("n"), 9, "a sum that is shorter")
    for cache in (here, there):
        try:
            cache.incr("absent")
        except ValueError:
            continue
        raise AssertionError("incr of nothing")


def timeouts(here, there):
    for seconds in (0, -1):
        here.set("t", "x", seconds)
        assert not there.has_key("t"), f"a timeout of {seconds}"
    here.set("t", "x", 2)
    there.set("u", "x", 2)
    here.set("kept", "x", 40 * 24 * 3600)
    there.touch("u", 100)
    here.set("never", "x", None)
    assert here.has_key("u") and there.has_key("t"), "before their time"
    time.sleep(3.1)
    for cache in (here, there):
        assert not cache.has_key("t"), "after its time"
        assert cache.has_key("u") and cache.has_key("kept") and cache.has_key("never"), "not their time yet"


def versions(here, there):
    here.set("w", "one")
    same(there.incr_version("w"), 8, "incr_version")
    assert not here.has_key("w") and not there.has_key("w"), "it has left"


def keys(here, there):
    for key in ("ünï-\U0001f40d", "a:b:c", "x" * 200, "%20"):
        here.set(key, key)
        same(there.get(key), key, "a key")


def counting(here, there):
    """Both at once: no increment is lost."""
    here.set("c", 0)
    threads = [threading.Thread(target=lambda c=cache: [c.incr("c") for _ in range(300)]) for cache in (here, there)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same(here.get("c"), 600, "increments of both")


def touching(here, there):
    """One touches what the other reads: it is there all the time, and whole."""
    value = ["x" * 30_000, {"n": 1}]
    here.set("z", value)
    touches = [100, None, 200] * 100
    thread = threading.Thread(target=lambda: [here.touch("z", timeout) for timeout in touches])
    thread.start()
    while thread.is_alive():
        same(there.get("z"), value, "what is touched")
    thread.join()


# Django reads and then writes to count in files and rows.
COUNTS_AT_ONCE = ("redis", "memcached")
SCENARIOS = [values, many, conditions, integers, timeouts, versions, keys, touching, counting]


class Servers:
    """Redis, and three memcacheds."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.processes = []
        self.redis = self.start("redis-server", "--save", "", "--dir", self.folder.name, "--port")
        self.memcached = [self.start("memcached", "-l", "127.0.0.1", "-u", "root", "-U", "0", "-p") for _ in range(3)]

    def start(self, *command):
        port = free_port()
        self.processes.append(subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL))
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return f"127.0.0.1:{port}"
            except OSError:
                time.sleep(0.02)
        raise SystemExit(f"{command[0]} did not start")

    def end(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(10)
        self.folder.cleanup()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the built cache-beside")
    parser.add_argument("--only", default="", help="only what has this text in its name")
    options = parser.parse_args()
    servers = Servers()
    backends = "django.core.cache.backends"
    folder = tempfile.TemporaryDirectory()
    files, rows = f"{folder.name}/cache", f"{folder.name}/db.sqlite3"
    kinds = {
        "file": (f"{backends}.filebased.FileBasedCache", files, f"file://{files}"),
        "db": (f"{backends}.db.DatabaseCache", "my_cache_table", "db://my_cache_table"),
        "redis": (f"{backends}.redis.RedisCache", f"redis://{servers.redis}/1", f"redis://{servers.redis}/1"),
        "memcached": (
            f"{backends}.memcached.PyMemcacheCache", servers.memcached[:1], f"memcached://{servers.memcached[0]}",
        ),
        # In another order: it decides nothing.
        "memcached × 3": (
            f"{backends}.memcached.PyMemcacheCache", servers.memcached,
            f"memcached://{','.join(reversed(servers.memcached))}",
        ),
    }
    options_of_sqlite = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": rows, "OPTIONS": options_of_sqlite}
    settings.configure(DATABASES={"default": database}, CACHES={
        "default": {"BACKEND": f"{backends}.dummy.DummyCache"},
        **{
            kind: {"BACKEND": backend, "LOCATION": location, "KEY_PREFIX": "site", "VERSION": 7}
            for kind, (backend, location, _) in kinds.items()
        },
    })
    django.setup()
    from django.core.cache import caches
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)

    outcomes = []
    try:
        for kind, (_, _, url) in kinds.items():
            ours = Ours(options.ours, f"{url}?serializer=pickle&key_prefix=site&version=7", f"sqlite:///{rows}")
            theirs = caches[kind]
            for scenario in SCENARIOS:
                if scenario is counting and not kind.startswith(COUNTS_AT_ONCE):
                    continue
                for here, there, first in ((theirs, ours, "django"), (ours, theirs, "ours")):
                    name = f"{kind}: {scenario.__name__} ({first} first)"
                    if options.only in name:
                        outcomes.append(report(name, lambda: scenario(here, there)))
            ours.end()
    finally:
        servers.end()
        folder.cleanup()
    failed = outcomes.count(False)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed or not outcomes else 0


def report(name, play):
    try:
        play()
    except AssertionError as error:
        print(f"FAIL {name}\n     {error}")
        return False
    except Exception:
        print(f"FAIL {name}\n{traceback.format_exc()}")
        return False
    print(f"ok   {name}")
    return True


if __name__ == "__main__":
    sys.exit(main())
