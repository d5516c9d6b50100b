"""DATABASES from a URL."""

from urllib.parse import unquote, urlsplit


def database(text):
    url = urlsplit(text)
    if url.scheme == "sqlite":
        # sqlite:////absolute/path. Both sites write to one file: wait for the other instead of failing.
        options = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(url.path)[1:], "OPTIONS": options}
    if url.scheme == "mysql":
        # PyMySQL needs no compiler; Django takes it for mysqlclient.
        import pymysql

        pymysql.install_as_MySQLdb()
    engine = {"postgres": "postgresql", "mysql": "mysql"}[url.scheme]
    return {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": url.path[1:], "USER": url.username, "PASSWORD": url.password or "", "HOST": url.hostname, "PORT": url.port,
    }
