"""Runs the book's views on a live Django: `python examples/book/python/check.py`; part of `cargo xtask django`."""

import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="for this check only",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"accounts/login.html": "form"})]},
        }
    ],
)
django.setup()

from django.test import SimpleTestCase  # noqa: E402
from django.urls import path  # noqa: E402

import views  # noqa: E402

NAMES = [name for name, view in vars(views).items() if getattr(view, "__module__", "") == "views"]
urlpatterns = [path(f"{name}/", getattr(views, name)) for name in NAMES]
# The routes of the first article.
urlpatterns += [path("set/cookie", views.add_cookie), path("get/cookie", views.show_cookie)]


# ANCHOR: test
class Visits(SimpleTestCase):
    def test_visits_are_counted(self):
        self.assertRedirects(self.client.get("/get/cookie"), "/set/cookie")
        self.client.get("/set/cookie")
        answer = self.client.get("/get/cookie")
        self.assertContains(answer, "You have requested this page 2 times")
        self.assertEqual(self.client.cookies["visits"].value, "3")
# ANCHOR_END: test


class Views(SimpleTestCase):
    def says(self, name, text, method="get"):
        answer = getattr(self.client, method)(f"/{name}/")
        self.assertContains(answer, text)
        return answer

    def test_cookies(self):
        with self.assertRaises(KeyError):
            self.client.get("/show_cookie_first/")
        self.says("add_cookie_first", "Codeunderscored Django Cookie Tutorial")
        self.says("show_cookie_first", " New Page Here is your Cookies")
        self.assertRedirects(self.client.get("/show_cookie/"), "/set/cookie", fetch_redirect_response=False)
        self.says("add_cookie", "Codeunderscored")
        self.says("show_cookie", "Welcome for the first time You have requested this page 1 times")
        self.says("add_cookie", "Codeunderscored")
        self.says("show_cookie", "Welcome Back You have requested this page 3 times")
        self.assertEqual(self.client.get("/delete_cookie/").cookies["test"]["max-age"], 0)
        self.assertTrue(self.says("set_expires", "Set until").cookies["key"]["expires"])

    def test_signed(self):
        self.says("check_salt_cookie", "Setting up a salt Cookie value")
        self.says("check_salt_cookie", "Obtained salt Cookie value:hello salt cookie")

    def test_sessions(self):
        self.says("login", "Enable cookies before retrying.", "post")
        self.says("login", "form")
        self.says("login", "You have logged in successfully.", "post")
        self.says("set_session", "Set Session")
        self.says("set_session", "<div>Session : TEST</div>")
        self.says("delete_session", "Session Deleted")
        self.says("delete_session", "There is nothing to delete")
        for name, text in [("clear_session", "Session cleared"), ("flush_session", "Session flushed")]:
            self.says("set_session", "Set Session")
            self.says(name, text)
        self.assertEqual(self.client.cookies["sessionid"].value, "")


if __name__ == "__main__":
    import unittest

    sys.exit(not unittest.main(exit=False, verbosity=0).result.wasSuccessful())
