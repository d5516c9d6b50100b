"""Renders templates with Django and records what it prints, in django_templates.json.

    python record_django_templates.py > django_templates.json

A template that Django refuses, or fails to render, is recorded with the class of its error.
"""

import json
import os
import sys
import tempfile
import types

import django
from django.conf import settings
from django.urls import include, path

CONTEXT = {
    "a": 1, "b": 2, "z": 0, "s": "hello <b>", "e": "", "n": None, "t": True, "f": False, "fl": 1.5,
    "l": [1, 2, 3], "el": [], "d": {"x": 1, "y": "<q>"}, "ll": [["a", 1], ["b", 2]],
    "rows": [
        {"name": "r1", "k": "A", "items": [1, 2]},
        {"name": "r2", "k": "A", "items": []},
        {"name": "r3", "k": "B", "items": [3]},
    ],
    "words": ["x", "x", "y", "y", "x"], "tpl": "inc.html",
}

FILES = {
    'base.html': '[{% block a %}A{% endblock %}|{% block b %}B{% block c %}C{% endblock %}{% endblock %}]',
    'mid.html': "{% extends 'base.html' %}{% block a %}M{{ block.super }}{% endblock %}",
    'inc.html': '<{{ a }}{{ x }}{{ forloop.counter }}>',
    'sub/r.html': "{% extends '../base.html' %}{% block a %}{% include './i.html' %}{% endblock %}",
    'sub/i.html': 'I{{ a }}',
    'cyc.html': "{% cycle 'p' 'q' %}",
    'seta.html': "{% firstof 'inner' as v %}{{ v }}",
    'off.html': "{{ s }}{% include 'off2.html' %}",
    'off2.html': '{{ s }}',
    'loop.html': "{% include 'loop.html' %}",
    'rec.html': "{{ n.v }}{% for c in n.k %}{% include 'rec.html' with n=c %}{% endfor %}",
    'oc.html': '{% ifchanged x %}{{ x }}{% endifchanged %}',
    'bad.html': '{% if %}',
    'badrun.html': 'a\n{{ s|default:nope }}',
    'blockinc.html': '{% block a %}own{% endblock %}',
}

CASES = []


def case(template, files=None, context=None, invalid=""):
    CASES.append((template, files or {}, CONTEXT if context is None else context, invalid))


case('{{ a }} {{ s }} {{ d.y }} {{ l.0 }} {{ l.7 }} {{ missing }} {{ missing.x.y }} {{ n }} {{ t }} {{ f }} {{ fl }} {{ l }} {{ d }}')
case('{{ \'lit<\' }} {{ "a\'b" }} {{ 1 }} {{ -5 }} {{ 1.5 }} {{ _(\'x\') }}')
case('{% if a %}1{% elif b %}2{% else %}3{% endif %}')
case('{% if z %}1{% elif b %}2{% else %}3{% endif %}')
case('{% if z %}1{% else %}3{% endif %}')
case("{% if a == 1 and b > 1 or z %}y{% endif %}{% if a in l %}in{% endif %}{% if 'x' in d %}ind{% endif %}{% if a not in l %}notin{% endif %}")
case('{% if missing == None %}none{% endif %}{% if missing is None %}isnone{% endif %}{% if n is not None %}x{% endif %}{% if not missing %}nm{% endif %}')
case("{% if a < s %}x{% else %}y{% endif %}{% if s|length > 3 %}long{% endif %}{% if a == '1' %}x{% endif %}{% if a == 1.0 %}f{% endif %}{% if t == 1 %}g{% endif %}")
case('{% if a|default:missing %}x{% else %}y{% endif %}{% if not a|default:missing %}x{% else %}y{% endif %}{% if a|default:missing or t %}x{% else %}y{% endif %}{% if t or a|default:missing %}x{% else %}y{% endif %}')
case('{{ a|default:missing }}')
case("{{ missing|default:'<d>' }}{{ missing|default:s }}")
case('{% for x in l %}{{ x }},{% endfor %}')
case('{% for x in l reversed %}{{ x }},{% endfor %}')
case('{% for x in el %}{{ x }}{% empty %}none{% endfor %}')
case('{% for x in missing %}{{ x }}{% empty %}none{% endfor %}')
case('{% for x in l %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}{{ forloop.first }}{{ forloop.last }}|{% endfor %}')
case('{% for x in l %}{% for y in l %}{{ forloop.parentloop.counter }}.{{ forloop.counter }} {% endfor %}{% endfor %}')
case('{% for k, v in d.items %}{{ k }}={{ v }};{% endfor %}')
case('{% for k,v in ll %}{{ k }}={{ v }};{% endfor %}')
case('{% for k,v in l %}{{ k }}{% endfor %}')
case("{% for a,b in 'xy' %}{{ a }}{% endfor %}")
case('{% for c in s %}{{ c }}.{% endfor %}')
case('{% for x in a %}{% endfor %}')
case('{% for x in d %}{{ x }}{% endfor %}')
case('{% for x in l %}{{ forloop }}{% endfor %}')
case('{% for x in l %}{% for y in el %}{% empty %}{{ forloop.counter }}{% endfor %}{% endfor %}')
case("{% with x=a y='q' %}{{ x }}{{ y }}{% endwith %}{{ x }}")
case('{% with a as x %}{{ x }}{% endwith %}')
case('{% with a=b b=a %}{{ a }}{{ b }}{% endwith %}{{ a }}{{ b }}')
case('{% with x=missing %}{% if x is None %}n{% endif %}[{{ x }}]{% endwith %}')
case("{% cycle 'a' 'b' %}{% cycle 'c' 'd' %}")
case("{% for x in l %}{% cycle 'a' 'b' 'c<' s %}{% endfor %}")
case("{% for x in l %}{% cycle 'a' 'b' as c %}{{ c }}{% endfor %}{{ c }}")
case("{% cycle 'a' 'b' as c silent %}{% for x in l %}{% cycle c %}{{ c }}{% endfor %}{{ c }}")
case("{% cycle 'a' 'b' as c %}{% for x in l %}{% cycle c %}{{ c }}{% endfor %}|{{ c }}")
case("{% for x in l %}{% cycle 'a' 'b' 'c' %}{% if x == 2 %}{% resetcycle %}{% endif %}{% endfor %}")
case("{% cycle 'a' 'b' as c %}{% cycle c %}{% resetcycle c %}{% cycle c %}")
case('{% firstof z e a %}')
case("{% firstof z e 'x<' %}")
case('{% firstof z s as v %}[{{ v }}]')
case('{% firstof z e missing %}')
case('{% for w in words %}{% ifchanged w %}{{ w }}{% else %}-{% endifchanged %}{% endfor %}')
case('{% for w in words %}{% ifchanged %}{{ w }}{% endifchanged %}{% endfor %}')
case('{% for x in l %}{% for w in words %}{% ifchanged w %}{{ w }}{% endifchanged %}{% endfor %}|{% endfor %}')
case('{% ifchanged a %}x{% endifchanged %}')
case('{% for r in rows %}{% ifchanged r.k %}{{ r.k }}{% endifchanged %}{{ r.name }}{% endfor %}')
case('{% regroup rows by k as g %}{% for x in g %}{{ x.grouper }}:{% for r in x.list %}{{ r.name }},{% endfor %}{% endfor %}')
case('{% regroup missing by k as g %}[{{ g }}]')
case('{% spaceless %} <p> <b> x </b> </p> {% endspaceless %}')
case('{% templatetag openblock %}{% templatetag closevariable %}{% templatetag opencomment %}')
case('{% verbatim %}{{ x }}{% if %}{# #}{% endverbatim %}')
case('{% verbatim q %}{% endverbatim %}{% endverbatim q %}')
case('{% comment %}{{ x|nofilter }}{% foo %}{% endcomment %}x')
case('{# hi #}y{# {{ #}')
case('a{b{ {{{ a }}} {%% x')
case('{% autoescape off %}{{ s }}{% autoescape on %}{{ s }}{% endautoescape %}{% endautoescape %}')
case('{% filter upper %}a{{ s }}{% endfilter %}')
case("{% widthratio a 3 100 %}|{% widthratio a z 100 %}|{% widthratio a 'x' 100 %}|{% widthratio a 2 10 as w %}{{ w }}")
case('{% widthratio a 3 s %}')
case("{% url 'zz' %}")
case('{% url missing %}')
case("{% load static %}{% static 'a b.css' %} {% static s as q %}{{ q }} {% get_static_prefix %} {% get_media_prefix as m %}{{ m }}")
case("{% static 'x' %}")
case('{% load nope %}')
case("{% load static from static %}{% static 'x' %}")
case('{% load foo from static %}')
case('{% csrf_token %}')
case("{% now 'Y' as y %}x")
case('{% lorem 3 w %}')
case('{% lorem 1 p %}')
case('{% querystring x=1 %}')
case('{% if %}{% endif %}')
case('{% if a %}')
case('{% endif %}')
case('{% foo %}')
case('{{ }}')
case('{% %}')
case('{{ a|nofilter }}')
case('{{ a.b._c }}')
case('{{ _x }}')
case('{% for x in %}{% endfor %}')
case('{% for x y in l %}{% endfor %}')
case('{% block a %}{% endblock b %}')
case('{% block a %}{% endblock a %}')
case('{% block a %}{% endblock %}{% block a %}{% endblock %}')
case('{% block %}{% endblock %}')
case('{% block a %}x{{ block.super }}{% endblock %}')
case('{% block a-b %}{{ block.name }}{% endblock %}')
case("{% load i18n %}{% trans 'Hi <' %} {% translate s %} {% trans 'x' as y %}{{ y }}")
case('{% load i18n %}{% blocktrans with x=a %}v {{ x }} {{ s }}{% endblocktrans %}')
case('{% load i18n %}{% blocktranslate count n=a %}one {{ n }}{% plural %}many {{ n }}{% endblocktranslate %}{% blocktranslate count n=b trimmed %}\n one {{ n }} {% plural %} many\n  {{ n }} \n{% endblocktranslate %}')
case('{% load i18n %}{% get_current_language as L %}{{ L }}{% get_current_language_bidi as B %}{{ B }}')
case('{% load cache %}{% cache 5 x a %}{{ a }}{% endcache %}')
case('{{ True }}{{ False }}{{ None }}{% if True %}x{% endif %}')
case('{{ loop }}{{ range }}{{ self }}{{ not }}{{ if }}{{ dict }}')
case("{% extends 'base.html' %}", files=FILES)
case("{% extends 'base.html' %}{% block a %}x{{ block.super }}y{% endblock %}", files=FILES)
case("{% extends 'mid.html' %}{% block a %}x{{ block.super }}y{% endblock %}{% block c %}cc{% endblock %}", files=FILES)
case("{% extends 'base.html' %}junk{{ a }}{% block b %}{% block d %}D{{ block.super }}{% endblock %}{% endblock %}", files=FILES)
case("{% extends 'base.html' %}{% if a %}{% block c %}in if{% endblock %}{% endif %}", files=FILES)
case('{% extends missing %}', files=FILES)
case("{% extends 'nofile.html' %}", files=FILES)
case("x{% extends 'base.html' %}", files=FILES)
case("{{ a }}{% extends 'base.html' %}", files=FILES)
case("{# c #}{% extends 'base.html' %}", files=FILES)
case("{% comment %}{% endcomment %}{% extends 'base.html' %}", files=FILES)
case("{% extends 'base.html' %}{% extends 'base.html' %}", files=FILES)
case('{% extends %}', files=FILES)
case("{% extends 'a' 'b' %}", files=FILES)
case('{% extends tplb %}', files=FILES)
case("{% with q=1 %}{% extends 'base.html' %}{% endwith %}", files=FILES)
case("{% extends 'sub/r.html' %}", files=FILES)
case("{% extends 'main.html' %}", files=FILES)
case("{% extends './base.html' %}", files=FILES)
case("{% extends '../base.html' %}", files=FILES)
case("{% extends 'base.html'|lower %}", files=FILES)
case("{% extends 'base.html' %}{% block a %}{{ block.super|lower }}{% if block.super %}y{% endif %}{% endblock %}", files=FILES)
case("{% extends 'base.html' %}{% block a %}{% with z=5 %}{{ block.super }}{{ z }}{% endwith %}{% endblock %}", files=FILES)
case("{% include 'inc.html' %}", files=FILES)
case("{% include 'inc.html' with x=5 %}{{ x }}", files=FILES)
case("{% include 'inc.html' with x=5 only %}", files=FILES)
case("{% include 'inc.html' only %}", files=FILES)
case('{% include tpl %}', files=FILES)
case('{% include missing %}', files=FILES)
case("{% include 'nofile.html' %}", files=FILES)
case("{% for y in l %}{% include 'inc.html' %}{% endfor %}", files=FILES)
case("{% for y in l %}{% include 'inc.html' with x=y only %}{% endfor %}", files=FILES)
case("{% include 'inc.html' with %}", files=FILES)
case("{% include 'inc.html' foo %}", files=FILES)
case('{% include %}', files=FILES)
case("{% include 'inc.html' with x=1 with y=2 %}", files=FILES)
case("{% include './inc.html' %}", files=FILES)
case("{% include 'sub/r.html' %}", files=FILES)
case("{% for y in l %}{% include 'cyc.html' %}{% endfor %}", files=FILES)
case("{% include 'seta.html' %}[{{ v }}]", files=FILES)
case("{% autoescape off %}{% include 'off.html' %}{% endautoescape %}{% include 'off.html' %}", files=FILES)
case("{% include 'loop.html' %}", files=FILES)
case("{% include 'bad.html' %}", files=FILES)
case("{% include 'badrun.html' %}", files=FILES)
case("{% include 'blockinc.html' %}{% block a %}mine{% endblock %}", files=FILES)
case("{% for x in words %}{% include 'oc.html' %}{% endfor %}", files=FILES)
case("{% include 'oc.html' with x=1 %}{% include 'oc.html' with x=1 %}", files=FILES)
case('{% for x in l %}{{ prev }}{% firstof x as prev %}{% endfor %}[{{ prev }}]', files=FILES)
case('{% for x in l %}{% for y in l %}{{ p }}{% firstof y as p %}{% endfor %}|{% endfor %}', files=FILES)
case('{% for x in l %}{% if x == 2 %}{% firstof x as p %}{% endif %}{{ p }}.{% endfor %}', files=FILES)
case("{% cycle 'a' 'b' as c silent %}{% for x in l %}{% with q=1 %}{% cycle c %}{{ c }}{% endwith %}{{ c }}{% endfor %}{{ c }}", files=FILES)
case("{% with c=1 %}{% cycle 'a' 'b' as c %}{{ c }}{% endwith %}[{{ c }}]", files=FILES)
case("{% for x in l %}{% cycle 'a' 'b' as c silent %}{% include 'inc.html' with x=c %}{% endfor %}", files=FILES)
case('{% for x in l %}{% block q %}{{ forloop.counter }}{{ x }}{% endblock %}{% endfor %}', files=FILES)
case('{% block q %}{% firstof 1 as v %}{% endblock %}[{{ v }}]', files=FILES)
case('{% if a %}{% firstof 1 as v %}{% endif %}[{{ v }}]', files=FILES)
case('{% autoescape off %}{% firstof 1 as v %}{% endautoescape %}[{{ v }}]', files=FILES)
case("{% filter upper %}{% firstof 'x' as v %}{% endfilter %}[{{ v }}]", files=FILES)
case("{% spaceless %}{% firstof 'x' as v %}{% endspaceless %}[{{ v }}]", files=FILES)
case("{% ifchanged %}{% firstof 'x' as v %}q{% endifchanged %}[{{ v }}]", files=FILES)
case('{% for loop in l %}{{ loop }}{% endfor %}{{ loop }}', files=FILES)
case('{% for self in l %}{{ self }}{% endfor %}', files=FILES)
case('{% with größe=1 %}{{ größe }}{% endwith %}', files=FILES)
case('{% for x in l %}{{ loop }}{% endfor %}', files=FILES)
case('{% with forloop=5 %}{{ forloop }}{% for x in l %}{{ forloop.counter }}{% endfor %}{{ forloop }}{% endwith %}', files=FILES)
case('{% regroup rows by name|length as g %}{{ g|length }}{% for x in g %}{{ x.grouper }}{% endfor %}', files=FILES)
case('{% regroup rows by items.0 as g %}{% for x in g %}{{ x.grouper }},{% endfor %}', files=FILES)
case('{% regroup a by x as g %}', files=FILES)
case('{% for x in l %}{% regroup rows by k as g %}{{ g.0.list.0.name }}{% endfor %}', files=FILES)
case('{{ rows.0.items.1 }} {{ rows.0.items }} {{ rows.2.name }}', files=FILES)
case('{{ d.0 }}', files=FILES)
case('{{ ll.0.1 }}{{ l.1.x }}', files=FILES)
case('{{ l.first }}{{ n.0 }}{{ a.0 }}', files=FILES)
case("{% if a and b and not z or e %}1{% endif %}{% if not not a %}2{% endif %}{% if l == l %}3{% endif %}{% if d == d %}4{% endif %}{% if l < l %}5{% endif %}{% if l <= l %}6{% endif %}{% if s > 'a' %}7{% endif %}{% if n < 1 %}8{% endif %}{% if n == n %}9{% endif %}", files=FILES)
case('{% if a is a %}1{% endif %}{% if t is True %}2{% endif %}{% if a is True %}3{% endif %}{% if missing is n %}4{% endif %}{% if l is l %}5{% endif %}{% if a is not b %}6{% endif %}', files=FILES)
case("{% if l in ll %}1{% endif %}{% if 'hello' in s %}2{% endif %}{% if a in s %}3{% endif %}{% if a not in s %}4{% endif %}{% if n in l %}5{% endif %}{% if n not in l %}6{% endif %}{% if l in d %}7{% endif %}{% if 2 in missing %}8{% endif %}", files=FILES)
case("{% if a|add:1 == 2 %}x{% endif %}{% if missing|length == 0 %}y{% endif %}{% if missing|default:'q' == 'q' %}z{% endif %}{% if missing|upper %}U{% endif %}{% if missing|default_if_none:'x' == 'x' %}D{% endif %}", files=FILES)
case("{{ missing|upper }}[{{ missing|default_if_none:'x' }}][{{ missing|length }}]", files=FILES)
case("{{ s|upper|safe }}{{ s|safe|upper }}{{ s|escape }}{{ s|force_escape }}{{ s|cut:'<' }}{{ s|safe|cut:'h' }}", files=FILES)
case('{% filter force_escape|upper %}<{{ s }}>{% endfilter %}', files=FILES)
case('{% filter safe %}x{% endfilter %}', files=FILES)
case('{% filter %}x{% endfilter %}', files=FILES)
case("{% filter cut:'a' %}banana{% endfilter %}", files=FILES)
case("{% filter default:'x' %}{% endfilter %}", files=FILES)
case('a\n{% if a %}\n  b\n{% endif %}\n', files=FILES)
case('{{ a }}\n', files=FILES)
case('{{ a }}\n\n', files=FILES)
case('\n{{ a }}', files=FILES)
case('\r\n{{ a }}\r\n', files=FILES)
case('{% if a %}{%- x -%}{% endif %}', files=FILES)
case('{{- a -}}', files=FILES)
case('{%- if a -%}x{%- endif -%}', files=FILES)
case('{{ a }}{{ \'{{\' }}{{ \'%}\' }}{{ "}}" }}', files=FILES)
case("{% url 'a' %}", files=FILES)
case("{% url 'a' 1 2 %}", files=FILES)
case('{% url %}', files=FILES)
case("{% url 'a' a b as %}", files=FILES)
case("{% url 'b' k=a as u %}{{ u }}", files=FILES)
case("{% with u='a' %}{% url u 3 %}{% endwith %}", files=FILES)
case('x', files=FILES)
case('{% now %}', files=FILES)
case("{% now 'a' 'b' %}", files=FILES)
case('{% lorem a w %}{% lorem 0 w %}|{% lorem 2 w x %}', files=FILES)
case('{% widthratio %}', files=FILES)
case('{% templatetag foo %}', files=FILES)
case('{% cycle %}', files=FILES)
case('{% cycle a %}', files=FILES)
case("{% cycle 'a' 'b' as c foo %}", files=FILES)
case('{% resetcycle %}', files=FILES)
case('{% resetcycle x %}', files=FILES)
case('{% firstof %}', files=FILES)
case('{% regroup a b c %}', files=FILES)
case('{% with %}{% endwith %}', files=FILES)
case('{% with a %}{% endwith %}', files=FILES)
case('{% with a=1 b %}{% endwith %}', files=FILES)
case('{% autoescape x %}{% endautoescape %}', files=FILES)
case('{% load %}x', files=FILES)
case('{% ifchanged a %}x{% else %}y{% endifchanged %}', files=FILES)
case('{% for a,b,c in ll %}{% endfor %}', files=FILES)
case('{% for x,y in rows %}{{ x }}{% endfor %}', files=FILES)
case('{% for , in l %}{% endfor %}', files=FILES)
case('{% for x in l|nofilt %}{% endfor %}', files=FILES)
case('{% for x in l reversed reversed %}{% endfor %}', files=FILES)
case('{% for x of l %}{% endfor %}', files=FILES)
case('{% verbatim %}', files=FILES)
case('{% comment %}', files=FILES)
case('{% if a %}{% else %}{% else %}{% endif %}', files=FILES)
case('{% if a %}{% elif %}{% endif %}', files=FILES)
case('{% if a = b %}{% endif %}', files=FILES)
case('{% if a >b %}{% endif %}', files=FILES)
case('{% if (a) %}{% endif %}', files=FILES)
case("{{ a|upper:'x' }}", files=FILES)
case('{{ a|default }}', files=FILES)
case('{{ a|truncatechars }}', files=FILES)
case("{{ a|date:'Y':'m' }}", files=FILES)
case("{{ 'x }}", files=FILES)
case('{{ a b }}', files=FILES)
case('{{ a.b|c.d }}', files=FILES)
case("{{ a|default:'x y'|upper }}", files=FILES)
case('{% csrf_token %}{% with csrf_token=\'t"k\' %}{% csrf_token %}{% endwith %}', files=FILES)
case("{% load tz %}{% timezone 'No/Where' %}{% endtimezone %}", files=FILES)
case('{% load tz %}{% localtime off %}x{% endlocaltime %}', files=FILES)
case('{% load tz %}{% localtime x %}x{% endlocaltime %}', files=FILES)
case('{% load l10n %}{% localize on %}{{ fl }}{% endlocalize %}{{ fl|unlocalize }}', files=FILES)
case('{% load humanize %}{{ 12345|intcomma }}', files=FILES)
case('{{ 12345|intcomma }}', files=FILES)
case("{% load humanize static i18n %}{% static 'x' %}", files=FILES)
case('{% load intcomma from humanize %}{{ 1000|intcomma }}{{ 1|ordinal }}', files=FILES)
case('{% load i18n %}{% trans %}', files=FILES)
case("{% load i18n %}{% trans 'a' foo %}", files=FILES)
case('{% load i18n %}{% blocktrans %}{% if %}{% endblocktrans %}', files=FILES)
case('{% load i18n %}{% blocktrans asvar x %}q{{ s }}{% endblocktrans %}[{{ x }}]', files=FILES)
case('{% load i18n %}{% blocktrans with a=b and c=d %}{{ a }}{{ c }}{% endblocktrans %}', files=FILES)
case('{% load i18n %}{% blocktrans with b as q %}{{ q }}{{ missing }}100%{% endblocktrans %}', files=FILES)
case('{% load i18n %}{% blocktrans count s %}{% plural %}{% endblocktrans %}', files=FILES)
case('{% load i18n %}{% blocktrans count q=s %}{% plural %}{% endblocktrans %}', files=FILES)
case('{% load i18n %}{% blocktrans %}{{ d.x }}{{ a|upper }}.{% endblocktrans %}', files=FILES)
case("{% load i18n %}{% language 'en' %}x{% endlanguage %}", files=FILES)
case("{% load i18n %}{% trans 'a' context 'b' %}{% trans 'a%%' noop %}{% trans 'a%' %}", files=FILES)
case('{% load i18n %}{% blocktrans trimmed %}\n  a\n  b {{ a }}\n {% endblocktrans %}|', files=FILES)
case('{% load cache %}{% cache %}{% endcache %}', files=FILES)
case('{% load cache %}{% cache s x %}{% endcache %}', files=FILES)
case('{% load cache %}{% cache None x %}{{ a }}{% endcache %}', files=FILES)
case("{{ x }}{{ a }}{{ x|upper }}{{ x.y|default:'q' }}{% if x %}{% endif %}{% for y in x %}{{ y }}{% endfor %}{% with z=x %}{{ z }}{% endwith %}{% firstof x a %}{% cycle x 'b' %}", invalid='INV')
case('{{ x.y }}{{ a }}{{ x|upper }}{% with z=x %}{{ z }}{% endwith %}{{ None }}{{ l.9 }}', invalid='INV %s <')
case('{% load i18n %}{% blocktrans %}{{ zz }}{% endblocktrans %}{% include q %}', invalid='INV')
case("{% include 'rec.html' %}", files=FILES, context={'n': {'v': 1, 'k': [{'v': 2, 'k': [{'v': 3, 'k': []}]}, {'v': 4, 'k': []}]}})
case("{% for x, y in d.items reversed %}{{ forloop.revcounter }},{{ forloop.counter }};{% endfor %}")
case("{% for x in l %}{% for x, y in ll %}{{ forloop.counter }}{% endfor %}{{ forloop.revcounter }};{% endfor %}")
case("{% for x in el %}{% empty %}{% firstof forloop 'none' %}{% endfor %}")
case("{% for x in l %}{% for y in el %}{% empty %}{{ forloop.counter }}{% ifchanged x %}{{ x }}{% endifchanged %}{% endfor %}{% endfor %}")
case("{% if missing|first == 'x' %}y{% else %}n{% endif %}{% if not missing|first %}y{% else %}n{% endif %}")
case("{% if missing|first or a %}y{% else %}n{% endif %}{% if a or missing|first %}y{% else %}n{% endif %}")
case("{% if missing|first and a %}y{% else %}n{% endif %}{% if missing|first != 1 %}y{% else %}n{% endif %}")
case("{% if missing|first %}y{% else %}n{% endif %}")
case("{% if a not in missing|first %}y{% else %}n{% endif %}{% if a is not missing|first %}y{% else %}n{% endif %}")
case("{% cycle a missing|divisibleby:2 %}{% firstof a missing|first %}")
case("{% for x in l %}{% cycle a|add:1 b|add:'x' as c %}{{ c }};{% endfor %}{% firstof z|add:0 e|upper a|add:1 %}")


def view(request, **kwargs):
    raise NotImplementedError


def main():
    urls = types.ModuleType("urls")
    urls.urlpatterns = [
        path("a/<x>/", view, name="a"),
        path("b/<k>/", view, name="b"),
        path("n/", include(([path("c/", view, name="c")], "n"))),
    ]
    sys.modules["urls"] = urls
    dummy = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.configure(
        ROOT_URLCONF="urls", STATIC_URL="/static/", MEDIA_URL="/media/", TIME_ZONE="UTC", CACHES=dummy,
        INSTALLED_APPS=["django.contrib.humanize"],
    )
    django.setup()
    rows = [json.dumps(recorded(*case), ensure_ascii=False) for case in CASES]
    print(json.dumps({"context": CONTEXT, "files": FILES, "cases": []}, ensure_ascii=False)[:-2])
    print(",\n".join(rows))
    print("]}")


def recorded(template, files, context, invalid):
    from django.template import Context, Engine
    from django.template.backends.django import get_installed_libraries

    row = {"template": template}
    if context is not CONTEXT:
        row["context"] = context
    if files:
        row["files"] = True
    if invalid:
        row["invalid"] = invalid
    with tempfile.TemporaryDirectory() as folder:
        for name, source in {**files, "main.html": template}.items():
            file = os.path.join(folder, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "w", newline="") as out:
                out.write(source)
        engine = Engine(dirs=[folder], libraries=get_installed_libraries(), string_if_invalid=invalid)
        try:
            # A copy, because some tags write into the context.
            own = json.loads(json.dumps(context))
            row["output"] = engine.get_template("main.html").render(Context(own))
        except Exception as error:
            row["error"] = type(error).__name__
    return row


main()
