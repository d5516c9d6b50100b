"""Renders the same templates with a live Django and with ours, and compares byte for byte.

  templates.py --ours PATH [--only TEXT] [--seed N] [--random N] [--page FILE] [--bless]

PATH is the built `template-beside`. Each file in `templates/` has the cases of one tag or filter; README.md there tells how they are
written. The book's table of tags and filters is made of what the run shows: without --bless a table that is not true any more fails
the run, with it the table is written. Random cases come on top, whose seed is theirs again. The last line is always "N passed, N failed".
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import template_cases
import template_page
import template_random
import template_values
from template_django import Django

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "src" / "template-tags-and-filters.md"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the program that renders with nuages-templates")
    parser.add_argument("--only", default="", help="only cases with this text in their name")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random cases")
    parser.add_argument("--random", type=int, default=1000, help="how many random cases")
    parser.add_argument("--page", default=PAGE, type=pathlib.Path, help="the page of the book with the table")
    parser.add_argument("--bless", action="store_true", help="write the table")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="nuages-templates-") as folder:
        django = Django(pathlib.Path(folder))
        subjects = template_cases.load(HERE / "templates", django.folders)
        every = [case for subject in subjects for case in subject.cases]
        every += template_random.cases(options.seed, options.random)
        cases = [case for case in every if options.only in case.name and not case.skipped]
        for case in cases:
            case.write(pathlib.Path(folder))
        ours = render(options.ours, cases, django)
        problems = [problem for case in cases if (problem := compare(case, django.render(case), ours[case.name]))]
    if not options.only:
        problems += template_cases.gaps(subjects, django)
        if not problems:
            problems += template_page.check(options.page, subjects, options.bless)
    for problem in problems:
        print(f"FAIL {problem}", flush=True)
    print(f"{len(cases) - min(len(problems), len(cases))} passed, {len(problems)} failed")
    return 1 if problems or not cases else 0


def render(program, cases, django):
    """What ours makes of the cases, by their names."""
    lines = [json.dumps(case.request(django)) for case in cases]
    run = subprocess.run([program], input="\n".join(lines), capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{program} ended with {run.returncode}:\n{run.stderr}")
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


def compare(case, theirs, ours):
    """What is wrong with a case, or nothing."""
    if case.error is ...:
        # A random case may fail, if both do.
        pass
    elif case.error:
        if theirs.get("error") != case.error:
            return f"{case.name}: Django should raise {case.error}, and has {shown(theirs)}\n{case.source()}"
    elif "error" in theirs:
        return f"{case.name}: Django has {shown(theirs)}\n{case.source()}"
    alike = same(theirs, ours)
    if case.differs and alike:
        return f"{case.name}: is said to differ ({case.differs}), and does not\n{case.source()}"
    if not case.differs and not alike:
        return f"{case.name}\n     Django  {shown(theirs)}\n     nuages  {shown(ours)}\n{case.source()}"
    return None


def same(theirs, ours):
    if "error" not in theirs:
        return theirs.get("text") == ours.get("text")
    return ours.get("error") == ERRORS.get(theirs["error"], "Render")


# What ours calls the errors that a template may have; all else that Python raises is an error while rendering.
ERRORS = {
    "TemplateSyntaxError": "Syntax",
    "TemplateDoesNotExist": "DoesNotExist",
    "VariableDoesNotExist": "MissingVariable",
    "NoReverseMatch": "NoReverseMatch",
}


def shown(answer):
    if "error" in answer:
        return f"{answer['error']}: {answer['message']}"
    return repr(answer["text"])


if __name__ == "__main__":
    sys.exit(main())
