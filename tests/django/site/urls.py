"""The routes, which are those of the nuages site."""

import views
from django.urls import path

urlpatterns = [
    path("session/", views.session_show),
    path("session/set/", views.session_set),
    path("session/append/", views.session_append),
    path("session/delete/", views.session_delete),
    path("session/expiry/", views.session_expiry),
    path("session/cycle/", views.session_cycle),
    path("session/clear/", views.session_clear),
    path("session/flush/", views.session_flush),
    path("login/", views.login),
    path("cookie/", views.cookie_show),
    path("cookie/set/", views.cookie_set),
    path("cookie/delete/", views.cookie_delete),
    path("signed/", views.signed_show),
    path("signed/set/", views.signed_set),
    path("fragment/", views.fragment_show),
    path("fragment/forget/", views.fragment_forget),
    path("token/dumps/", views.token_dumps),
    path("token/loads/", views.token_loads),
]
