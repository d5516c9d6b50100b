"""The side of Django's: an engine for each case, with the same folders, URLs, time zone and static files as ours."""

import os
import pathlib
import time

import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

ZONE = "Europe/Paris"
# Tags that end or divide others are not listed by themselves.
LIBRARIES = {
    "cache": "django.templatetags.cache",
    "humanize": "django.contrib.humanize.templatetags.humanize",
    "i18n": "django.templatetags.i18n",
    "l10n": "django.templatetags.l10n",
    "static": "django.templatetags.static",
    "tz": "django.templatetags.tz",
}


def view(request, *args, **kwargs):
    return HttpResponse()


# The URLs that cases may name; `src/bin/template-beside.rs` has the same.
polls = (
    [
        path("", view, name="index"),
        path("<int:question_id>/", view, name="detail"),
        path("<int:question_id>/results/", view, name="results"),
        path("<int:question_id>/vote/", view, name="vote"),
    ],
    "polls",
)
admin = ([path("", view, name="index"), path("login/", view, name="login"), path("logout/", view, name="logout"), path("password_change/", view, name="password_change")], "admin")
urlpatterns = [
    path("", view, name="home"),
    path("archive/<int:year>/", view, name="archive"),
    path("tag/<str:tag>/", view, name="tag"),
    path("pair/<slug:one>/<slug:two>/", view, name="pair"),
    path("polls/", include(polls)),
    path("admin/", include(admin)),
]


class Django:
    zone = ZONE

    def __init__(self, folder):
        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin", "django.contrib.humanize"],
            ROOT_URLCONF="template_django",
            SECRET_KEY="of the cases",
            STATIC_URL="/static/",
            MEDIA_URL="/media/",
            TIME_ZONE=ZONE,
            USE_TZ=True,
        )
        # What Django does itself when its settings come from a module.
        os.environ["TZ"] = ZONE
        time.tzset()
        django.setup()
        self.folders = {"admin": str(pathlib.Path(django.__file__).parent / "contrib" / "admin" / "templates")}
        # The cases speak of these by name, so that a template of the reference is rendered from where it is installed.
        self.base = folder

    def engine(self, case):
        from django.template import Engine

        libraries = dict(LIBRARIES, log="django.contrib.admin.templatetags.log")
        return Engine(dirs=[str(case.folder), *case.folders], libraries=libraries, autoescape=case.autoescape)

    def render(self, case):
        from django.template import Context

        try:
            engine = self.engine(case)
            context = Context(dict(case.context), autoescape=case.autoescape)
            if "request" in case.context:
                # As RequestContext has it.
                context.request = case.context["request"]
            return {"text": str(engine.get_template(case.entry).render(context))}
        except Exception as error:
            return {"error": type(error).__name__, "message": str(error)}

    def libraries(self):
        from django.template import Engine
        from django.template.library import import_library

        yield None, Engine(libraries=LIBRARIES).template_builtins
        for name, module in LIBRARIES.items():
            yield name, [import_library(module)]

    def tags(self):
        return {tag for _, libraries in self.libraries() for library in libraries for tag in library.tags}

    def filters(self):
        return {name for _, libraries in self.libraries() for library in libraries for name in library.filters}
