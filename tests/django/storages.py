"""Where sessions can be kept so that both sites find them: an engine of SESSION_ENGINE, and what it stands on."""

from pathlib import Path

# name: engine, database, cache. Redis Cluster is not here, because Django has no backend for it.
STORAGES = {
    "db": ("db", "sqlite", None),
    "db-postgres": ("db", "postgres", None),
    "db-mariadb": ("db", "mariadb", None),
    "file": ("file", "sqlite", None),
    "signed_cookies": ("signed_cookies", "sqlite", None),
    "cache-file": ("cache", "sqlite", "file"),
    "cache-db": ("cache", "sqlite", "db"),
    "cache-db-postgres": ("cache", "postgres", "db"),
    "cache-db-mariadb": ("cache", "mariadb", "db"),
    "cache-redis": ("cache", "sqlite", "redis"),
    "cache-memcached": ("cache", "sqlite", "memcached"),
    "cached_db-memcached": ("cached_db", "sqlite", "memcached"),
    "cached_db-postgres-redis": ("cached_db", "postgres", "redis"),
    "cached_db-mariadb-file": ("cached_db", "mariadb", "file"),
}

CACHE_TABLE = "side_by_side_cache"


class Storage:
    """One of them, empty, for the length of a pair of sites."""

    def __init__(self, name, folder, services):
        self.name = name
        self.engine, self.database, self.cache = STORAGES[name]
        self.sessions, self.entries = folder / "sessions", folder / "entries"
        self.sessions.mkdir()
        self.database_url = {
            "sqlite": lambda: f"sqlite:///{folder / 'db.sqlite3'}",
            "postgres": services.postgres,
            "mariadb": services.mariadb,
        }[self.database]()
        self.cache_url = {
            None: lambda: "locmem://",
            "file": lambda: f"file://{self.entries}",
            "db": lambda: f"db://{CACHE_TABLE}",
            "redis": services.redis,
            "memcached": services.memcached,
        }[self.cache]()

    @property
    def is_on_the_server(self):
        return self.engine != "signed_cookies"

    @property
    def has_rows(self):
        """Whether a session is a row, which says itself when it ends."""
        return self.engine in ("db", "cached_db")

    def environment(self):
        """What both sites read."""
        # A cache's values are Python's pickles, as Django's are.
        shared = "" if self.cache is None else "?serializer=pickle"
        return {
            "DATABASE_URL": self.database_url,
            "CACHE_URL": self.cache_url + shared,
            "NUAGES_SESSION_ENGINE": f"django.contrib.sessions.backends.{self.engine}",
            "NUAGES_SESSION_FILE_PATH": str(self.sessions),
        }

    def files(self):
        """The files of the engine `file`."""
        return len(list(Path(self.sessions).iterdir()))
