"""CACHES from a URL."""

from urllib.parse import urlsplit

KINDS = {
    "locmem": "locmem.LocMemCache",
    "file": "filebased.FileBasedCache",
    "db": "db.DatabaseCache",
    "redis": "redis.RedisCache",
    "memcached": "memcached.PyMemcacheCache",
}


def cache(text):
    url = urlsplit(text)
    location = {
        "locmem": "", "file": url.path, "db": url.netloc, "redis": text.split("?")[0], "memcached": url.netloc,
    }[url.scheme]
    return {"BACKEND": f"django.core.cache.backends.{KINDS[url.scheme]}", "LOCATION": location}
