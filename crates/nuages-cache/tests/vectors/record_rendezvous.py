"""Records which server pymemcache gives a key to, as rendezvous.json. Needs pymemcache."""

import json
import pathlib
import random

from pymemcache.client.hash import HashClient

LISTS = [
    ["127.0.0.1:11211"],
    ["127.0.0.1:11211", "127.0.0.1:11212"],
    ["10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211"],
    ["cache-a", "cache-b:11299", "[::1]:11211", "[::1]"],
    ["/run/memcached/a.sock", "unix:/run/memcached/b.sock", "localhost:11211"],
]

generator = random.Random(5)
alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
keys = [":1:k", ":1:ü", ":1:日本語", "pre:7:\U0001f40d", "x", "xy", "xyz", "wxyz", "ÿ" * 9]
keys += [f":1:django.contrib.sessions.cache{''.join(generator.choices(alphabet, k=32))}" for _ in range(60)]

vectors = []
for servers in LISTS:
    client = HashClient(servers)
    nodes = list(client.clients)
    vectors.append({"servers": servers, "nodes": nodes, "owners": [[key, client.hasher.get_node(key)] for key in keys]})

path = pathlib.Path(__file__).with_name("rendezvous.json")
lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
path.write_text(f"[\n{lines}\n]\n")
