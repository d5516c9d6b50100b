"""The views of the two articles in Django, as the book shows them beside ours."""

import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render


# ANCHOR: add_cookie_first
def add_cookie_first(request):
    html = HttpResponse("Codeunderscored Django Cookie Tutorial")
    html.set_cookie("codeunderscored", " Here is your Cookies", max_age=None)
    return html
# ANCHOR_END: add_cookie_first


# ANCHOR: show_cookie_first
def show_cookie_first(request):
    show = request.COOKIES["codeunderscored"]
    html = " New Page{0}".format(show)
    return HttpResponse(html)
# ANCHOR_END: show_cookie_first


# ANCHOR: add_cookie
def add_cookie(request):
    html = HttpResponse(" Codeunderscored Django Cookies Tutorial ")
    if request.COOKIES.get("visits"):
        html.set_cookie("codeunderscored", "Welcome Back")
        value = int(request.COOKIES.get("visits"))
        html.set_cookie("visits", value + 1)
    else:
        html.set_cookie("visits", 1)
        html.set_cookie("codeunderscored", "Welcome for the first time")
    return html
# ANCHOR_END: add_cookie


# ANCHOR: show_cookie
def show_cookie(request):
    if request.COOKIES.get("visits") is not None:
        value = request.COOKIES.get("visits")
        text = request.COOKIES.get("codeunderscored")
        html = HttpResponse(" {0} You have requested this page {1} times ".format(text, value))
        html.set_cookie("visits", int(value) + 1)
        return html
    return redirect("/set/cookie")
# ANCHOR_END: show_cookie


# ANCHOR: delete_cookie
def delete_cookie(request):
    response = HttpResponseRedirect("/check_cookie/")
    response.delete_cookie("test")
    return response
# ANCHOR_END: delete_cookie


# ANCHOR: set_expires
def set_expires(request):
    current_time = datetime.datetime.now(datetime.timezone.utc)
    expires_time = current_time + datetime.timedelta(seconds=10)
    response = HttpResponse(expires_time.strftime("Set until %H:%M:%S UTC"))
    response.set_cookie("key", "value", expires=expires_time)
    return response
# ANCHOR_END: set_expires


# ANCHOR: check_salt_cookie
def check_salt_cookie(request):
    try:
        salt_cookie = request.get_signed_cookie(key="salt_cookie", salt="nice")
    except KeyError:
        response = HttpResponse("Setting up a salt Cookie value")
        response.set_signed_cookie("salt_cookie", "hello salt cookie", salt="nice")
        return response
    else:
        return HttpResponse("Obtained salt Cookie value:%s" % salt_cookie)
# ANCHOR_END: check_salt_cookie


# ANCHOR: login
def login(request):
    if request.method == "POST":
        if request.session.test_cookie_worked():
            request.session.delete_test_cookie()
            return HttpResponse("You have logged in successfully.")
        return HttpResponse("Enable cookies before retrying.")
    request.session.set_test_cookie()
    return render(request, "accounts/login.html")
# ANCHOR_END: login


# ANCHOR: set_session
def set_session(request):
    if request.session.get("test_id"):
        session_data = request.session.get("test_id")
        session_key = request.session.session_key
        session_expire = request.session.get_expiry_age()
        expire_time = datetime.datetime.now() + datetime.timedelta(seconds=session_expire)
        response = (
            "<div>SessionID : %s</div>" % session_key
            + "<div>Session : %s</div>" % session_data
            + "<div>ExpireTime : %s</div>" % expire_time
        )
        return HttpResponse(response)
    request.session["test_id"] = "TEST"
    return HttpResponse("Set Session")
# ANCHOR_END: set_session


# ANCHOR: delete_session
def delete_session(request):
    if request.session.get("test_id"):
        del request.session["test_id"]
        return HttpResponse("Session Deleted")
    return HttpResponse("There is nothing to delete at present session")
# ANCHOR_END: delete_session


# ANCHOR: clear_and_flush
def clear_session(request):
    request.session.clear()
    return HttpResponse("Session cleared")


def flush_session(request):
    request.session.flush()
    return HttpResponse("Session flushed")
# ANCHOR_END: clear_and_flush
