"""Run by the Django project's own manage.py: writes its settings as JSON, between two marks."""

import datetime
import json
import math
import pathlib
import re
import sys

import django
from django.conf import settings
from django.utils.functional import Promise


def plain(value):
    """The value as JSON knows it; what is code is named."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, bytes):
        # Django takes a key of bytes too; what is no text ends in an error, which of() tells.
        return value.decode()
    if isinstance(value, (Promise, pathlib.PurePath)):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return int(value.total_seconds())
    if isinstance(value, re.Pattern):
        flags = "".join(letter for letter in "imsx" if value.flags & getattr(re, letter.upper()))
        return (f"(?{flags})" if flags else "") + plain(value.pattern)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return {"__code__": f"{type(value).__module__}.{type(value).__qualname__}"}


def of(name):
    """One that cannot be read says so, and the others are told all the same."""
    try:
        return plain(getattr(settings, name))
    except Exception as error:
        return {"__code__": f"{type(error).__name__}"}


names = sorted(name for name in dir(settings) if name.isupper())
answer = {
    "django": django.get_version(),
    "module": getattr(settings, "SETTINGS_MODULE", ""),
    "explicit": [name for name in names if settings.is_overridden(name)],
    "settings": {name: of(name) for name in names},
}
sys.stdout.write("\n<<<nuages" + json.dumps(answer) + "nuages>>>\n")
