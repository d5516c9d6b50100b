"""Runs the Django site and the nuages site on one storage, and compares.

  run.py --ours PATH [--engine db,file,signed_cookies] [--only TEXT] [--seed N] [--steps N]

PATH is the built nuages site. The last line is always "N passed, N failed"; the status is 0 only if nothing failed.
`cargo xtask django` builds what is needed and runs this.
"""

import argparse
import sys
import traceback

import exchange
from scenarios import SCENARIOS
from servers import Pair

ENGINES = ["db", "file", "signed_cookies"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="the nuages site")
    parser.add_argument("--engine", default=",".join(ENGINES), help="session engines, separated by commas")
    parser.add_argument("--only", default="", help="only what has this text in its name")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random exchange")
    parser.add_argument("--steps", type=int, default=150, help="steps of the random exchange")
    options = parser.parse_args()
    engines = options.engine.split(",")
    if unknown := [engine for engine in engines if engine not in ENGINES]:
        parser.error(f"no engine {unknown[0]!r}; there are {', '.join(ENGINES)}")

    outcomes = []
    for engine in engines:
        # Whoever migrates first, the other finds its table.
        for migrates_first in ["django", "ours"] if engine == "db" else ["django"]:
            with Pair(options.ours, engine, migrates_first) as pair:
                for name, play in plays(pair, options):
                    outcomes.append(report(f"{engine}, {migrates_first} migrates first: {name}", play))
    failed = outcomes.count(False)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    # A filter that matches nothing shows nothing.
    return 1 if failed or not outcomes else 0


def plays(pair, options):
    """The scenarios of this engine, both ways, then the exchange."""
    for name, scenario, engines in SCENARIOS:
        if engines is None or pair.engine in engines:
            for here, there in ((pair.django, pair.ours), (pair.ours, pair.django)):
                title = f"{name} ({here.name} first)"
                if options.only in title:
                    yield title, lambda s=scenario, h=here, t=there: s(h, t, pair)
    title = f"exchange of {options.steps} steps, seed {options.seed}"
    if options.only in title:
        yield title, lambda: exchange.run(pair, options.seed, options.steps)


def report(title, play):
    try:
        play()
    except AssertionError as error:
        print(f"FAIL {title}\n     {error}")
        return False
    except Exception:
        print(f"FAIL {title}\n{traceback.format_exc()}")
        return False
    print(f"ok   {title}")
    return True


if __name__ == "__main__":
    sys.exit(main())
