"""Records django_pure.json: odd inputs of the pure functions of Django's HTTP layer, and what it answers.

Run with a Python that has Django 5.2 and redirect the output to django_pure.json.
"""

import base64
import json
import random
import sys

import django
from django.conf import settings

settings.configure(DATA_UPLOAD_MAX_NUMBER_FIELDS=1000)

from django.core.handlers.wsgi import get_path_info
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import MediaType, split_domain_port, validate_host
from django.test import RequestFactory
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.encoding import escape_uri_path, filepath_to_uri, iri_to_uri, uri_to_iri
from django.utils.http import (
    base36_to_int, content_disposition_header, escape_leading_slashes, http_date, int_to_base36, is_same_domain,
    parse_etags, parse_header_parameters, parse_http_date, quote_etag, url_has_allowed_host_and_scheme, urlencode,
    urlsafe_base64_decode, urlsafe_base64_encode,
)
from urllib.parse import unquote, urljoin, urlsplit

rng = random.Random(52)


def attempt(function):
    try:
        return {"value": function()}
    except Exception as exc:
        name = type(exc).__name__
        return {"error": "DecodeError" if isinstance(exc, UnicodeError) else name}


def cases(function, inputs):
    seen, result = set(), []
    for value in inputs:
        text = json.dumps(value)
        if text not in seen:
            seen.add(text)
            result.append([value, attempt(lambda: function(value))])
    return result


def texts(alphabet, count, longest=12):
    return ["".join(rng.choice(alphabet) for _ in range(rng.randrange(longest + 1))) for _ in range(count)]


HARD = [
    "", " ", "a", "é", "日本", "😀", "\x00", "\n", "\r\n", "\t", "\x1c", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffd",
    "%", "%%", "%2", "%2f", "%2F", "%zz", "%00", "%ff%fe", "%c0%ae", "%ed%a0%80", "%u0041", "%0d%0a", "%e2%82", "%e2%82%ac",
    "%F0%9F%98%80", "%80", "é%e9", "%c3é", "+", "a+b", "a%2Bb", "&", "=", ";", "?", "#", "/", "//", "\\", "'", '"', "<>", "[]", "{}",
    "|", "^", "`", "~", "!", "$", "@", ":", ",", "*", "(", ")", "-._~", "a" * 50, "\u0130", "\u212a", "ß", "\u03a3", "¾",
]

out = {
    "recorded_with": {"django": django.__version__, "python": sys.version.split()[0]},
    "note": "Pure functions of the HTTP layer: [input, outcome].",
}

# URIs ---------------------------------------------------------------------
URI = list("aZ09-._~/?#[]@:!$&'()*+,;=% \\\"<>é日😀\x00\n") + ["%41", "%7e", "%2F", "%c3%a9", "%ff", "%E2", "%31", "%5B", "%5b"]
uris = HARD + texts(URI, 250)
out["iri_to_uri"] = cases(iri_to_uri, uris)
out["uri_to_iri"] = cases(uri_to_iri, uris + ["%%%02x" % n for n in range(256)] + ["%%%02X" % n for n in range(256)])
out["escape_uri_path"] = cases(escape_uri_path, uris)
out["filepath_to_uri"] = cases(filepath_to_uri, uris)
out["escape_leading_slashes"] = cases(escape_leading_slashes, uris + ["//evil", "///x", "/\\x", "/a//b"])
# As a WSGI server does: escapes are decoded, and the bytes handed over as Latin-1.
out["decode_path"] = cases(
    lambda v: get_path_info({"PATH_INFO": unquote(base64.b64decode(v).decode("latin-1"), "latin-1")}),
    [base64.b64encode(u.encode()).decode() for u in uris]
    + [base64.b64encode(bytes(rng.choice([37, 47, 65, 97, 50, 102, 195, 169, 226, 130, 172, 255, 0]) for _ in range(rng.randrange(12)))).decode() for _ in range(200)],
)
JOINS = [
    "", "/p", "p", "./p", "../p", "../../p", "?q=1", "#f", "//other.com/x", "http://other.com/y", "https://h/z", "https:z", "http:z",
    "http:", "http:?x", "/a b?c=é", "/a/../b", "/a/./b", "a/../../b", ".", "..", "...", "./", "../", "a//b", "/a//b", "///t", "////t",
    "p;x", "p;x/y", ";x", ";x?y", "/;x", "mailto:a@b.c", "javascript:x", "//[::1]/x", "//[::1", "p?q#f", "?#", "#", "?", "\tp", " p", "p ",
    "p\nq", "//h", "//", "a:b", "1:b", "HTTP://X/Y", "/%7Eok/%zz", "\\x", "/..", "/.", "a/.", "a/..", "/a/b/../..", "x//../y", "//u:p@h:1/x",
]
out["urljoin"] = cases(
    lambda v: urljoin(*v),
    [[b, j] for b in ("http://testserver/", "http://testserver/a/b", "https://h:80/a//b/", "http://h/a;p/b;q?r#s", "http://h", "https://h?q")
     for j in JOINS],
)

# Safe redirects -----------------------------------------------------------
# The inputs of Django's own tests, and more.
REDIRECTS = [
    "http://example.com", "http:///example.com", "https://example.com", "ftp://example.com", "///example.com", "//example.com",
    "///example.com", "////example.com", "http:///example.com", "http:/example.com", "http:example.com", "javascript:alert(\"XSS\")",
    "\njavascript:alert(x)", "java\nscript:alert(x)", "\x08//example.com", "http://otherserver\\@example.com",
    "http:\\\\testserver\\@example.com", "http://testserver\\me:pass@example.com", "http://testserver\\@example.com",
    "http:\\\\testserver\\confirm\\me@example.com", "http:999999999", "ftp:9999999999", "\n", "http://[2001:cdba:0000:0000:0000:0000:3257:9652/",
    "http://2001:cdba:0000:0000:0000:0000:3257:9652]/", "/view/?param=http://example.com", "/view/?param=https://example.com",
    "/view?param=ftp://example.com", "view/?param=//example.com", "https://testserver/", "HTTPS://testserver/", "//testserver/",
    "http://testserver/confirm?email=me@example.com", "/url%20with%20spaces/", "path/http:2222222222", "http://user:pass@testserver/",
    "http://user:pass@example.com/", "//user@testserver", "https://testserver\\x", "\\\\testserver", "/\\testserver", "\\/testserver",
    "http://testserver:80/", "http://testserver:8080/", "http://TESTSERVER/", "http://[::1]/", "http://[::1%25eth0]/", "http://[fe80::1%eth0]/",
    "//[::1]", "http://[v1.x]/", "http://[v.x]/", "http://[v1.]/", "http://[1.2.3.4]/", "http://[::1.2.3.4]/", "http://[::g]/", "http://[]/", "http://[",
    "http://]", "http://a[::1]b/", "//testserver／evil", "//testserver\u2100", "//testserver\uff1aevil", "//example.com\uff0f", "http://testserver\uff20evil",
    "", " ", "/", "//", "///", "/ /evil", "\t//evil", "/\t/evil", "/%09/evil", "/.//evil", "//evil", "/%2fevil", "/%5cevil", "https:evil", "https:/evil",
    "https:", "http://", "http:", ":", "://", "://evil", "a:b", "a:", "1a:b", "é:b", "data:x", "DATA:x", "vbscript:x", "file:///x", "blob:x", " javascript:x",
    "\u00a0javascript:x", "\u200bjavascript:x", "\u200b//evil", "\ue000x", "\x7fx", "\x85//evil", "\x1c//evil", "\ufeff//evil", "\u0378x", "x\u0000",
    "?next=//evil", "#//evil", "?", "#", "a" * 2048, "a" * 2049, "é" * 2048, "é" * 2049, "//testserver/" + "a" * 2035, "//testserver/" + "a" * 2036,
    " " * 3000 + "/x", "/x" + " " * 3000, "https://testserver/ ", "http://testserver#@evil", "http://testserver?@evil", "http://testserver;evil",
    "http://testserver.", "http://.testserver", "//testserver\\@evil", "//evil\\@testserver", "http://testserver\t/", "ht\ntp://testserver", "+a:b", "a+b:c",
    "\\\\?", "//?", "//#x", "//\t/evil", "/\t//evil", "//\n/evil", "\t///evil", "http:\t///evil", "//\\\tevil", "/\\\t/evil",
] + HARD + texts(list("htp:/\\@?#[]. \t\n") + ["http:", "https:", "//", "testserver", "evil"], 400, 8)
HOSTS = [[], ["testserver"], ["testserver:80", "user:pass@testserver", "[::1]", "testserver:8080"]]
# For each URL a digit for each of the host lists, without and with require_https.
out["url_has_allowed_host_and_scheme"] = {
    "allowed_hosts": list(HOSTS),
    "cases": [
        [url, "".join(str(int(url_has_allowed_host_and_scheme(url, set(hosts), require_https=https))) for hosts in HOSTS for https in (False, True))]
        for url in dict.fromkeys(REDIRECTS)
    ],
}
out["urlsplit"] = cases(lambda v: list(urlsplit(v)), REDIRECTS)

# Dates --------------------------------------------------------------------
DATES = [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994", "Sun Nov 16 08:49:37 1994",
    "Sun, 06 Nov 1994 08:49:37 GMT\n", "Sun, 06 Nov 1994 08:49:37 GMT\n\n", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 6 Nov 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 GMT", "xxx, 06 NOV 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 2000 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 00 Jan 2000 00:00:00 GMT",
    "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Nov 0101 08:49:37 GMT", "Sun, 06 Nov 9999 23:59:59 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sun, 06-Nov-94 08:49:37 GMT", "Wednesday, 06-Nov-94 08:49:37 GMT", "Wednesdayy, 06-Nov-94 08:49:37 GMT", "Sunda, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-20 08:49:37 GMT",
    "Sun Nov   6 08:49:37 1994", "Sun Nov  6 08:49:37 1994\n", "Sun Nov  0 08:49:37 1994", "Sun Nov 66 08:49:37 1994", "Sun Nov  6 08:49:37 94", "日本語, 06 Nov 1994 08:49:37 GMT",
    "S²_, 06 Nov 1994 08:49:37 GMT", "a\u0301b, 06 Nov 1994 08:49:37 GMT", "ab\u0301, 06 Nov 1994 08:49:37 GMT", "Sun, ٠٦ Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 8:49:37 GMT",
    "Sun,06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994  08:49:37 GMT", "-un, 06 Nov 1994 08:49:37 GMT", "nonsense", "",
]
for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]:
    for _ in range(60):
        at = rng.randrange(len(date))
        DATES.append(date[:at] + rng.choice(list("0139 -:,GNé") + [""]) + date[at + rng.randrange(2):])
out["parse_http_date"] = cases(parse_http_date, DATES)
out["http_date"] = cases(http_date, [
    0, 1, -1, 0.5, -0.5, 0.9999994, 0.9999995, 0.9999996, 0.9999999, -0.0000001, -0.0000006, 1.9999999, 1700000000.7, 1700000000.9999999, 951782400, -62135596800, -62135596801,
    -62135596800.5, 253402300799, 253402300800, 253402300799.5, 1e12, 1e15, 1e20, -1e20, 9.3e18, 2**53, -2**31, 2**31, 4102444800.25,
] + [rng.uniform(-6e10, 2.5e11) for _ in range(60)])

# Base 36 and 64 -----------------------------------------------------------
out["int_to_base36"] = cases(int_to_base36, [0, 1, 9, 10, 35, 36, 37, 1295, 1296, 2**31, 2**32, 2**53, 2**63 - 1, -1, -36] + [rng.randrange(2**62) for _ in range(40)])
out["base36_to_int"] = cases(lambda v: str(base36_to_int(v)), [
    "", " ", "0", "z", "Z", "zz", "ZZ", "-z", "+z", "--z", "- z", " z ", "\nz", "z\x1c", "z_z", "_z", "z_", "z__z", "-_z", "1.0", "0x1f", "!", "é", "１", "٣", "١z", "𝟟", "z" * 13, "z" * 14, " " * 14,
    "é" * 13, "é" * 14, "-" + "z" * 12, "0" * 13, "+", "-", "_", "0_0", "1\u00002", "²", "Ⅷ",
] + texts(list("09azAZ_- +"), 120, 6))
B64 = list("ABCZabcz019-_+/=") + ["=", "!", " ", "\n", "é"]
out["urlsafe_base64_decode"] = cases(
    lambda v: urlsafe_base64_decode(v).decode("latin-1"),
    HARD + ["aGVsbG8", "aGVsbG8=", "aGVsbG8==", "a", "ab", "abc", "abcd", "abcde", "=", "==", "===", "====", "a=", "ab=", "ab==", "ab===c", "ab=c", "ab=c=", "ab==cd", "abc=d", "a=b=c=d", "=abcd", "!!!!", "a!b!"] + texts(B64, 400, 10),
)
out["urlsafe_base64_encode"] = cases(lambda v: urlsafe_base64_encode(v.encode()), HARD + texts(list("aé?>~\xff"), 40))

# ETags, hosts -------------------------------------------------------------
ETAGS = ['"a"', '"a", W/"b" , "c"', "*", " * ", "\x1c*\x85", "**", '"*"', 'a, "b"', '""', '"', 'W/""', 'w/"a"', 'W/ "a"', '"a"b"', '"a","b"', '"a,b"', ',,"a",', '"a\n"', '"a"\n', 'W/"a', 'W/W/"a"', "abc", '"é"'] + HARD
ETAGS += texts(list('"W/,* ab'), 200, 10)
out["parse_etags"] = cases(parse_etags, ETAGS)
out["quote_etag"] = cases(quote_etag, ETAGS)
DOMAINS = ["example.com", ".example.com", "a.example.com", "EXAMPLE.com", ".Example.Com", "", ".", "..", "com", "notexample.com", "xexample.com", "example.com.", "example.com:80", "*", "*.example.com", "[::1]", "É.com", "é.com"]
out["is_same_domain"] = cases(lambda v: is_same_domain(*v), [[a, b] for a in DOMAINS for b in DOMAINS])
HOSTNAMES = DOMAINS + [
    "localhost", "localhost:8000", "localhost:", ":80", ":", "a:b", "a:80:90", "a:-1", "a:８0", "a:0", "a:99999999999999999999", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "[::1]:", "[::1]8000", "[::1", "::1", "::1]",
    "[1::]", "[:]", "[::]", "[:1]", "[abc]", "[a:b:c]", "[::ffff:1.2.3.4]", "[1.2:3]", "[::G]", "[::g]", "[::1].", "[::1]:80:80", "[[::1]]", "x[::1]", "user@host", "host/path", "host?x", "ho st", " host", "host ", "host\n", "host\n:80",
    "host:80\n", "under_score.com", "-x.com", "a..b", "a.", "a..", ".:80", "a.:80", "\u212a.com", "\u212a.com:80", "İ.com", "a\x00b", "é.com:80", "%41.com", "xn--bcher-kva.com",
] + texts(list("aB.-:[]09f1_"), 300, 9)
out["split_domain_port"] = cases(lambda v: list(split_domain_port(v)), HOSTNAMES)
out["validate_host"] = cases(lambda v: validate_host(*v), [[h, p] for h in ["example.com", "a.example.com", "evil.com", "[::1]", ""] for p in ([], ["*"], [".example.com"], ["example.com"], ["EXAMPLE.COM"], ["[::1]"], ["", "."], ["x", ".com"], ["*.com"])])

# Header parameters, media types, Content-Disposition, Vary ----------------
HEADERS = [
    "", ";", ";;", " ; ", "text/plain", " Text/Plain ", "\x1ctext\x85", "Text/HTML; charset=UTF-8", "text/html;charset=utf-8;", 'attachment; filename="strange;name"; size=123;', 'form-data; name="f\\"x"; a',
    "text/x; TITLE*=UTF-8''%E2%82%AC", "text/x; title*=iso-8859-1'en'%A3%20rates", 'a; b="c; d=e"; f=g', "; x=y", 'attachment; filename="C:\\\\x"', "a=b; c=d", "A=B", "A=B; C=D", "a; FOO; Bar=1", "a; b=1; b=2; B=3",
    "a; b=", "a; =b", "a; =", "a; b = c ", 'a; b="c', 'a; b=c"', 'a; b="', 'a; b=""', 'a; b="\\"', 'a; b="\\\\"', 'a; b="\\\\";c=d', 'a; b="\\";c=d"', "a; b=<c>", "a; b='c'", 'a; b="<c>"', 'a; b=<"c">', 'a; b="a\\b"',
    "a; b*=c", "a; b*=''c", "a; b*=x''c", "a; b*=utf-8''%zz", "a; b*=utf-8'c", "a; b*=us-ascii''%e9", "a; b*=''%e9", "a; b*=%e9", "a; b*=nonsense''x", "a; b*=latin-1''%e9", "a; b*='''", "a; b*=utf-8'en'a'b", "a; b*=utf-8''日",
    "a; b*=ascii''日😀", "a; b*=日", "a; b*=utf-8''\"x\"", 'a; b*="utf-8\'\'x"', "a; b*0=x; b*1=y", "a; b*1=y; b*0=x", "a; b*0*=utf-8''%e2; b*1*=%82; b*2*=%ac", "a; b*0*=utf-8''%e2%82%ac; b*1=%41", "a; b*=x; b*0=y", "a; b*=y; b*=x",
    "a; b*0=y; b*0=x", "a; b*00=x; b*0=y", "a; b*10=x; b*9=y", "a; b*0*=x", "a; b**=x", "a; *=x", "a; *0=x", "a; b*x=y", "a; b-c*=utf-8''x", "a; b*0=x; b=y", "a; b=y; b*0=x", "a; b*" + "9" * 4300 + "=x", "a; b*" + "9" * 4301 + "=x", "a; b*99999999999999999999=x; b*3=y",
    "text/plain;;a=1; b", "multipart/form-data; boundary=\"a b\"", 'a; b=c;d="e;f', 'a; b="c\\";d=e', "a; b=é", "a; É=1", "a; b=\x1cc\x85", "É/X", "İ; a=b", "a;b", "a ;b= c;d", "a; b*=;c=d", 'a; b="x" y', 'a; b="x"y"z"', "a; b=c=d", "a; b*=utf-16''ab",
] + texts(list('ab;="\\ *\'0%<>') + ["utf-8''", "%e9", "b*=", "; "], 500, 14)
out["parse_header_parameters"] = cases(lambda v: [(r := parse_header_parameters(v))[0], [list(i) for i in r[1].items()]], HEADERS)
MEDIA = ["", "*", "*/*", "text/*", "*/html", "text/html", "TEXT/Html", "text", "text/", "/html", "/", "text/html/x", "text/html; q=0.5", "text/html; charset=utf-8", "text/html; charset=utf-8; q=0.1", "text/html; q=0.1; charset=utf-8", "text/*; charset=utf-8", "*/*; q=0.8", "application/json; level=1; b=2", "application/json; b=2; level=1"]
QUALITIES = ["", "1", "0", "0.5", "0.0005", "0.0015", "0.0625", "0.1875", "0.3125", "0.4375", "0.9995", "0.99949", "1.0001", "-0.1", "-0", "2", "x", "nan", "inf", "-inf", "1e-1", "1e5", ".5", "5.", ".", "+.5", "0_1", "0.1_2", "_1", " 0.3 ", '"0.3"', "٠.٥", "0x1", "1e-5", "1e-400"]
MEDIA_Q = MEDIA + ["a/b; q=%s" % q for q in QUALITIES]
out["media_type"] = cases(
    lambda v: (m := MediaType(v)) and [m.main_type, m.sub_type, str(m), float(m.quality) if m.quality == m.quality else 1.0, m.specificity], [m for m in MEDIA_Q])
out["media_type_match"] = cases(lambda v: MediaType(v[0]).match(MediaType(v[1])), [[a, b] for a in MEDIA for b in MEDIA])


def accepts(value):
    header, types = value
    request = RequestFactory().get("/", headers={"accept": header})
    return {
        "accepted": [str(t) for t in request.accepted_types],
        "accepts": [request.accepts(t) for t in types],
        "best": [str(t) if (t := request.accepted_type(x)) else None for x in types],
        "preferred": request.get_preferred_type(types),
    }


TYPES = ["text/html", "application/json", "text/plain", "text/html; charset=utf-8", "image/png"]
ACCEPTS = [
    "", "*/*", "text/html", "text/*", "text/*, */*;q=0.1", "text/html;q=0", "text/html;q=0, */*", "application/json;q=0.5, text/html", "text/html, application/json", ",", " , text/html ,", "text/html;q=0.5,text/html;q=0.9",
    "text/html;charset=utf-8, text/html;q=0.9", "text/plain;q=0.5, text/html, text/x-dvi;q=0.8, text/x-c", "text/*;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5", "text", "*", "*/html", 'text/html; a="b,c"',
    "image/*;q=0.1, text/*;q=0.1, */*;q=0.1",
]
ACCEPT_PARTS = ["text/html", "text/*", "*/*", "application/json", "text/plain", "text/html;charset=utf-8", ";q=0.5", ";q=0.1", ";q=0", ";q=1", ",", ",", ", "]
ACCEPTS += ["".join(rng.choice(ACCEPT_PARTS) for _ in range(rng.randrange(14))) for _ in range(150)]
out["accept"] = cases(accepts, [[a, TYPES] for a in ACCEPTS] + [[ACCEPTS[1], []], ["text/*", list(reversed(TYPES))]])
out["content_disposition_header"] = cases(lambda v: content_disposition_header(*v), [[a, f] for a in (True, False) for f in HARD + ["file.txt", 'quo"te', "back\\slash", "\\\"", "a b", "résumé", "a\tb", "a\n", "a\nb", "a\x7f", "a;b=c"]])


def vary(value):
    present, added = value
    response = HttpResponse()
    if present is not None:
        response.headers["Vary"] = present
    patch_vary_headers(response, added)
    return [response.headers["Vary"], [has_vary_header(response, n) for n in ("cookie", "Accept", " Cookie ", "*")]]


out["patch_vary_headers"] = cases(vary, [
    [present, added]
    for present in (None, "", "Cookie", "cookie", "Cookie, Accept", "Cookie ,Accept", " Cookie , Accept ", "*", "Cookie, *", "*, Cookie", ",", "a,,b", "\xa0Cookie\xa0,\xa0X")
    for added in ([], ["Cookie"], ["COOKIE", "Accept"], ["*"], ["X", "x"], ["Accept-Language", "Cookie"])
])

# Query strings ------------------------------------------------------------
LABELS = ["utf-8", "iso-8859-1", "ascii", "cp1252", "shift_jis", "utf-16", "koi8-r"]
QUERIES = HARD + [
    "a=1", "a=1&a=2&b", "&&", "a=b=c", "a=1;b=2", "a=%20+x", "a=%zz", "a=%FF", "a=é", "x[]=1", "a=%26%3D%2B", "=", "==", "=v", "a==", "&a=1&", "a&a=", "%61=1&a=2", "a=%e9é%e9", "a=%82%a0", "%E9=%e9", "a=+%2B+", "a=%80", "a=%ff%fea%00", "a=%c3%28", "a=%f0%90%80",
    "a=%", "a=%%41", "a=%4", "a=%4%31", "a=é%", "\u2028=1", "a=\n&b=\r", "__proto__=1", "a[b][c]=d", "&".join("k%d=v" % n for n in range(40)) + "&k3=last",
] + texts(list("ab=&%+;é") + ["%41", "%e9", "%C3", "%a9", "%E3%81%82", "%82%A0", "&", "="], 300, 12)


def lists(query):
    return [[k, list(v)] for k, v in query.lists()]


def parsed(value):
    kind, text, label = value
    source = text if kind == "text" else base64.b64decode(text)
    query = QueryDict(source, encoding=label)
    return [lists(query), attempt(query.urlencode), attempt(lambda: query.urlencode("/")), attempt(lambda: query.urlencode("é &%"))]


out["querydict"] = cases(parsed, [["text", q, "utf-8"] for q in QUERIES]
    + [["text", q, label] for q in QUERIES for label in LABELS[1:] if not (label == "shift_jis" and "%" in q and q not in ("a=%82%a0",))][:1500:3]
    + [["bytes", base64.b64encode(q.encode(enc, "replace")).decode(), label] for q in QUERIES[:110] for enc, label in (("utf-8", "utf-8"), ("latin-1", "utf-8"), ("utf-8", "iso-8859-1"), ("latin-1", "ascii"), ("utf-8", "ascii"))]
    + [[kind, q, "nonsense"] for kind, q in (("text", ""), ("text", "a=1"), ("text", "a=%41"), ("text", "a=é+"), ("bytes", ""), ("bytes", "YT0x"))])
out["querydict_limit"] = [[n, q, attempt(lambda: (settings.__setattr__("DATA_UPLOAD_MAX_NUMBER_FIELDS", n), lists(QueryDict(q)))[1])]
    for n in (None, 0, 1, 2, 3) for q in ("", "a", "a&b", "&", "&&", "&&&", "a=1&b=2&c=3", "a;b;c;d")]
settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

KEYS = ["a", "b", "c", "", "é"]


def operation(depth=0):
    key, value = rng.choice(KEYS), rng.choice(["1", "x y", "", "é"])
    many = [rng.choice(["1", "2", "z"]) for _ in range(rng.randrange(3))]
    choice = rng.choice(["get", "get", "getlist", "getitem", "contains", "set", "del", "setlist", "appendlist", "setdefault", "setlistdefault", "pop", "popitem", "update", "update", "clear", "keys", "values", "items", "lists", "dict", "len", "urlencode", "pop_default", "getlist_default", "copy_then"])
    if choice in ("get", "getlist", "getitem", "contains", "del", "pop", "pop_default"):
        return [choice, key]
    if choice in ("set", "appendlist", "setdefault"):
        return [choice, key, value]
    if choice in ("setlist", "setlistdefault", "getlist_default"):
        return [choice, key, many]
    if choice == "update":
        return [choice, rng.choice([{}, {key: value}, {"a": "n", key: value}, "", "a=u&b&a=v", "q=1"])]
    if choice == "copy_then":
        return [choice, operation(1)] if not depth else ["len"]
    return [choice]


def run(query, op, *args):
    if op in ("get", "getlist", "setlist", "appendlist", "setdefault", "setlistdefault", "pop", "clear", "urlencode"):
        return getattr(query, op)(*args)
    if op == "getitem":
        return query[args[0]]
    if op == "set":
        query[args[0]] = args[1]
    elif op == "del":
        del query[args[0]]
    elif op == "contains":
        return args[0] in query
    elif op == "update":
        query.update(args[0] if isinstance(args[0], dict) else QueryDict(args[0]))
    elif op in ("keys", "values"):
        return list(getattr(query, op)())
    elif op == "items":
        return [list(pair) for pair in query.items()]
    elif op == "lists":
        return lists(query)
    elif op == "dict":
        return query.dict()
    elif op == "len":
        return len(query)
    elif op == "popitem":
        return list(query.popitem())
    elif op == "pop_default":
        return query.pop(args[0], "default")
    elif op == "getlist_default":
        return query.getlist(args[0], args[1])
    elif op == "copy_then":
        copy = query.copy()
        outcome = attempt(lambda: run(copy, *args[0]))
        return [outcome, lists(copy)]


def script(value):
    query = QueryDict(value["query"], mutable=value["mutable"])
    results = []
    for op in value["ops"]:
        outcome = attempt(lambda: json.loads(json.dumps(run(query, *op))))
        results.append([outcome, lists(query)])
    return results


out["querydict_ops"] = cases(script, [
    {"query": rng.choice(["", "a=1", "a=1&a=2&b=", "c&b=1&a=1&c=2", "é=é&a"]), "mutable": rng.random() < 0.75, "ops": [operation() for _ in range(rng.randrange(1, 9))]}
    for _ in range(300)
])
out["fromkeys"] = cases(lambda v: lists(QueryDict.fromkeys(*v)), [[[], "x"], [["a"], ""], [["a", "b", "a"], "v"], [["", "é"], "é"]])

out["urlencode"] = cases(
    lambda v: urlencode([(k, x) for k, x in v[0]], doseq=v[1]),
    [[q, doseq] for doseq in (False, True) for q in (
        [], [["a", "1"]], [["a", "1"], ["b", "two words"]], [["a", ["1", "2"]]], [["a", []]], [["a", ["x y", "é"]]], [["é", "ü/&="]], [["n", 1]], [["n", -7]], [["a", None]], [["a", [None]]], [["a", ["1", None]]], [["a", [1, 2]]],
        [["a", ["it's"]]], [["a", ["\"q\""]]], [["a", ["'\""]]], [["a", ["\\", "\n\r\t", "\x00\x7f\x85\xa0", "\u2028\u200b", "😀", "\ue000", "日"]]], [["a", [["1"], ["2"]]]], [["", ""]], [["a", "~-_.!*'()"]],
    )],
)

# Encodings ----------------------------------------------------------------
SINGLE = "ascii latin_1 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 tis_620 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 koi8_r koi8_u mac_roman mac_cyrillic".split()
OTHERS = "utf_8 utf_8_sig utf_16 utf_16_le utf_16_be utf_32 utf_32_le utf_32_be big5 euc_jp euc_kr gb2312 gbk gb18030 shift_jis iso2022_jp".split()
BOTH = SINGLE + [o for o in OTHERS if o.startswith("utf")]
SAMPLES = ["", "ascii", "é", "日本語", "안녕", "中文", "Привет", "ไทย", "\x80\x9f", "€", "\u05ba", "\u255d\u045e", "😀", "\ufeffx", "a\u00a0b"]
out["decode"] = [[label, base64.b64encode(data).decode(), data.decode(label, "replace"), attempt(lambda: data.decode(label))]
    for label in BOTH
    for data in [bytes(range(256)), b"", b"a", b"\xef\xbb\xbfx", b"\xff\xfea\x00", b"\xfe\xff\x00a", b"\xff\xfe\x00\x00a\x00\x00\x00", b"\x00\x00\xfe\xff\x00\x00\x00a", b"a\x00\x00\xd8", b"\x00\xd8\x00\xdc", b"\x00\x00\x11\x00", b"\xe2\x82", b"\xf0\x90\x80x", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"]]
out["decode"] += [[label, base64.b64encode(s.encode(label)).decode(), s, {"value": s}] for label in OTHERS[8:] for s in SAMPLES if not isinstance(attempt(lambda: s.encode(label).hex()).get("error"), str) and attempt(lambda: s.encode(label).decode(label)).get("value") == s]
out["encode"] = [[label, s, attempt(lambda: base64.b64encode(s.encode(label)).decode())] for label in BOTH for s in SAMPLES]
# Of the encodings of several bytes only what both sides have: the tables of browsers are others than those of Python.
out["encode"] += [c for label in ("big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "shift_jis", "iso2022_jp") for s in SAMPLES if s != "é" and "value" in (c := [label, s, attempt(lambda: base64.b64encode(s.encode(label)).decode())])[2]]
import encodings.aliases
NAMES = dict.fromkeys(BOTH + OTHERS + ["cp932", "cp949", "cp950", "big5hkscs"])
out["labels"] = {alias: name for alias, name in sorted(encodings.aliases.aliases.items()) if name in NAMES and alias == alias.lower()}
out["labels"] |= {"UTF-8": "utf_8", " utf 8 ": "utf_8", "utf--8": "utf_8", "ISO-8859-1": "latin_1", "iso.8859.1": "latin_1", "Latin 1": "latin_1", "utf\u00e9-8": "utf_8", "ANSI_X3.4-1968": "ascii", "windows-1251": "cp1251", "US-ASCII": "ascii", "Shift-JIS": "shift_jis"}
out["unknown_labels"] = [l for l in ["", " ", "utf-99", "nonsense", "utf8x", "utf-8;", "é", "%75tf-8", "x" * 300] if "error" in attempt(lambda: b"a".decode(l) and None)]

json.dump(out, sys.stdout, ensure_ascii=True, separators=(",", ":"))
print()
