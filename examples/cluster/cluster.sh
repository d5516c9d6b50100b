#!/usr/bin/env bash
# The site on this machine as it would run on many: three processes behind nginx, sessions in PostgreSQL with a
# Redis Cluster of three masters before it. Everything is from Debian's packages and listens on loopback only.
#
#   cluster.sh [FOLDER]      the site on http://localhost:8080/ until Ctrl-C; data and logs in FOLDER
#
# PORT=8080 is nginx; the next four ports are PostgreSQL and the three of Redis. SITE is the program (by default it is
# built). A process that ends is started again, as systemd would do it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${1:-$root/target/cluster}
PORT=${PORT:-8080}
postgres_port=$((PORT + 1)) redis_ports=($((PORT + 2)) $((PORT + 3)) $((PORT + 4)))
children=()

fail() {
    printf 'cluster.sh: %s\n' "$*" >&2
    exit 1
}

find_program() {
    local program=$1 package=$2 place
    for place in "$(command -v "$program" || true)" "/usr/sbin/$program"; do
        [ -x "$place" ] && printf '%s' "$place" && return
    done
    fail "there is no $program; run: apt-get install $package"
}

postgres_program() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || fail "there is no $1; run: apt-get install postgresql"
    printf '%s' "$found"
}

end() {
    trap - EXIT INT TERM
    touch "$folder/ending"
    # nginx first, so that nobody asks who has gone; the sites end their requests; then what they stand on.
    for pid in "${children[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${children[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
}

# The server that is started in the background, in a process group that Ctrl-C does not reach.
start() {
    local name=$1
    shift
    setsid "$@" >"$folder/$name.log" 2>&1 &
    children+=($!)
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
nginx=$(find_program nginx nginx-light)
redis=$(find_program redis-server redis-server)
redis_cli=$(find_program redis-cli redis-tools)
psql=$(find_program psql postgresql-client)
initdb=$(postgres_program initdb) postgres=$(postgres_program postgres)
if [ -z "${SITE:-}" ]; then
    (cd "$root" && cargo build --locked --release --package cluster)
    SITE=${CARGO_TARGET_DIR:-$root/target}/release/cluster
fi
rm -rf "$folder"
mkdir -p "$folder"
# Servers that refuse to be root run as their package's user, and look into the folder.
chmod 755 "$folder"
as_postgres=() nginx_user=
if [ "$(id -u)" = 0 ]; then
    as_postgres=(runuser -u postgres --)
    nginx_user='user root;'
fi
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- PostgreSQL -------------------------------------------------------------------------------------------------
mkdir "$folder/postgres"
[ "$(id -u)" != 0 ] || chown postgres "$folder/postgres"
(cd "$folder" && "${as_postgres[@]}" "$initdb" -D "$folder/postgres" -U cluster -A trust -E UTF8 --no-sync) \
    >"$folder/initdb.log" 2>&1 || fail "PostgreSQL could not be set up; look into $folder/initdb.log"
start postgres "${as_postgres[@]}" "$postgres" -D "$folder/postgres" -c port=$postgres_port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=
wait_for PostgreSQL "$psql" -q "postgres://cluster@127.0.0.1:$postgres_port/postgres" -c ''

# --- Redis Cluster ----------------------------------------------------------------------------------------------
nodes=()
for port in "${redis_ports[@]}"; do
    mkdir "$folder/redis-$port"
    start "redis-$port" "$redis" --port "$port" --bind 127.0.0.1 --dir "$folder/redis-$port" --save '' \
        --cluster-enabled yes --cluster-node-timeout 2000
    nodes+=("127.0.0.1:$port")
done
for port in "${redis_ports[@]}"; do
    wait_for Redis "$redis_cli" -p "$port" ping
done
"$redis_cli" --cluster create "${nodes[@]}" --cluster-yes >"$folder/redis-cluster.log" 2>&1 ||
    fail "the Redis Cluster was not made; look into $folder/redis-cluster.log"
cluster_is_whole() {
    local port
    for port in "${redis_ports[@]}"; do
        "$redis_cli" -p "$port" cluster info | grep -q 'cluster_state:ok' || return 1
    done
}
wait_for 'the Redis Cluster' cluster_is_whole

# --- three processes of the site ----------------------------------------------------------------------------------
# ANCHOR: settings
export SECRET_KEY=${SECRET_KEY:-$(head -c 48 /dev/urandom | base64 -w 0)}
export DATABASE_URL=postgres://cluster@127.0.0.1:$postgres_port/postgres
export CACHE_URL=redis+cluster://$(IFS=,; printf '%s' "${nodes[*]}")
export NUAGES_SESSION_ENGINE=cached_db
export NUAGES_ALLOWED_HOSTS=localhost,127.0.0.1
# ANCHOR_END: settings
export RUST_LOG=${RUST_LOG:-warn}
mkdir "$folder/work"
cd "$folder/work"
"$SITE" migrate >"$folder/migrate.log" 2>&1 || fail "the tables were not made; look into $folder/migrate.log"

# As systemd's Restart=always; the pid is where whoever wants to kill a process finds it.
keep_running() {
    local name=$1 pid=
    trap '[ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null; exit_soon=yes' TERM
    while [ ! -e "$folder/ending" ] && [ -z "${exit_soon:-}" ]; do
        rm -f "$folder/$name.sock"
        "$SITE" runserver "unix:$folder/$name.sock" >>"$folder/$name.log" 2>&1 &
        pid=$!
        printf '%s' "$pid" >"$folder/$name.pid.new" && mv "$folder/$name.pid.new" "$folder/$name.pid"
        wait "$pid" || true
        # A signal ends `wait` before the process has ended.
        while kill -0 "$pid" 2>/dev/null; do wait "$pid" 2>/dev/null || true; done
    done
}
for number in 1 2 3; do
    keep_running "site-$number" &
    children=($! "${children[@]}")
done
for number in 1 2 3; do
    wait_for "site-$number" test -S "$folder/site-$number.sock"
done

# --- nginx --------------------------------------------------------------------------------------------------------
sed -e "s|@folder@|$folder|g; s|@port@|$PORT|g; s|@user@|$nginx_user|g" "$here/nginx.conf" >"$folder/nginx.conf"
setsid "$nginx" -p "$folder" -c "$folder/nginx.conf" >"$folder/nginx.log" 2>&1 &
children=($! "${children[@]}")
wait_for nginx curl --fail --silent --output /dev/null "http://127.0.0.1:$PORT/"

printf 'http://localhost:%s/ is three processes behind nginx; data and logs are in %s; Ctrl-C ends it\n' "$PORT" "$folder"
wait "${children[0]}"
