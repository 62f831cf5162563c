"""Each construct said in each language and run on each target."""

from __future__ import annotations

from typing import NamedTuple

from querykit.ast.nodes import Expr, Query
from querykit.cli.support.constructs import Construct, Sample
from querykit.cli.support.model import ENTITY
from querykit.errors import QueryError
from querykit.languages.registry import LANGUAGES, language
from querykit.limits import Limits

__all__ = ["IMPLIED", "NO", "OTHERWISE", "SAID", "Said", "said", "tried"]

#: The text is read back as the same tree; as another one, whose text is the same again; the text has no word for
#: it, because it is so anyhow or is given beside the text; it cannot be said.
SAID, OTHERWISE, IMPLIED, NO = "yes", "other words", "implied", "no"

_NOTHING = (None, ())

#: What other fields can say instead: a value in the place of its name, a selected aggregate.
_DISSOLVED = frozenset({"aliases", "compute", "apply"})

_ORDER = (NO, IMPLIED, OTHERWISE, SAID)


class Said(NamedTuple):
    """How well a language says something, and the text; empty where it cannot."""

    how: str
    text: str = ""


def said(construct: Construct) -> dict[str, Said]:
    """By language: the best that it does with one of the samples."""
    return {name: _best(construct.samples, name) for name in LANGUAGES}


def _best(samples: tuple[Sample, ...], name: str) -> Said:
    best = Said(NO)
    for sample in samples:
        found = tried(sample, name)
        if _ORDER.index(found.how) > _ORDER.index(best.how):
            best = found
        if best.how == SAID:
            break
    return best


def tried(sample: Sample, name: str) -> Said:
    """What the language does with one sample."""
    try:
        return _query_said(sample, name) if isinstance(sample, Query) else _condition_said(sample, name)
    except QueryError:
        return Said(NO)


def _condition_said(sample: Expr, name: str) -> Said:
    """As a bare condition or value; in a whole request where the language has no such thing."""
    module = language(name)
    try:
        text = module.render_filter(sample)
    except QueryError as error:
        if error.code != "no_expression":
            raise
        return _query_said(Query(filter=sample), name)
    back = module.parse_filter(text, None, Limits())
    if back == sample:
        return Said(SAID, text)
    return Said(OTHERWISE if module.render_filter(back) == text else NO, text)


def _query_said(sample: Query, name: str) -> Said:
    module = language(name)
    text = module.render(sample.replace(entity=ENTITY))
    back = module.parse(text, None, Limits())
    asked = {
        field: getattr(sample, field) for field in sample.fields if getattr(sample, field) not in _NOTHING
    }
    if all(getattr(back, field) == value for field, value in asked.items()):
        return Said(SAID, text)
    if any(getattr(back, field) in _NOTHING for field in asked.keys() - _DISSOLVED):
        return Said(IMPLIED, text)
    return Said(OTHERWISE if module.render(back.replace(entity=ENTITY)) == text else NO, text)
