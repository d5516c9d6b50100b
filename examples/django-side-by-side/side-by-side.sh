#!/usr/bin/env bash
# A Django and a nuages process on one origin behind nginx: one database, one key, one session, one login. nginx is from
# Debian's packages, Django in a virtual environment, and all of it listens on loopback only.
#
#   side-by-side.sh [FOLDER]      both on http://localhost:8080/ until Ctrl-C; data and logs in FOLDER
#
# PORT=8080 is nginx, the next one is Django. SITE is the nuages program (by default it is built), PYTHON one that has
# Django (by default a virtual environment is made).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${1:-$root/target/django-side-by-side}
PORT=${PORT:-8080}
django_port=$((PORT + 1))
children=()

fail() {
    printf 'side-by-side.sh: %s\n' "$*" >&2
    exit 1
}

end() {
    trap - EXIT INT TERM
    for pid in "${children[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${children[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
}

# In the background, in a process group that Ctrl-C does not reach. The last one is ended first.
start() {
    local name=$1
    shift
    setsid "$@" >"$folder/$name.log" 2>&1 &
    children=($! "${children[@]}")
}

wait_for() {
    local what=$1 tries
    shift
    for tries in $(seq 300); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "$what did not start; look into $folder"
}

# --- what is needed ---------------------------------------------------------------------------------------------
nginx=$(command -v nginx || true)
[ -n "$nginx" ] || nginx=/usr/sbin/nginx
[ -x "$nginx" ] || fail "there is no nginx; run: apt-get install nginx-light"
PYTHON=${PYTHON:-$root/.venv/bin/python}
if ! "$PYTHON" -c 'import django' 2>/dev/null; then
    PYTHON=$root/target/django-venv/bin/python
    if ! "$PYTHON" -c 'import django' 2>/dev/null; then
        python3 -m venv --clear "$root/target/django-venv" || fail "there is no venv; run: apt-get install python3-venv"
        "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$root/tests/django/requirements.txt"
    fi
fi
if [ -z "${SITE:-}" ]; then
    (cd "$root" && cargo build --locked --package django-side-by-side)
    SITE=${CARGO_TARGET_DIR:-$root/target}/debug/django-side-by-side
fi
rm -rf "$folder"
mkdir -p "$folder"
nginx_user=
[ "$(id -u)" != 0 ] || nginx_user='user root;'
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- what the two share -------------------------------------------------------------------------------------------
# ANCHOR: settings
export SECRET_KEY=${SECRET_KEY:-$(head -c 48 /dev/urandom | base64 -w 0)}
export DATABASE_URL=sqlite:///$folder/db.sqlite3
export NUAGES_ALLOWED_HOSTS=localhost,127.0.0.1
export NUAGES_PASSWORD_HASHERS=django.contrib.auth.hashers.ScryptPasswordHasher
# ANCHOR_END: settings

# --- Django -------------------------------------------------------------------------------------------------------
export PYTHONDONTWRITEBYTECODE=1
manage=("$PYTHON" "$here/django/manage.py")
"${manage[@]}" migrate >"$folder/migrate.log" 2>&1 || fail "Django's tables were not made; look into $folder/migrate.log"
DJANGO_SUPERUSER_PASSWORD=lovelace "${manage[@]}" createsuperuser --noinput --username ada --email ada@example.com \
    >>"$folder/migrate.log" 2>&1 || fail "there is no user; look into $folder/migrate.log"
start django "${manage[@]}" runserver --noreload "127.0.0.1:$django_port"

# --- nuages -------------------------------------------------------------------------------------------------------
mkdir "$folder/work"
cd "$folder/work"
"$SITE" migrate >>"$folder/migrate.log" 2>&1 || fail "nuages did not adopt the tables; look into $folder/migrate.log"
start nuages "$SITE" runserver "unix:$folder/nuages.sock"

# --- nginx --------------------------------------------------------------------------------------------------------
sed -e "s|@folder@|$folder|g; s|@port@|$PORT|g; s|@django@|$django_port|g; s|@user@|$nginx_user|g" \
    "$here/nginx.conf" >"$folder/nginx.conf"
start nginx "$nginx" -p "$folder" -c "$folder/nginx.conf"
wait_for Django curl --fail --silent --output /dev/null "http://127.0.0.1:$PORT/"
wait_for nuages curl --fail --silent --output /dev/null "http://127.0.0.1:$PORT/shop/"

printf 'http://localhost:%s/ is Django, and nuages below /shop/; log in as ada, lovelace; data and logs are in %s; Ctrl-C ends it\n' \
    "$PORT" "$folder"
wait "${children[0]}"
