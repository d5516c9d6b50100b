"""Equality as JSON has it: the order of members is free, and 1, 1.0 and true are three values."""

import json


def equal(found, expected, what):
    if json.dumps(found, sort_keys=True) != json.dumps(expected, sort_keys=True):
        raise AssertionError(f"{what}: {found!r}, expected {expected!r}")
