"""Settings of the Django site: storage and key come from the environment that the nuages site reads too."""

import os
from urllib.parse import unquote, urlsplit

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True

INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        # sqlite:////absolute/path
        "NAME": unquote(urlsplit(os.environ["DATABASE_URL"]).path)[1:],
        # Both sites write to one file: wait for the other instead of failing.
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }
}

SESSION_ENGINE = os.environ["NUAGES_SESSION_ENGINE"]
SESSION_FILE_PATH = os.environ["NUAGES_SESSION_FILE_PATH"]
