"""The two sites on one storage: each a process of its own, on a free port, ended by its own pid."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from services import free_port
from storages import Storage

HERE = Path(__file__).resolve().parent
MANAGE = [sys.executable, str(HERE / "site" / "manage.py")]
SECRET_KEY = "side-by-side-key-that-both-sites-share-and-nobody-else-has"
START_SECONDS = 30
STOP_SECONDS = 10


class Site:
    """One of the two: its name for messages, its port, its process."""

    def __init__(self, name, command, environment, folder):
        self.name, self.command, self.environment, self.folder = name, command, environment, folder
        self.log = open(folder / f"{name}.log", "w")
        self.port = self.process = None

    def run(self, *arguments):
        """A command that ends by itself, such as migrate."""
        subprocess.run(
            [*self.command, *arguments], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, check=True, timeout=120,
        )

    def start(self):
        # Between the probe and the bind somebody else may take the port: try another one.
        for _ in range(3):
            self.port = free_port()
            runserver = ["runserver", f"127.0.0.1:{self.port}", *(["--noreload"] if self.command == MANAGE else [])]
            self.process = subprocess.Popen(
                [*self.command, *runserver], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=self.log, stderr=self.log,
            )
            if self.answers():
                return
            self.stop()
        raise SystemExit(f"{self.name} did not start:\n{self.said()}")

    def answers(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text(errors="replace")[-800:]


class Pair:
    """Django and ours on one storage and one key, for the length of a `with`."""

    def __init__(self, ours, storage, services, migrates_first):
        self.folder = tempfile.TemporaryDirectory(prefix="side-by-side-")
        root = Path(self.folder.name)
        self.storage = Storage(storage, root, services)
        environment = {
            **os.environ,
            **self.storage.environment(),
            "SECRET_KEY": SECRET_KEY,
            "NUAGES_ALLOWED_HOSTS": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.django = Site("Django", MANAGE, environment, root)
        self.ours = Site("nuages", [str(Path(ours).resolve())], environment, root)
        self.migrates_first = migrates_first

    def __enter__(self):
        try:
            first, second = (self.ours, self.django) if self.migrates_first == "ours" else (self.django, self.ours)
            for site in (first, second):
                for command in self.commands():
                    self.prepare(site, command)
            for site in (self.django, self.ours):
                site.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def commands(self):
        """What makes the tables; the second site finds those of the first."""
        yield ["migrate"]
        if self.storage.cache == "db":
            yield ["createcachetable"]

    def prepare(self, site, command):
        try:
            site.run(*command)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"{site.name}, {command[0]}: {error}\n{site.said()}") from error

    def sessions(self):
        """How many sessions the storage holds, or nothing where nobody can count them without disturbing them."""
        if self.storage.engine == "file":
            return self.storage.files()
        return self.rows() if self.storage.has_rows else None

    def rows(self):
        # Django counts for both: the table is one.
        counted = subprocess.run(
            [*MANAGE, "shell", "-v", "0", "-c", COUNT], env=self.django.environment, cwd=self.django.folder,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60,
        )
        return int(counted.stdout.split()[-1])

    def __exit__(self, *_):
        for site in (self.django, self.ours):
            site.stop()
            site.log.close()
        self.folder.cleanup()


COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
