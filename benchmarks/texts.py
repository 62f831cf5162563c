"""The filters that are timed: a generator gives each one with literals that were never used before."""

from __future__ import annotations

import itertools

__all__ = ["FILTERS", "fresh"]

#: Name -> text with a number put in wherever `{n}` stands.
FILTERS: dict[str, str] = {
    "equality": "name eq 'Warner {n}'",
    "conjunction": "name eq 'Warner {n}' and revenue gt {n}.5 and employees le {n}",
    "functions": (
        "contains(tolower(name),'w{n}') or startswith(city,'S{n}') and "
        "(revenue mul 2 gt {n} or length(name) eq {n}) and not endswith(city,'x{n}')"
    ),
    "membership": (
        "name in ('a{n}','b{n}','c{n}','d{n}','e{n}','f{n}','g{n}','h{n}') and not (employees eq {n} or revenue lt {n})"
    ),
    "dates": "year(createdon) eq {n} and createdon lt 2021-03-04T05:06:07Z and employees ne {n}",
}

_numbers = itertools.count(1000)


def fresh(template: str) -> str:
    return template.replace("{n}", str(next(_numbers)))
