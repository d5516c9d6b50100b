"""A visitor with one cookie jar for both sites, as a browser has that sees them under one name."""

import copy
import http.client
import json
import time
import urllib.parse
from email.utils import parsedate_to_datetime


class Cookie:
    """A Set-Cookie line: the value as written, and the attributes by lower-case name."""

    def __init__(self, line):
        pair, *attributes = line.split(";")
        self.name, _, self.value = pair.partition("=")
        split = (attribute.strip().partition("=") for attribute in attributes)
        self.attributes = {name.lower(): value for name, _, value in split}
        age = self.attributes.get("max-age")
        self.gone_at = time.time() + int(age) if age is not None else None
        if age is None and "expires" in self.attributes:
            self.gone_at = parsedate_to_datetime(self.attributes["expires"]).timestamp()

    def shape(self):
        """What two sites must agree on: everything but the value and the moment."""
        return {name: value for name, value in self.attributes.items() if name != "expires"} | {"name": self.name}


class Visitor:
    def __init__(self):
        self.jar = {}
        self.set_cookies = []

    def get(self, site, path, **query):
        return self.send(site, "GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), None)

    def post(self, site, path, **form):
        return self.send(site, "POST", path, urllib.parse.urlencode(form))

    def send(self, site, method, path, body):
        # Latin-1 is how http.client takes the bytes of a header, and hands them over.
        pairs = [f"{name}={cookie.value}" for name, cookie in self.alive().items()]
        headers = {"Cookie": "; ".join(pairs)} if pairs else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
        try:
            connection.request(method, f"/{path}", body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.status != 200:
            raise AssertionError(f"{site.name}: {method} /{path} answered {response.status}: {text[:400]}\n{site.said()}")
        self.set_cookies = [Cookie(line) for line in response.headers.get_all("Set-Cookie", [])]
        for cookie in self.set_cookies:
            self.jar[cookie.name] = cookie
        return json.loads(text)

    def alive(self):
        now = time.time()
        self.jar = {name: cookie for name, cookie in self.jar.items() if cookie.gone_at is None or cookie.gone_at > now}
        return self.jar

    def copy(self):
        """A second visitor who has stolen the first one's jar."""
        other = Visitor()
        other.jar = copy.deepcopy(self.jar)
        return other

    def keep(self, name):
        """Keeps the cookie for ever, whatever its age."""
        self.jar[name].gone_at = None

    def tamper(self, name, change):
        line = f"{name}={change(self.jar[name].value)}"
        self.jar[name] = Cookie(line)
