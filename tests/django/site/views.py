"""The views of the Django site: what a site does with sessions, cookies and signed values, as JSON."""

import json
from datetime import timedelta

from django.core import signing
from django.core.cache import cache
from django.core.cache.utils import make_template_fragment_key
from django.http import JsonResponse
from django.template import Context, Engine
from django.utils import timezone

SALT = "side by side"
FRAGMENT = "{% load cache %}{% cache 60 shared who %}<b>{{ n }} {{ who }}</b>{% endcache %}"


def done(**more):
    return JsonResponse({"done": True, **more})


def session_show(request):
    session = request.session
    return JsonResponse({"items": dict(session.items()), "browser_close": session.get_expire_at_browser_close()})


def session_set(request):
    request.session[request.POST["name"]] = json.loads(request.POST["value"])
    return done()


def session_append(request):
    name = request.POST["name"]
    request.session[name] = [*request.session.get(name, []), json.loads(request.POST["value"])]
    return done()


def session_delete(request):
    try:
        del request.session[request.POST["name"]]
    except KeyError:
        return JsonResponse({"error": "missing"})
    return done()


def session_expiry(request):
    if "moment" in request.POST:
        expiry = timezone.now() + timedelta(seconds=int(request.POST["moment"]))
    else:
        expiry = int(request.POST["seconds"]) if request.POST["seconds"] else None
    request.session.set_expiry(expiry)
    return done(age=request.session.get_expiry_age())


def session_cycle(request):
    request.session.cycle_key()
    return done()


def session_clear(request):
    request.session.clear()
    return done()


def session_flush(request):
    request.session.flush()
    return done()


def login(request):
    if request.method == "POST":
        worked = request.session.test_cookie_worked()
        if worked:
            request.session.delete_test_cookie()
        return JsonResponse({"cookies": worked})
    request.session.set_test_cookie()
    return done()


def cookie_show(request):
    return JsonResponse({"value": request.COOKIES.get(request.GET["name"])})


def cookie_set(request):
    response = done()
    response.set_cookie(request.POST["name"], request.POST["value"], max_age=3600, httponly=True, samesite="Strict")
    return response


def cookie_delete(request):
    response = done()
    response.delete_cookie(request.POST["name"])
    return response


def signed_show(request):
    max_age = request.GET.get("max_age")
    try:
        value = request.get_signed_cookie(request.GET["name"], salt=SALT, max_age=int(max_age) if max_age else None)
    except KeyError:
        return JsonResponse({"error": "missing"})
    except signing.SignatureExpired:
        return JsonResponse({"error": "expired"})
    except signing.BadSignature:
        return JsonResponse({"error": "bad"})
    return JsonResponse({"value": value})


def signed_set(request):
    response = done()
    response.set_signed_cookie(request.POST["name"], request.POST["value"], salt=SALT)
    return response


def token_dumps(request):
    value = json.loads(request.POST["value"])
    return JsonResponse({"token": signing.dumps(value, salt=SALT, compress=request.POST.get("compress") == "1")})


def token_loads(request):
    max_age = request.POST.get("max_age")
    try:
        value = signing.loads(request.POST["token"], salt=SALT, max_age=int(max_age) if max_age else None)
    except signing.SignatureExpired:
        return JsonResponse({"error": "expired"})
    except signing.BadSignature:
        return JsonResponse({"error": "bad"})
    return JsonResponse({"value": value})


def fragment_show(request):
    template = Engine(libraries={"cache": "django.templatetags.cache"}).from_string(FRAGMENT)
    page = template.render(Context({"n": request.GET["n"], "who": request.GET["who"]}))
    return JsonResponse({"fragment": page})


def fragment_forget(request):
    return done(found=cache.delete(make_template_fragment_key("shared", [request.POST["who"]])))
