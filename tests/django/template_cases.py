"""The cases: what the files in `templates/` say, and what they leave out."""

import pathlib

try:
    import tomllib
except ImportError:
    import tomli as tomllib

import template_values


def reads_as_before():
    """Whether Python's parser of HTML takes a tag that never ends for text."""
    from django.utils.html import strip_tags

    return strip_tags("<b>a <f") == "a <f"


READS_AS_BEFORE = reads_as_before()

# How many cases a tag and a filter have to have, and all of them together.
LEAST = {"tag": 3, "filter": 4}
TOTAL = 400


class Case:
    """One template with one context."""

    def __init__(self, subject, number, template, context, settings):
        self.name = f"{subject.kind}-{subject.name}-{number}"
        self.template, self.context = template, context
        self.files = settings.get("files", {})
        self.folders = settings.get("folders", [])
        # A name instead of a template: that of a file in one of the folders.
        self.entry = settings.get("entry", "case.html")
        self.autoescape = settings.get("autoescape", True)
        self.error = settings.get("error")
        self.differs = settings.get("differs")
        # HTML that Pythons from 2025 on read in another way than those before, whose way is ours.
        self.skipped = settings.get("parser") == "old" and not READS_AS_BEFORE

    def write(self, folder):
        """Puts its templates where both sides look for them."""
        files = dict(self.files)
        if self.template is not None:
            files[self.entry] = self.template
        self.folder = folder / self.name
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def request(self, django):
        return {
            "name": self.name,
            "entry": self.entry,
            "folders": [str(self.folder), *self.folders],
            "autoescape": self.autoescape,
            "zone": django.zone,
            "context": [[key, template_values.write(value)] for key, value in self.context.items()],
        }

    def source(self):
        shown = self.template if self.template is not None else self.entry
        return f"     {shown!r} with {self.context!r}"[:600]


class Subject:
    """A tag, a filter, or a part of the language, with its cases."""

    def __init__(self, path, folders):
        with path.open("rb") as file:
            data = tomllib.load(file)
        self.kind, self.name = KINDS[path.parent.name], path.stem
        self.title = data.get("title", path.stem)
        # What the table says: the library to load, how it differs, what to write where it is not supported.
        self.library, self.instead = data.get("library"), data.get("instead")
        self.differs = data.get("differs")
        self.cases = list(self.expand(data["case"], folders))

    def expand(self, entries, folders):
        number = 0
        for entry in entries:
            context = template_values.read(entry.get("context", {}))
            values = [{"v": template_values.read(value)} for value in entry["each"]] if "each" in entry else [{}]
            templates = entry.get("templates", [entry.get("template")])
            settings = dict(entry, folders=[folders[name] for name in entry.get("folders", [])])
            if self.instead:
                settings["differs"] = "not supported"
            for template in templates:
                for value in values:
                    number += 1
                    yield Case(self, number, template, context | value, settings)

    @property
    def differences(self):
        return list(dict.fromkeys(case.differs for case in self.cases if case.differs))


KINDS = {"tags": "tag", "filters": "filter", "pages": "page"}


def load(folder, folders):
    """Every subject, in the order of its file's path."""
    paths = sorted(pathlib.Path(folder).glob("*/*.toml"))
    return [Subject(path, folders) for path in paths]


def gaps(subjects, django):
    """What of Django's has too few cases, and what has some and is not Django's."""
    for kind, names in (("tag", django.tags()), ("filter", django.filters())):
        ours = {subject.name: subject for subject in subjects if subject.kind == kind}
        for name in sorted(names - ours.keys()):
            yield f"the {kind} {name} of Django's has no cases"
        for name in sorted(ours.keys() - names):
            yield f"there are cases for a {kind} {name}, which Django has not"
        for subject in ours.values():
            if len(subject.cases) < LEAST[kind]:
                yield f"the {kind} {subject.name} has {len(subject.cases)} cases, and should have {LEAST[kind]}"
    total = sum(len(subject.cases) for subject in subjects)
    if total < TOTAL:
        yield f"there are {total} cases, and should be {TOTAL}"
