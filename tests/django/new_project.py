"""A fresh Django project, and a nuages project that is made from it: `nuages startproject --from-django`.

  new_project.py --ours PATH --lock Cargo.lock --target FOLDER

PATH is the built command line. What the new project needs is built in FOLDER, with the versions of the lock file. A visitor
who logged in at Django is the same visitor at the new site, and the other way round. The last line is "N passed, N failed".
"""

import argparse
import http.cookiejar
import json
import os
import shutil
import stat
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from servers import Site
from services import free_port

# Views of the Django project, and one that the new site gets beside its own.
VIEWS = '''
from django.http import JsonResponse
from django.urls import path


def whoami(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({"user": request.user.get_username(), "visits": request.session["visits"]})


urlpatterns += [path("whoami", whoami)]
'''
OURS = '''
pub async fn whoami(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let visits = session.get::<u32>("visits")?.unwrap_or(0).saturating_add(1);
    session.set("visits", visits)?;
    let user: Option<String> = session.get("_auth_user_id")?;
    Ok(HttpResponse::new(format!("{{\\"id\\": \\"{}\\", \\"visits\\": {visits}}}", user.unwrap_or_default())))
}
'''
KEY = "import json; from django.conf import settings; print(json.dumps(settings.SECRET_KEY))"
USER = "from django.contrib.auth.models import User; print(User.objects.create_superuser('ada', password='correct horse').pk)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the built command line")
    parser.add_argument("--lock", required=True, help="the Cargo.lock to build with")
    parser.add_argument("--target", required=True, help="where the new project is built")
    options = parser.parse_args()
    options.ours = str(Path(options.ours).resolve())
    # The same folder in every run: cargo tells crates apart by their paths, and would keep one for each.
    folder = Path(options.target).resolve() / "tmp" / "from_django"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    passed = failed = 0
    for check in (shared_visitors, mistakes):
        try:
            check(folder, options)
            passed += 1
            print(f"ok   {check.__name__}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"FAIL {check.__name__}\n     {error}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def environment(options):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUAGES_", "CARGO_"))}
    kept |= {"CARGO_TARGET_DIR": options.target, "CARGO_NET_OFFLINE": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    ours = ("SECRET_KEY", "DATABASE_URL", "CACHE_URL", "CARGO")
    return {name: value for name, value in kept.items() if name not in ours}


def run(command, folder, options):
    return subprocess.run(
        command, cwd=folder, env=environment(options), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600
    )


def must(command, folder, options):
    done = run(command, folder, options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def shared_visitors(folder, options):
    old, new = folder / "old", folder / "new"
    startproject = [options.ours, "startproject", "newsite", "new"]
    old.mkdir()
    must([sys.executable, "-m", "django", "startproject", "oldsite", "."], old, options)
    manage = [sys.executable, "manage.py"]
    must([*manage, "migrate", "--verbosity", "0"], old, options)
    user = must([*manage, "shell", "-c", USER], old, options).split()[-1]
    with open(old / "oldsite" / "urls.py", "a") as urls:
        urls.write(VIEWS)

    said = must([*startproject, "--from-django", "old", "--python", sys.executable], folder, options)
    assert "SECRET_KEY, in .secret_key" in said and "ROOT_URLCONF: the routes are in src/urls.rs" in said, said
    key = json.loads(must([*manage, "shell", "-c", KEY], old, options).splitlines()[-1])
    assert (new / ".secret_key").read_text() == key + "\n"
    assert stat.S_IMODE((new / ".secret_key").stat().st_mode) == 0o600
    assert key not in said and key not in (new / "settings.toml").read_text()
    assert ".secret_key" in (new / ".gitignore").read_text()

    shutil.copy(options.lock, new / "Cargo.lock")
    with open(new / "src" / "views.rs", "a") as views:
        views.write(OURS)
    urls = new / "src" / "urls.rs"
    urls.write_text(urls.read_text().replace("urlconf([", 'urlconf([path("whoami", views::whoami),'))
    must(["cargo", "build", "--quiet"], new, options)
    check = run([options.ours, "check"], new, options)
    assert check.stdout == "System check identified no issues.\n", check.stdout + check.stderr

    variables = environment(options)
    binary = [str(Path(options.target) / "debug" / "newsite")]
    django = Reference("django", manage, variables, old)
    ours = Site("ours", binary, variables | {"CARGO_MANIFEST_DIR": str(new)}, new)
    try:
        django.start()
        ours.start()
        visits(django, ours, user)
        visitor = Visitor()
        visitor.log_in(django)
        shown = must([options.ours, "sessions", "show", visitor.cookie("sessionid")], new, options)
        assert "_auth_user_id" in shown and f'"{user}"' in shown, shown
    finally:
        for site in (django, ours):
            site.stop()
            site.log.close()


class Reference(Site):
    """A Django that stays the process that it is."""

    def start(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [*self.command, "runserver", f"127.0.0.1:{self.port}", "--noreload"], env=self.environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )
        assert self.answers(), self.said()


class Visitor:
    """A browser that sees both sites under one name: a cookie belongs to a host, whatever the port."""

    def __init__(self):
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({}))

    def open(self, site, path, form=None):
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(f"http://127.0.0.1:{site.port}/{path}", body, timeout=20) as response:
                return response.read().decode()
        except OSError as error:
            raise AssertionError(f"{site.name}: /{path}: {error}\n{site.said()}") from error

    def whoami(self, site):
        return json.loads(self.open(site, "whoami"))

    def cookie(self, name):
        found = [cookie.value for cookie in self.jar if cookie.name == name]
        assert found, f"there is no cookie {name}"
        return found[0]

    def log_in(self, django):
        self.open(django, "admin/login/")
        form = {"username": "ada", "password": "correct horse", "csrfmiddlewaretoken": self.cookie("csrftoken")}
        self.open(django, "admin/login/?next=/whoami", form)
        self.cookie("sessionid")


def visits(django, ours, user):
    """One session, counted by both; a stranger has another."""
    visitor, stranger = Visitor(), Visitor()
    visitor.log_in(django)
    before = visitor.whoami(django)["visits"]
    for n, site in enumerate((ours, django, ours, django), before + 1):
        expected = {"id": user, "visits": n} if site is ours else {"user": "ada", "visits": n}
        found = visitor.whoami(site)
        assert found == expected, f"{site.name}: {found}, not {expected}"
    assert stranger.whoami(ours) == {"id": "", "visits": 1}
    # The session that nuages made for the stranger is one of Django's.
    assert stranger.whoami(django) == {"user": "", "visits": 2}
    # The form of the new site takes the token that Django's page has set, and greets by a message.
    page = visitor.open(ours, "")
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    greeted = visitor.open(ours, "greet/", {"name": "Ada", "csrfmiddlewaretoken": token})
    assert "Hello, Ada!" in greeted, greeted


def mistakes(folder, options):
    """What cannot be asked says why."""
    broken = folder / "broken"
    broken.mkdir()
    must([sys.executable, "-m", "django", "startproject", "site_of_mistakes", "."], broken, options)
    for arguments, part in (
        (["--settings", "no.such.module"], "the Django project does not run: "),
        (["--python", "/no/such/python"], "name one with --python"),
    ):
        python = [] if "--python" in arguments else ["--python", sys.executable]
        done = run([options.ours, "startproject", "x", "--from-django", "broken", *arguments, *python], folder, options)
        assert done.returncode == 1 and part in done.stderr, done.stderr
        assert not (folder / "x").exists()


if __name__ == "__main__":
    sys.exit(main())
