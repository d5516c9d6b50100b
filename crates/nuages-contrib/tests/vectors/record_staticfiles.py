"""Records what Django's collectstatic makes of a small tree of files: python record_staticfiles.py > staticfiles.json"""

import base64
import json
import pathlib
import tempfile

import django
from django.conf import settings
from django.core.management import call_command

TREE = {
    "css/site.css": b"""@charset "utf-8";
@import "base.css";
@import url(../vendor/reset.css);
@import  'theme/dark.css' screen;
body{background:url(../img/a b.png)} i{background:url("../img/a%20b.png?v=1")}
.logo{background:URL('../img/logo.svg#icon')}
@font-face{src:url(../fonts/f.eot);src:url("../fonts/f.eot?#iefix") format("eot"),url(../fonts/f.woff2)}
.abs{background:url(/static/img/logo.svg)} .other{background:url(/media/x.png)}
.far{background:url(https://example.com/x.png)} .rel{background:url(//example.com/x.png)}
.data{background:url(data:image/png;base64,AAAA)} .frag{clip-path:url(#clip)} .dir{background:url(../img/)}
/* url(../img/logo.svg) in a comment */
/*# sourceMappingURL=site.css.map */
""",
    "css/site.css.map": b'{"version":3}',
    "css/base.css": b"p{background:url('theme/../../img/logo.svg')}\n@import url(\"theme/dark.css\");\n",
    "css/theme/dark.css": b"b{background:url(../../img/logo.svg)}\r\n",
    "css/ümläut.css": "q::before{content:'→'; background:url(../img/ü.png)}".encode(),
    "css/plain.css": b"a{color:red}",
    "vendor/reset.css": b"*{margin:0}",
    "img/logo.svg": b"<svg/>",
    "img/a b.png": b"\x89PNG ab",
    "img/ü.png": b"\x89PNG ue",
    "fonts/f.eot": b"eot",
    "fonts/f.woff2": b"woff2",
    "js/app.js": b'import "./lib.js";\nlet x = "url(a.png)";\n//# sourceMappingURL=app.js.map\n',
    "js/app.js.map": b"{}",
    "js/lib.js": b"export {};\n//# SOURCEMAPPINGURL=lib.js.map\n",
    "LICENSE": b"free",
    "a.tar.gz": b"gz",
    "empty.txt": b"",
}

home = pathlib.Path(tempfile.mkdtemp())
for name, content in TREE.items():
    path = home / "assets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
settings.configure(
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="/static/",
    STATIC_ROOT=str(home / "root"),
    STATICFILES_DIRS=[str(home / "assets")],
    STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}},
    USE_TZ=True,
)
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
root = home / "root"
files = {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
manifest = files.pop("staticfiles.json").decode()
from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: E402

names = ["css/site.css", "img/logo.svg#icon", "fonts/f.eot?#iefix", "img/a b.png", "img/ü.png", "img/", "css/plain.css?v=1"]
print(
    json.dumps(
        {
            "recorded_with": {"django": django.get_version()},
            "note": "What collectstatic makes of `tree`, with ManifestStaticFilesStorage; contents in base64.",
            "tree": {name: base64.b64encode(content).decode() for name, content in TREE.items()},
            "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
            "manifest": manifest,
            "urls": [[name, staticfiles_storage.url(name)] for name in names],
        },
        indent=1,
    )
)
