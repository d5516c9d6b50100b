"""Private servers for one run: each on a free loopback port, its data in a temporary folder, ended by its own pid."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 60


class Missing(Exception):
    """A program that is not installed; the message names Debian's package."""


def find(program, package):
    places = [shutil.which(program), f"/usr/sbin/{program}", *sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))]
    found = [place for place in places if place and os.path.exists(place)]
    # The newest PostgreSQL, and never a wrapper of it that stands earlier on the path.
    postgres = [place for place in found if place.startswith("/usr/lib/postgresql/")]
    if not found:
        raise Missing(f"there is no {program}; install the package {package}")
    return (postgres or found)[-1 if postgres else 0]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command, **options):
    """A command that ends by itself; what it said is in the error."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, **options)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def account(name):
    """How to run as the package's user where we are root, and may not be."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam(name)
    return [find("runuser", "util-linux"), "-u", name, "--"]


class Services:
    """The servers that storages ask for, each started once."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="side-by-side-servers-")
        self.root = Path(self.folder.name)
        # Servers that do not run as root look into it.
        self.root.chmod(0o755)
        self.ports, self.processes, self.databases = {}, [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.folder.cleanup()

    def port(self, name):
        if name not in self.ports:
            self.ports[name] = getattr(self, f"start_{name}")()
        return self.ports[name]

    def spawn(self, name, command, port):
        with open(self.root / f"{name}.log", "w") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.root)
        self.processes.append(process)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{name} did not start: {(self.root / f'{name}.log').read_text(errors='replace')[-800:]}")

    # -- Redis and memcached ----------------------------------------------------------------------------------------

    def start_redis(self):
        port = free_port()
        command = [find("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        self.spawn("redis", command, port)
        return port

    def start_memcached(self):
        port = free_port()
        command = [find("memcached", "memcached"), "-l", "127.0.0.1", "-p", str(port), "-U", "0"]
        self.spawn("memcached", command + (["-u", "nobody"] if os.geteuid() == 0 else []), port)
        return port

    def redis(self):
        """An empty Redis."""
        port = self.port("redis")
        say(port, b"FLUSHALL\r\n")
        return f"redis://127.0.0.1:{port}/0"

    def memcached(self):
        """An empty memcached."""
        port = self.port("memcached")
        say(port, b"flush_all\r\n")
        return f"memcached://127.0.0.1:{port}"

    # -- databases --------------------------------------------------------------------------------------------------

    def start_postgres(self):
        initdb, server = find("initdb", "postgresql"), find("postgres", "postgresql")
        port, data, user = free_port(), self.root / "postgres", account("postgres")
        data.mkdir()
        if user:
            shutil.chown(data, "postgres")
        run([*user, initdb, "-D", str(data), "-U", "side", "-A", "trust", "-E", "UTF8", "--no-sync"], cwd=self.root)
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.spawn("postgres", [*user, server, "-D", str(data), *options], port)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                run([find("psql", "postgresql-client"), "-q", f"postgres://side@127.0.0.1:{port}/postgres", "-c", ""])
                return port
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def start_mariadb(self):
        install, server = find("mariadb-install-db", "mariadb-server"), find("mariadbd", "mariadb-server")
        port, data = free_port(), self.root / "mariadb"
        user = ["--user=mysql"] if os.geteuid() == 0 else []
        data.mkdir()
        if user:
            shutil.chown(data, "mysql")
        run([install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", *user])
        options = [f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1", "--skip-networking=0"]
        options += [f"--socket={data}/socket", f"--pid-file={data}/pid", "--skip-name-resolve", "--skip-log-bin"]
        self.spawn("mariadb", [server, "--no-defaults", *options, *user], port)
        return port

    def postgres(self):
        """A new database in PostgreSQL."""
        port, name = self.port("postgres"), self.new_name()
        run([find("psql", "postgresql-client"), "-q", f"postgres://side@127.0.0.1:{port}/postgres", "-c", f"CREATE DATABASE {name}"])
        return f"postgres://side@127.0.0.1:{port}/{name}"

    def mariadb(self):
        """A new database in MariaDB."""
        port, name = self.port("mariadb"), self.new_name()
        client = [find("mariadb", "mariadb-client"), "--no-defaults", "-h", "127.0.0.1", "-P", str(port), "-u", "root"]
        run([*client, "-e", f"CREATE DATABASE {name} CHARACTER SET utf8mb4"])
        return f"mysql://root@127.0.0.1:{port}/{name}"

    def new_name(self):
        self.databases += 1
        return f"side_by_side_{self.databases}"


def say(port, command):
    """Sends one line and waits for the answer to it."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(command)
        answer = connection.recv(100)
    if not answer.upper().lstrip(b"+").startswith(b"OK"):
        raise RuntimeError(f"{command!r} was answered {answer!r}")
