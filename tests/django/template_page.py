"""The book's table of tags and filters."""

import django

BEGIN, END = "<!-- report -->", "<!-- end of report -->"


def check(page, subjects, bless):
    """Compares the table with what was shown, or writes it."""
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    wanted = "".join([before, BEGIN, "\n", *(line + "\n" for line in lines(subjects)), END, after])
    if wanted == text:
        return []
    if bless:
        page.write_text(wanted)
        return []
    return [f"{page}: the table is not what the run has shown; run `cargo xtask django templates --bless`"]


def lines(subjects):
    for kind, heading in (("tag", "Tags"), ("filter", "Filters"), ("page", "The language and whole pages")):
        chosen = [subject for subject in subjects if subject.kind == kind]
        yield f"## {heading}"
        yield ""
        yield f"| {kind if kind != 'page' else 'what'} | library | nuages | cases |"
        yield "| --- | --- | --- | ---: |"
        for subject in chosen:
            title = f"`{subject.title}`" if kind != "page" else subject.title
            library = f"`{subject.library}`" if subject.library else ""
            yield f"| {title} | {library} | {verdict(subject)} | {len(subject.cases)} |"
        yield ""
    total = sum(len(subject.cases) for subject in subjects)
    yield f"{total} cases, compared byte for byte with Django {'.'.join(django.__version__.split('.')[:2])}."


def verdict(subject):
    differences = [subject.differs] if subject.differs else subject.differences
    if subject.instead:
        return f"not supported; {subject.instead}"
    if differences:
        return f"differs: {'; '.join(differences)}"
    return "same"
