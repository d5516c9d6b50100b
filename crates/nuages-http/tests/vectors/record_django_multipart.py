"""Records django_multipart.json: odd multipart forms, and what Django's MultiPartParser makes of them.

Run with a Python that has Django 5.2 and redirect the output to django_multipart.json. Bodies are Latin-1 text, a
character a byte. Forms without a closing boundary are left out: Django takes them, nuages refuses them.
"""

import json
import random
import sys

import django
from django.conf import settings

settings.configure(DATA_UPLOAD_MAX_NUMBER_FIELDS=1000)

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser

rng = random.Random(53)


def outcome(content_type, body, encoding):
    import io

    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body)}
    try:
        post, files = MultiPartParser(meta, io.BytesIO(body), [MemoryFileUploadHandler()], encoding).parse()
    except Exception as exc:
        return {"error": type(exc).__name__}
    return {
        "post": [[key, value] for key, values in post.lists() for value in values],
        "files": [
            [key, file.name, file.read().decode("latin-1")] for key, values in files.lists() for file in values
        ],
    }


def heads():
    names = ['a', '"a"', '"b c"', '" a "', '"é"', '""', '"a\\"b"', '"a;b"', "a'b", '"a\\\\"', "*"]
    files = [
        None, "x.txt", '""', '"x y.txt"', '"../../etc/passwd"', '"C:\\\\dir\\\\x.txt"', '"..\\\\x"', '".."', '"."', '"a/"',
        '"r\u00e9sum\u00e9.txt"', '"&#x2F;etc&sol;x"', '"AT&amp;T"', '"a\x00b"', '"a\u202eb"', '"\u200b"', '"x;y"', '"x\\"y"',
        '"' + "n" * 300 + '.tar.gz"', '".hidden"',
    ]
    others = [
        "", "Content-Type: text/plain", "Content-Type: Text/HTML; charset=latin-1", "content-type:", "X: y", "no header",
        "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: BASE64 ", "Content-Transfer-Encoding: binary",
        "Content-Length: 3", "Content-Length: x", "Content-Disposition: form-data; name=second", ": empty",
    ]
    disposition = rng.choice([
        "Content-Disposition: form-data", "content-disposition:form-data", "CONTENT-DISPOSITION: FORM-DATA",
        "Content-Disposition: attachment", "Content-Disposition : form-data", "Content-Disposition", "X-Other: form-data",
    ] + ["Content-Disposition: form-data"] * 6)
    kind = rng.randrange(12)
    if kind == 0:
        disposition += "; name*=UTF-8''%E2%82%AC"
    elif kind == 1:
        disposition += "; name*0=a; name*1=b"
    elif kind == 2:
        pass
    else:
        disposition += rng.choice(["; name=", ";name=", " ; NAME = "]) + rng.choice(names)
    file = rng.choice(files + [None] * 8)
    if file is not None:
        disposition += "; filename=" + file
    elif rng.randrange(15) == 0:
        disposition += rng.choice(["; filename*=UTF-8''%E2%82%AC.txt", "; filename*0=a; filename*1=.txt", "; filename*=''x"])
    lines = [disposition] + [rng.choice(others) for _ in range(rng.choice([0, 0, 1, 2]))]
    if rng.randrange(8) == 0:
        rng.shuffle(lines)
    return "\r\n".join(line for line in lines if line)


def form(boundary):
    contents = [
        "", "x", "hello", "two\r\nlines", "\r\n", "\r", "\n", "--", "-", "--" + boundary[:-1], "\r\n--" + boundary[:-1], "é",
        "\x00\xff", "aGVsbG8=", "aGVs\r\nbG8h", "aGVsbG8", " a G V s ", "\r\n\r\n", "=", "a&b=c",
    ]
    out = rng.choice(["", "", "", "", "\r\n", "preamble\r\n", "pre\r\n\r\namble\r\n"])
    for _ in range(rng.randrange(5)):
        blank = rng.choice(["\r\n\r\n"] * 12 + ["\r\n", "\n\n", ""])
        out += "--" + boundary + rng.choice(["\r\n"] * 10 + ["\n", " \r\n", ""]) + heads() + blank
        out += rng.choice(contents) + rng.choice(["\r\n"] * 12 + ["\n", "\r", ""])
    out += "--" + boundary + "--" + rng.choice(["\r\n", "", "\r\nepilogue", "\r\n\r\nepilogue"])
    return out


def main():
    cases = []
    for number in range(1500):
        boundary = rng.choice(["b", "b", "----WebKitFormBoundaryAbCdEf", "a b"])
        quoted = '"%s"' % boundary if " " in boundary else boundary
        content_type = "multipart/form-data; boundary=" + quoted
        encoding = rng.choice([None] * 9 + ["iso-8859-1"])
        body = form(boundary).encode(rng.choice(["utf-8", "utf-8", "latin-1"]), "replace")
        cases.append({
            "content_type": content_type,
            "body": body.decode("latin-1"),
            "encoding": encoding,
            "outcome": outcome(content_type, body, encoding),
        })
    note = "Odd multipart forms and what django.http.multipartparser makes of them; bodies are Latin-1, a character a byte."
    json.dump({"recorded_with": "Django " + django.get_version(), "note": note, "cases": cases}, sys.stdout, indent=0)


main()
