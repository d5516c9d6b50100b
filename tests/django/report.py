"""What a run has shown, counted, and written as a page of the book."""

import platform
import re
import subprocess

import django
from services import Missing, find
from storages import STORAGES

PROGRAMS = [
    ("SQLite", None, None),
    ("PostgreSQL", "postgres", "postgresql"),
    ("MariaDB", "mariadbd", "mariadb-server"),
    ("Redis", "redis-server", "redis-server"),
    ("memcached", "memcached", "memcached"),
]
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mariadb": "MariaDB"}
CACHES = {"file": "files", "db": "a table", "redis": "Redis", "memcached": "memcached"}


BEGIN, END = "<!-- report -->", "<!-- end of report -->"


class Report:
    def __init__(self, steps, seeds):
        self.steps, self.seeds = steps, seeds
        self.counts = {}

    def add(self, storage, kind, passed):
        counts = self.counts.setdefault(storage, {})
        counts[kind, passed] = counts.get((kind, passed), 0) + 1

    def total(self, wanted):
        return sum(n for counts in self.counts.values() for (_, passed), n in counts.items() if passed is wanted)

    @property
    def passed(self):
        return self.total(True)

    @property
    def failed(self):
        return self.total(False)

    def write(self, path):
        """Puts the report between its two marks in a page."""
        with open(path) as file:
            before, rest = file.read().split(BEGIN)
        after = rest.split(END)[1]
        with open(path, "w") as file:
            file.write("".join([before, BEGIN, "\n", *(line + "\n" for line in self.lines()), END, after]))

    def lines(self):
        yield "| `SESSION_ENGINE` | database | cache | scenarios | random exchange | differences |"
        yield "| --- | --- | --- | ---: | ---: | ---: |"
        for storage, counts in self.counts.items():
            yield self.row(storage, counts)
        yield ""
        yield "Each scenario was played both ways, and once more for each side that can be the first to make the tables."
        yield f"The random exchanges: {self.steps:,} steps each, seeds {', '.join(map(str, self.seeds))}."
        yield ""
        yield f"Versions: Django {django.__version__}, Python {platform.python_version()}, {', '.join(versions())}."

    def row(self, storage, counts):
        engine, database, cache = STORAGES[storage]
        exchanges = sum(counts.get(("exchange", passed), 0) for passed in (True, False))
        scenarios = sum(counts.get(("scenario", passed), 0) for passed in (True, False))
        differences = sum(counts.get((kind, False), 0) for kind in ("scenario", "exchange"))
        # A database that keeps no session and no cache is not part of the row.
        database = DATABASES[database] if engine in ("db", "cached_db") or cache == "db" else "–"
        cache = CACHES[cache] if cache else "–"
        return f"| `{engine}` | {database} | {cache} | {scenarios} | {exchanges * self.steps:,} steps | {differences} |"


def versions():
    import sqlite3

    for name, program, package in PROGRAMS:
        if program is None:
            yield f"{name} {sqlite3.sqlite_version}"
            continue
        try:
            said = subprocess.run([find(program, package), "--version"], capture_output=True, text=True).stdout
        except Missing:
            # It was not needed, or the run would have ended.
            continue
        yield f"{name} {re.search(r'[0-9]+(?:[.][0-9]+)+', said)[0]}"
