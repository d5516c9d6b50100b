"""Settings of the Django site: storage and key come from the environment that the nuages site reads too."""

import os

from caches import cache
from databases import database

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

DATABASES = {"default": database(os.environ["DATABASE_URL"])}
CACHES = {"default": cache(os.environ["CACHE_URL"])}

SESSION_ENGINE = os.environ["NUAGES_SESSION_ENGINE"]
SESSION_FILE_PATH = os.environ["NUAGES_SESSION_FILE_PATH"]
