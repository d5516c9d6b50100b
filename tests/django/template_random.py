"""Random cases: texts that are hard to read, numbers of every size, chains of filters, conditions, formats of dates."""

import datetime
import random
import zoneinfo

from django.utils.safestring import SafeString
from template_cases import READS_AS_BEFORE, Case

PIECES = [
    "<b>", "</b>", "<a href='x'>", "<br/>", "<br>", "&amp;", "&lt", "&#65;", "&#x41 ", "<!--", "-->", "<script>", "</script>", "word", "Two",
    " ", "  ", "\n", "\r\n", "é", "http://a.com/", "www.x.org", "a@b.co", ".", ",", ";", ":", "!", "(", ")", "[", "]", '"', "'", "<", ">", "&",
    "%20", "%", "?a=b&c", "#f", "1", "42", "😀", "e\u0301", "\t", "-", "_", "/", "\\", "x.com", "<i class=\"y\">", "</i >", "<p", "=", "|",
]  # fmt: skip
FILTERS = [
    "addslashes", "capfirst", "center:12", "cut:' '", "cut:'<'", "escape", "escapejs", "first", "floatformat", "floatformat:2", "floatformat:'-3'",
    "floatformat:'2g'", "force_escape", "iriencode", "join:', '", "json_script:'id'", "last", "length", "linebreaks", "linebreaksbr", "linenumbers",
    "ljust:9", "lower", "make_list", "phone2numeric", "pluralize", "pprint", "rjust:9", "safe", "slice:'2:7'", "slice:'::-2'", "slugify",
    "stringformat:'s'", "stringformat:'r'", "stringformat:'.3g'", "stringformat:'+09.2f'", "stringformat:'e'", "stringformat:'d'", "striptags", "title",
    "truncatechars:7", "truncatechars_html:9", "truncatewords:2", "truncatewords_html:2", "upper", "urlencode", "urlize", "urlizetrunc:12",
    "wordcount", "wordwrap:6", "yesno", "default:'d'", "add:'5'", "add:v", "divisibleby:3", "filesizeformat", "get_digit:2", "dictsort:0",
    "unordered_list", "escapeseq", "safeseq", "intcomma", "intword", "ordinal", "apnumber", "date:'N j, Y, P'", "date:'c'", "date:'r U z W t'", "time:'H:i:s.u'",
]  # fmt: skip


OPERANDS = ["v", "w", "v.0", "w.k", "missing", "1", "0", "-2.5", "'a'", '""', "None", "True", "False", "v|length", "w|default:5", "missing|upper"]
OPERATORS = ["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "and", "or", "and not", "or not"]
LETTERS = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTuUwWyYzZ -:/\\.kqvxX"
if not READS_AS_BEFORE:
    FILTERS = [name for name in FILTERS if "striptags" not in name and "_html" not in name]


class Numbered:
    kind, name = "random", "case"


def cases(seed, count):
    chance = random.Random(seed)
    Numbered.name = str(seed)
    for number in range(count):
        kind = chance.choice((filters, filters, filters, condition, dates))
        template = kind(chance)
        v = moment(chance) if kind is dates else value(chance)
        if chance.random() < 0.2:
            template = "{% autoescape off %}" + template + "{% endautoescape %}"
        yield Case(Numbered, number, template, {"v": v, "w": value(chance)}, {"error": ...})


def filters(chance):
    chain = "|".join(chance.choices(FILTERS, k=chance.choice((1, 1, 1, 2, 3))))
    return "{% load humanize %}{{ v|" + chain + " }}"


def condition(chance):
    words = ["not"] * (chance.random() < 0.2) + [chance.choice(OPERANDS)]
    for _ in range(chance.randrange(4)):
        operator = chance.choice(OPERATORS)
        # Whether two texts are one object is Python's own affair.
        words += [operator, chance.choice(("None", "True", "False") if operator.startswith("is") else OPERANDS)]
    if chance.random() < 0.05:
        del words[chance.randrange(len(words))]
    return "{% if " + " ".join(words) + " %}yes{% else %}no{% endif %}"


def dates(chance):
    letters = "".join(chance.choices(LETTERS, k=chance.randrange(1, 9)))
    return "{{ v|" + chance.choice(("date", "time")) + ':"' + letters.replace("\\", "\\\\") + '" }}'


def moment(chance):
    naive = datetime.datetime(1950, 1, 1) + datetime.timedelta(seconds=chance.randrange(10**9 * 3), microseconds=chance.randrange(10**6))
    zone = chance.choice(("UTC", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kathmandu"))
    aware = naive.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
    offset = datetime.timezone(datetime.timedelta(minutes=chance.randrange(-720, 720)))
    return chance.choice((naive, naive.date(), naive.time(), aware, aware, naive.replace(tzinfo=offset)))


def value(chance, depth=2):
    kind = chance.random()
    if kind < 0.55:
        text = "".join(chance.choices(PIECES, k=chance.randrange(chance.choice((3, 12, 40)))))
        return SafeString(text) if chance.random() < 0.25 else text
    if kind < 0.7:
        return chance.choice((0, 1, 2, 10, 11, 999, 1000, 123456, -7, 10**9, 10**15, 10**30, chance.randrange(-(10**6), 10**6)))
    if kind < 0.85:
        return chance.choice((chance.uniform(-100, 100), chance.uniform(-1, 1) * 10 ** chance.randrange(-8, 22), 0.5, 2.5, -0.0, 1e16, 1e-5))
    if kind < 0.9:
        return moment(chance)
    if kind < 0.93:
        return chance.choice((None, True, False))
    items = [value(chance, depth - 1) for _ in range(chance.randrange(4))] if depth else []
    return tuple(items) if chance.random() < 0.3 else items
