"""Records what Django answers for the tables, paths and reversals of django_urls.json.

    python record_django_urls.py conformance/reference django_urls.json

The first argument is the directory of the reference project, whose table is recorded too. Needs Django 5.2.
"""

import json
import os
import random
import re
import sys
import types
import uuid

sys.dont_write_bytecode = True
reference, output = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, reference)
os.chdir(reference)
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # noqa: E402

django.setup()

from django.urls import Resolver404, include, path, re_path, register_converter, resolve, reverse  # noqa: E402
from django.urls import resolvers  # noqa: E402
from django.urls.resolvers import RegexPattern, URLPattern  # noqa: E402

import urls  # noqa: E402


class Pair:
    """A converter with alternatives, so that the engine is needed."""

    regex = "[a-z]{2}|x+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Pair, "pair")

# Django caches the converters of a route and then changes what it has cached: converters of one table leak into
# others that have a route of the same text. That depends on the order of calls, and is no behaviour to follow.
resolvers._route_to_regex = resolvers._route_to_regex.__wrapped__


def show(request):
    pass


def other(request):
    pass


VIEWS = {"show": show, "other": other}


# Tables as data, and data as tables.


def describe(patterns):
    rows = []
    for pattern in patterns:
        row = {"regex": isinstance(pattern.pattern, RegexPattern), "route": str(pattern.pattern)}
        if isinstance(pattern, URLPattern):
            row |= {"view": pattern.callback.__name__, "name": pattern.name, "kwargs": pattern.default_args}
            row["module"] = pattern.callback.__module__
        else:
            row |= {"app_name": pattern.app_name, "namespace": pattern.namespace, "kwargs": pattern.default_kwargs}
            row["entries"] = describe(pattern.url_patterns)
        rows.append({key: value for key, value in row.items() if value not in (None, {}, False)})
    return rows


def build(rows):
    patterns = []
    for row in rows:
        make = re_path if row.get("regex") else path
        if "entries" in row:
            inner = build(row["entries"])
            if row.get("app_name"):
                target = include((inner, row["app_name"]), namespace=row.get("namespace"))
            else:
                target = include(inner)
            patterns.append(make(row["route"], target, row.get("kwargs")))
        else:
            patterns.append(make(row["route"], VIEWS[row["view"]], row.get("kwargs"), name=row.get("name")))
    return patterns


def view(route, name=None, view="show", regex=False, **kwargs):
    row = {"route": route, "view": view, "module": "__main__"}
    return row | ({"name": name} if name else {}) | ({"regex": True} if regex else {}) | (
        {"kwargs": kwargs} if kwargs else {}
    )


def table(route, entries, app_name=None, namespace=None, regex=False, **kwargs):
    row = {"route": route, "entries": entries}
    return row | ({"app_name": app_name} if app_name else {}) | ({"namespace": namespace} if namespace else {}) | (
        {"regex": True} if regex else {}
    ) | ({"kwargs": kwargs} if kwargs else {})


# What is recorded.


def plain(value):
    return {"uuid": str(value)} if isinstance(value, uuid.UUID) else value


def plains(values):
    return {k: plain(v) for k, v in values.items()} if isinstance(values, dict) else [plain(v) for v in values]


def revive(value):
    return uuid.UUID(value["uuid"]) if isinstance(value, dict) and "uuid" in value else value


def try_resolve(module, text):
    try:
        match = resolve(text, urlconf=module)
    except Resolver404:
        return None
    return {
        "view": match.func.__name__,
        "route": match.route,
        "url_name": match.url_name,
        "view_name": match.view_name,
        "app_names": match.app_names,
        "namespaces": match.namespaces,
        "app_name": match.app_name,
        "namespace": match.namespace,
        "args": plains(match.args),
        # Pairs, because the order counts.
        "kwargs": list(plains(match.kwargs).items()),
        "captured_kwargs": list(plains(match.captured_kwargs or {}).items()),
        "extra_kwargs": list(plains(match.extra_kwargs or {}).items()),
    }


def try_reverse(module, call):
    options = {name: call[name] for name in ("query", "fragment", "current_app") if name in call}
    if isinstance(options.get("query"), list):
        options["query"] = [tuple(pair) for pair in options["query"]]
    args = [revive(v) for v in call["args"]] if "args" in call else None
    kwargs = {k: revive(v) for k, v in call["kwargs"].items()} if "kwargs" in call else None
    try:
        return {"url": reverse(call["name"], urlconf=module, args=args, kwargs=kwargs, **options)}
    except Exception as error:
        return {"error": type(error).__name__}


# Paths and reversals.

chance = random.Random(52)

UUID = "c335544e-0000-4000-8000-0123456789ab"
TEXTS = [
    "", "CASE/abc", "all/ÄSS", "a\nb/dot", "a", "ab", "x", "xx", "a-b", "a_b", "a b", "a.b", "A", "é", "中", "ª", "²", "٣", "a\u0301", "‿", "5", "07", "12", "2024",
    "-1", "1.5", "1e3", "0x1f", "ff", "FF", "4", "end", "latest", UUID, UUID.upper(), UUID.replace("-", ""), "\n", "a\n",
    "\t", "\x1c", "\x00", "\u2028", "\ufffd", "%", "%20", "a%2Fb", "..", ".", "~", "{x}", "*", "<a>", "a;b", "a:b", "@", "+", "😀",
    "9223372036854775808", "170141183460469231731687303715884105727", "0" * 60 + "5", "a" * 300, "page-3/", "in", "history",
]
PIECES = TEXTS + ["a/b", "/", "//x", "a/end", "a/end/end", "/end", "b/", "2024-02-29", "2024-2-", "ABC", "abc"]


def example(row):
    """A text that a pattern may match."""
    route = row["route"]
    if row.get("regex"):
        text = re.sub(r"\((?:\?P<\w+>|\?:)?((?:[^()]|\([^()]*\))*)\)\??", lambda m: chance.choice(["", "a", "5", "2024", "ABC", "abc", "page-3/"]), route)
        return re.sub(r"\\[dw]", "5", text.removeprefix("^").removesuffix("$").replace("\\.", "."))
    return re.sub(r"<[^>]*>", lambda m: chance.choice(fitting(m[0])), route)


def fitting(capture):
    kind = capture.strip("<>").split(":")[0]
    known = {
        "int": ["5", "07", "2024", "x"], "slug": ["a-b", "A_9", "a.b"], "uuid": [UUID, UUID.upper()],
        "path": ["a/b", "a", "a/end"], "hex": ["ff", "0", "g"], "even": ["4", "5"], "pair": ["ab", "x", "xxx", "abc"], "(": ["5", "abc", "a", ""],
    }
    return known.get(kind, ["a", "a b", "é", "5", "a/b"])


def walk(rows, before=""):
    for row in rows:
        text = before + example(row)
        if "entries" in row:
            yield text
            yield from walk(row["entries"], text)
        else:
            yield text


def mutate(text):
    choice = chance.randrange(8)
    at = chance.randrange(len(text) + 1)
    if choice == 0:
        return text[:at] + chance.choice(PIECES) + text[at:]
    if choice == 1 and text:
        return text[: at - 1] + text[at:]
    if choice == 2:
        return text[:at]
    if choice == 3:
        return text + chance.choice(["/", "\n", "x", "//", "/end", "\n\n"])
    if choice == 4:
        parts = text.split("/")
        parts[chance.randrange(len(parts))] = chance.choice(PIECES)
        return "/".join(parts)
    if choice == 5:
        return text.replace("/", "//", 1)
    return text


def paths(rows, count):
    found = ["/", "", "x", "//"]
    for _ in range(1000):
        found += ["/" + mutate(text) for text in walk(rows)]
        found = list(dict.fromkeys(found))
        if len(found) >= count:
            break
    chance.shuffle(found)
    return found[:count]


def names(rows, namespace="", captures=()):
    """The names that can be reversed, and the captures that each needs."""
    for row in rows:
        needed = captures + tuple(re.findall(r"<[^>]*>|\((?!\?[:i])", row["route"]))
        if "entries" in row:
            spaces = {row.get("namespace") or row["app_name"], row["app_name"]} if row.get("app_name") else {None}
            for space in sorted(spaces, key=str):
                yield from names(row["entries"], namespace + space + ":" if space else namespace, needed)
        elif row.get("name"):
            # The parenthesis of a named group stands before its name.
            yield namespace + row["name"], [c for c in needed if c != "("] or list(needed)


def parameters(rows):
    text = json.dumps(rows)
    return sorted(set(re.findall(r"<(?:\w+:)?(\w+)>", text)) | set(re.findall(r'"kwargs": \{"(\w+)"', text))) or ["x"]


VALUES = TEXTS + ["a/b", "a?b#c", "//x", 5, 0, -1, 4, 2024, 255, True, False, 1.5, 1e20, {"uuid": UUID}]


def reversals(rows, count):
    calls, seen = [], set()
    known, params = sorted(names(rows)), parameters(rows)
    if not known:
        return []
    while len(calls) < count and len(seen) < 20 * count:
        name, captures = chance.choice(known)
        call = {"name": name if chance.random() < 0.97 else "no-such"}
        size = chance.choice([0, 1, 1, 1, 2, 2, 3])
        sensible = [5, "abc", "a", 2024, "5", "x", 4, "ABC", "2024"] if chance.random() < 0.6 else VALUES
        if chance.random() < 0.6:
            values = [chance.choice(fitting(c) if chance.random() < 0.7 else VALUES) for c in captures]
            if "(" in captures or chance.random() < 0.5:
                call["args"] = values
            else:
                call["kwargs"] = {c.strip("<>").split(":")[-1]: v for c, v in zip(captures, values)}
        elif chance.random() < 0.5:
            if size:
                call["args"] = [chance.choice(sensible) for _ in range(size)]
        else:
            call["kwargs"] = {name: chance.choice(sensible) for name in chance.sample(params, min(size, len(params)))}
        if chance.random() < 0.2:
            call["current_app"] = chance.choice(["shop", "second", "tenant", "a", "b", "outer", "outer:deep", "nope", "", "a:b"])
        key = json.dumps(call)
        if key not in seen:
            seen.add(key)
            calls.append(call)
    return calls


def random_rows(depth, counter, used):
    rows = []
    for _ in range(chance.randrange(2, 7)):
        inner = depth > 0 and chance.random() < 0.4
        regex = chance.random() < 0.35
        names_here = set()
        route = ""
        for _ in range(chance.randrange(0, 4)):
            parameter = chance.choice("abcd")
            if regex:
                piece = chance.choice([
                    "a/", "b", r"\d+/", r"(\d+)", "[^/]+/", "(?:x/)?", r"\w+", ".*", f"(?P<{parameter}>[0-9]{{2,4}})/", f"(?P<{parameter}>.*)",
                    f"(?:p-(?P<{parameter}>\\d+)/)?", f"(?P<{parameter}>\\w+)?", "(a|b)/", r"\.", "-", r"[\w.]+", r"\S+", "x{2}",
                ])
            else:
                kind = chance.choice(["", "str:", "int:", "slug:", "path:", "uuid:", "hex:", "even:", "pair:"])
                piece = chance.choice(["a/", "b", "a", "/", "-", ".", "ab/", "é/", f"<{kind}{parameter}>", f"<{kind}{parameter}>/", f"<{kind}{parameter}>"])
            if f"{parameter}>" in piece:
                if parameter in names_here or parameter in used:
                    continue
                names_here.add(parameter)
            route += piece
        if regex:
            route = chance.choice(["^", "^", "^", ""]) + route + ("" if inner else chance.choice(["$", "$", "", r"\Z"]))
        kwargs = {chance.choice("abcde"): chance.choice([1, "x", True])} if chance.random() < 0.15 else {}
        counter[0] += 1
        if inner:
            app = f"app{chance.randrange(2)}" if chance.random() < 0.4 else None
            namespace = f"ns{counter[0]}" if app else None
            rows.append(table(route, random_rows(depth - 1, counter, used | names_here), app, namespace, regex, **kwargs))
        else:
            rows.append(view(route, f"n{counter[0]}", chance.choice(["show", "other"]), regex, **kwargs))
    return rows


TABLES = {"conformance": describe(urls.urlpatterns)}

TABLES["odd"] = [
    view("dash/<slug:a>-<slug:b>/", "dash"),
    view("both/<int:a><int:b>", "both"),
    view("ext/<str:name>.<slug:ext>", "ext"),
    view("file/<path:p>/<int:n>/", "file-n"),
    view("file/<path:p>/edit", "file-edit", "other"),
    view("file/<path:p>", "file"),
    view("id/<uuid:id><slug:tail>", "id-tail"),
    view("id/<uuid:id>", "id"),
    view("x<int:n>y", "xny"),
    view("{brace}/<str:s>", "brace"),
    view("*/<str:s>", "star"),
    view("pair/<pair:p>/", "pair"),
    view("pairs/<pair:p><pair:q>", "pairs"),
    view(r"^any/(.*)$", "any", regex=True),
    view(r"^alt/(?:(a)|(b))/$", "alt", regex=True),
    view(r"^opt/(?P<a>\d+)?(?:/(?P<b>\w+))?$", "opt", regex=True),
    view(r"^opts/(?:(?P<a>\d+)/)?(?:(?P<b>[a-z]+)/)?$", "opts", regex=True, c=1),
    view(r"^word/(?P<w>\w+)/$", "word", regex=True),
    view(r"^space/(?P<w>\S*)(\s*)$", "space", regex=True),
    view(r"^digit/(?P<d>\d+)$", "digit", regex=True),
    view(r"^line/(?P<l>.*)", "line", regex=True),
    view(r"^whole/[^/]*$", "whole", regex=True),
    view(r"mid/(?P<n>\d+)/", "mid", regex=True),
    view(r"^big/(?P<n>[0-9]{1,3})\Z", "big", regex=True),
    view(r"^set/(?P<x>[a-c&&b]+)$", "set", regex=True),
    view(r"^brack/(?P<x>[]\[a-]+)/$", "brack", regex=True),
    view(r"^twice/(?P<x>a){2}/$", "twice", regex=True),
    view(r"^plus/a+b{2}[x-z]?\d\w.$", "plus", regex=True),
    view(r"^empty/()$", "empty", regex=True),
    view(r"^(?P<first>latest|newest)/$", "choice", regex=True),
    table("inc/<int:a>", [view("", "inc-end"), view("/<int:b>", "inc-b"), view("<str:rest>", "inc-rest")]),
    table("greedy/<path:p>/", [view("x", "greedy-x"), view("<int:n>", "greedy-n")]),
    table(r"^re/(\d+)/", [view(r"^(\w+)/$", "re-args", regex=True), view("<int:n>", "re-kw"), view("plain", "re-plain", y=1)], regex=True),
    table(r"^named/(?P<g>\w+)?/", [view(r"^(\d+)$", "named-arg", regex=True), view("k/<int:g2>", "named-k")], regex=True),
    table(r"^rep/(?P<n>\d+)/", [view("<int:n>/", "rep")], regex=True, m=2),
    table("kw/", [view("<int:m>/", "kw", n=1), view("", "kw-root", m=3)], m=2, z="z"),
    table(r"^dollar$", [view("", "dollar")], regex=True),
    table("", [view("bare/<int:n>", "bare"), table("", [view(r"^deep-re$", "deep-re", regex=True)])]),
    table("a/", [
        view("", "home"),
        table("b/<int:n>/", [view("leaf", "leaf"), view("<slug:s>", "leaf-s", s2=1)], "b"),
        table("c/", [view("leaf", "leaf")], "b", "c"),
        table("plain/<slug:s>/", [table("d/", [view("<int:n>", "leaf")], "d"), view("x", "x")], k=1),
    ], "a"),
    table("a2/<hex:h>/", [view("<even:e>", "home"), table("b/", [view("leaf", "leaf")], "b")], "a", "a2", v=1),
    view("a/b/c", "late"),
    view("default/<int:n>", "default", n=7, m=8),
    view("text/", "text", t="x", f=1.5, b=False),
    view("<str:one>/tail", "one-tail"),
    view("<slug:catch>", "catch"),
]

# Django reverses nothing in a table with flags.
TABLES["flags"] = [
    view(r"^(?i:case)/(?P<x>[a-c]+)$", regex=True),
    view(r"(?i)^all/([a-zß]+)$", regex=True),
    view(r"^(?s:.+)/dot$", regex=True),
    view(r"^(?:lines/(?m:^x$))", regex=True),
]

counter = 0
while counter < 70:
    rows = random_rows(2, [0], frozenset())
    try:
        module = types.ModuleType("random")
        module.urlpatterns = build(rows)
        resolve("/", urlconf=module)
    except Resolver404:
        pass
    except Exception:
        continue
    TABLES[f"random-{counter}"] = rows
    counter += 1

EXTRA = {
    "conformance": [
        {"name": "override"},
        {"name": "hex", "args": ["ff"]}, {"name": "hex", "args": ["255"]}, {"name": "hex", "args": [255.7]}, {"name": "hex", "args": [True]},
        {"name": "even", "args": ["4"]}, {"name": "even", "args": [" 4 "]}, {"name": "re-mixed", "kwargs": {"_0": 5, "word": "x"}},
        {"name": "re-nested", "args": ["page-3/"]}, {"name": "re-nested"}, {"name": "re-optional", "args": [3]},
        {"name": "nope:x", "args": [1], "kwargs": {"a": 1}}, {"name": "nope", "args": [1], "kwargs": {"a": 1}},
        {"name": "root", "args": [], "kwargs": {}}, {"name": "", "args": []}, {"name": ":"}, {"name": "shop:"}, {"name": ":root"},
        {"name": "root", "query": [["a", [1, True, None, 1.5]], ["b", []], ["c", ""], ["d", None], ["e f", "g&h=i/~"]]},
        {"name": "root", "query": {"a": ["é", "😀"], "\n": "\r\n"}, "fragment": "é b#?"},
        {"name": "shop:item", "kwargs": {"pk": 5}, "query": {}, "fragment": ""},
        {"name": "tenant:item", "kwargs": {"tenant": "acme", "pk": 5, "tail": "x"}, "current_app": "second"},
        {"name": "outer:inner:leaf", "kwargs": {"level": 1, "name": "x"}, "current_app": "outer:deep"},
        {"name": "outer:inner:leaf", "kwargs": {"level": 1, "name": "x"}, "current_app": "deep"},
    ],
}

cases = []
for name, rows in TABLES.items():
    module = types.ModuleType(name)
    module.urlpatterns = urls.urlpatterns if name == "conformance" else build(rows)
    big = name in ("conformance", "odd")
    resolved = [[text, try_resolve(module, text)] for text in paths(rows, 420 if big else 24)]
    calls = EXTRA.get(name, []) + reversals(rows, 420 if big else 16)
    reversed_ = [[call, try_reverse(module, call)] for call in calls]
    # What Django fails on with an error of its own making is no behaviour to follow.
    reversed_ = [r for r in reversed_ if r[1].get("error") not in ("error", "TypeError", "AttributeError", "PatternError")]
    cases.append({"table": name, "entries": rows, "resolve": resolved, "reverse": reversed_})

with open(output, "w", encoding="utf-8") as file:
    file.write('{"recorded_with": %s, "cases": [\n' % json.dumps({"django": django.get_version(), "python": sys.version.split()[0]}))
    file.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    file.write("\n]}\n")

matched = sum(1 for case in cases for _, match in case["resolve"] if match)
made = sum(1 for case in cases for _, outcome in case["reverse"] if "url" in outcome)
print(f"{sum(len(case['resolve']) for case in cases)} paths, {matched} matched")
print(f"{sum(len(case['reverse']) for case in cases)} reversals, {made} made")
