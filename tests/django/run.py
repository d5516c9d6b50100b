"""Runs the Django site and the nuages site on one storage, and compares.

  run.py --ours PATH [--engine db,file,…] [--only TEXT] [--seed 1,2,…] [--steps N] [--report FILE]

PATH is the built nuages site. The last line is always "N passed, N failed"; the status is 0 only if nothing failed.
`cargo xtask django` builds what is needed and runs this.
"""

import argparse
import sys
import traceback

import exchange
from report import Report
from scenarios import SCENARIOS
from servers import Pair
from services import Services
from storages import STORAGES


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the nuages site")
    parser.add_argument("--engine", default=",".join(STORAGES), help="where sessions are kept, separated by commas")
    parser.add_argument("--only", default="", help="only what has this text in its name")
    parser.add_argument("--seed", default="1", help="seeds of the random exchange, separated by commas")
    parser.add_argument("--steps", type=int, default=150, help="steps of each random exchange")
    parser.add_argument("--report", help="put what was shown into this page of the book")
    options = parser.parse_args()
    engines, seeds = options.engine.split(","), [int(seed) for seed in options.seed.split(",")]
    if unknown := [engine for engine in engines if engine not in STORAGES]:
        parser.error(f"no engine {unknown[0]!r}; there are {', '.join(STORAGES)}")

    report = Report(options.steps, seeds)
    with Services() as services:
        for engine in engines:
            # Whoever migrates first, the other finds its tables.
            for first in ("django", "ours") if engine in MIGRATED_BY_EITHER else ("django",):
                with Pair(options.ours, engine, services, first) as pair:
                    for kind, name, play in plays(pair, options, seeds if first == "django" else seeds[:1]):
                        report.add(engine, kind, tried(f"{engine}, {first} migrates first: {name}", play))
    if options.report:
        report.write(options.report)
    print(f"{report.passed} passed, {report.failed} failed")
    # A filter that matches nothing shows nothing.
    return 1 if report.failed or not report.passed else 0


MIGRATED_BY_EITHER = {"db", "db-postgres", "db-mariadb", "cache-db", "cache-db-postgres", "cache-db-mariadb"}


def plays(pair, options, seeds):
    """The scenarios of this storage, both ways, then the exchanges."""
    for name, scenario, applies in SCENARIOS:
        if applies(pair.storage):
            for here, there in ((pair.django, pair.ours), (pair.ours, pair.django)):
                title = f"{name} ({here.name} first)"
                if options.only in title:
                    yield "scenario", title, lambda s=scenario, h=here, t=there: s(h, t, pair)
    for seed in seeds:
        title = f"exchange of {options.steps} steps, seed {seed}"
        if options.only in title:
            yield "exchange", title, lambda seed=seed: exchange.run(pair, seed, options.steps)


def tried(title, play):
    try:
        play()
    except AssertionError as error:
        print(f"FAIL {title}\n     {error}", flush=True)
        return False
    except Exception:
        print(f"FAIL {title}\n{traceback.format_exc()}", flush=True)
        return False
    print(f"ok   {title}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
