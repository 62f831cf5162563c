"""What a condition means: an operator, a field and values, as a tree.

Values are texts, which take the type of the field when the query is bound. A negative operator (`ne`, `not-in`,
`not-like`, `not-between` …) keeps rows without a value as well: Dynamics adds "or the field is null" to its
SQL, as its users expect of "does not equal".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from querykit.ast.build import logical, negation
from querykit.ast.nodes import Call, Expr, Literal, Path
from querykit.errors import NotExpressible, ParseError, suggest
from querykit.languages.fetchxml.elements import Attribute, Element
from querykit.languages.fetchxml.moments import PERIODS, Distance, distance_test, named_distance
from querykit.source import Span

__all__ = ["COMPARISONS", "USER", "condition_tree"]

#: Operator -> the comparison; these also take `valueof`.
COMPARISONS: dict[str, str] = {
    "eq": "cmp.eq",
    "ne": "cmp.ne",
    "lt": "cmp.lt",
    "le": "cmp.le",
    "gt": "cmp.gt",
    "ge": "cmp.ge",
}

#: Who asks: functions that whoever runs the query provides. Operator -> comparison and function.
USER: dict[str, tuple[str, str]] = {
    "eq-userid": ("cmp.eq", "custom.CurrentUserId"),
    "ne-userid": ("cmp.ne", "custom.CurrentUserId"),
    "eq-businessid": ("cmp.eq", "custom.CurrentBusinessUnitId"),
    "ne-businessid": ("cmp.ne", "custom.CurrentBusinessUnitId"),
}

_SYNONYMS = {"neq": "ne", "last-seven-days": "last-x-days", "next-seven-days": "next-x-days"}


class _Rule(NamedTuple):
    """How many values an operator takes (None: one or more), and what it says of them."""

    values: int | None
    build: Callable[[Path, Sequence[Literal], Span], Expr]


def condition_tree(element: Element, field: Path, other: Path | None) -> Expr:
    """The tree of a `<condition>`.

    Parameters
    ----------
    other: the field that `valueof` names, if any.

    Raises
    ------
    ParseError: codes ``operator``, ``value``.
    NotExpressible: an operator of FetchXML that no tree stands for.
    """
    operator = _operator(element)
    if other is not None:
        return _of_fields(element, operator, field, other)
    rule = _RULES.get(operator)
    if rule is None:
        return _distance(element, operator, field)
    values = _values(element)
    if rule.values is None and not values:
        raise _wrong_values(element, operator, "one <value> at least")
    if rule.values is not None and len(values) != rule.values:
        wanted = ("no value", "one value", "two <value> elements")[rule.values]
        raise _wrong_values(element, operator, wanted)
    return rule.build(field, values, element.span)


def _operator(element: Element) -> str:
    given = element.attributes.get("operator")
    if given is None:
        raise ParseError(
            "the condition has no operator", code="operator", span=element.span, hint='operator="eq"'
        )
    name = _SYNONYMS.get(given.value, given.value)
    if name in _RULES or named_distance(name) is not None:
        return name
    if name in _UNSUPPORTED or "fiscal" in name:
        raise NotExpressible(
            f"the operator '{name[:64]}' is not supported",
            code="operator",
            span=given.span,
            hint="it asks for what only the CRM knows: hierarchies, teams, fiscal years, several choices of a field",
        )
    raise ParseError(
        f"there is no operator '{name[:64]}'",
        code="operator",
        span=given.span,
        hint=_HINTS.get(name.lower()) or suggest(name, [*_RULES, *_DISTANCES]),
    )


def _values(element: Element) -> list[Literal]:
    listed = [
        Literal("string", child.text, span=child.text_span if child.text else child.span)
        for child in element.named("value")
    ]
    given = element.attributes.get("value")
    if given is None or (listed and not given.value):  # some tools write value="" beside a list
        return listed
    if listed:
        raise ParseError(
            "a value is given twice", code="value", span=given.span, hint="value=… or <value> elements"
        )
    return [Literal("string", given.value, span=given.span)]


def _wrong_values(element: Element, operator: str, wanted: str) -> ParseError:
    return ParseError(f"{operator} takes {wanted}", code="value", span=element.span)


def _of_fields(element: Element, operator: str, field: Path, other: Path) -> Expr:
    if operator not in COMPARISONS or _values(element):
        raise ParseError(
            f"valueof does not go with {'a value' if operator in COMPARISONS else operator}",
            code="value",
            span=element.place("valueof"),
            hint=f"it goes with {', '.join(COMPARISONS)}, and no value",
        )
    test = Call(COMPARISONS[operator], (field, other), element.span)
    return _or_null(test) if operator == "ne" else test


def _distance(element: Element, operator: str, field: Path) -> Expr:
    which, unit = named_distance(operator) or ("", "")
    seven = element.get("operator") != operator
    given = element.attributes.get("value")
    if seven:
        given = Attribute("7", element.span, element.span)
    text = "" if given is None else given.value.strip()
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) == 0:
        raise ParseError(
            f"{operator} takes a number of {unit}",
            code="value",
            span=element.place("value"),
            hint='value="1" or more',
        )
    return distance_test(Distance(which, unit, int(text)), field, element.span)


# --- Rules


def _or_null(test: Call) -> Expr:
    """The test, or no value."""
    field = test.args[0].args[0] if isinstance(test.args[0], Call) else test.args[0]
    return logical("bool.or", (test, Call("null.is", (field,), test.span)), test.span)


def _compared(fn: str) -> _Rule:
    def build(field: Path, values: Sequence[Literal], span: Span) -> Expr:
        test = Call(fn, (field, values[0]), span)
        return _or_null(test) if fn == "cmp.ne" else test

    return _Rule(1, build)


def _user(fn: str, function: str) -> _Rule:
    def build(field: Path, values: Sequence[Literal], span: Span) -> Expr:
        test = Call(fn, (field, Call(function, (), span)), span)
        return _or_null(test) if fn == "cmp.ne" else test

    return _Rule(0, build)


def _pattern(before: str = "", after: str = "") -> Callable[[Path, Sequence[Literal], Span], Call]:
    """Wildcards hold in `begins-with` and `ends-with` too (Dataverse, "Use wildcard characters in conditions")."""

    def build(field: Path, values: Sequence[Literal], span: Span) -> Call:
        pattern = Literal("string", before + str(values[0].value) + after, span=values[0].span)
        return Call("str.like_set", (field, pattern), span)

    return build


def _between(field: Path, values: Sequence[Literal], span: Span) -> Call:
    return Call("cmp.between", (field, *values), span)


def _in(field: Path, values: Sequence[Literal], span: Span) -> Call:
    return Call("cmp.in", (field, Call("list", tuple(values), span)), span)


def _not(
    build: Callable[[Path, Sequence[Literal], Span], Call],
) -> Callable[[Path, Sequence[Literal], Span], Expr]:
    return lambda field, values, span: _or_null(Call("bool.not", (build(field, values, span),), span))


def _day(fn: str) -> _Rule:
    """The day of a field; a time of the value does not count."""

    def build(field: Path, values: Sequence[Literal], span: Span) -> Expr:
        given = str(values[0].value)
        day = given[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]", given) else given
        return Call(
            fn, (Call("date.date", (field,), field.span), Literal("string", day, span=values[0].span)), span
        )

    return _Rule(1, build)


def _period(fn: str) -> _Rule:
    return _Rule(0, lambda field, values, span: Call(fn, (field,), span))


_RULES: dict[str, _Rule] = {
    **{name: _compared(fn) for name, fn in COMPARISONS.items()},
    **{name: _user(*row) for name, row in USER.items()},
    **{name: _period(fn) for name, fn in PERIODS.items()},
    "null": _Rule(0, lambda field, values, span: Call("null.is", (field,), span)),
    "not-null": _Rule(0, lambda field, values, span: negation(Call("null.is", (field,), span), span)),
    "in": _Rule(None, _in),
    "not-in": _Rule(None, _not(_in)),
    "between": _Rule(2, _between),
    "not-between": _Rule(2, _not(_between)),
    "like": _Rule(1, _pattern()),
    "not-like": _Rule(1, _not(_pattern())),
    "begins-with": _Rule(1, _pattern(after="%")),
    "not-begin-with": _Rule(1, _not(_pattern(after="%"))),
    "ends-with": _Rule(1, _pattern(before="%")),
    "not-end-with": _Rule(1, _not(_pattern(before="%"))),
    "on": _day("cmp.eq"),
    "on-or-before": _day("cmp.le"),
    "on-or-after": _day("cmp.ge"),
}

_DISTANCES = (
    *(
        f"{which}-x-{unit}"
        for which in ("last", "next")
        for unit in ("hours", "days", "weeks", "months", "years")
    ),
    *(f"olderthan-x-{unit}" for unit in ("minutes", "hours", "days", "weeks", "months", "years")),
    *_SYNONYMS,
)

#: Operators of FetchXML that ask for hierarchies, teams, languages or choices; those of fiscal years have the word.
_UNSUPPORTED = frozenset(
    {
        *("above", "under", "eq-or-above", "eq-or-under", "not-under"),
        *("eq-userteams", "eq-useroruserteams", "eq-useroruserhierarchy", "eq-useroruserhierarchyandteams"),
        *("eq-userlanguage", "contain-values", "not-contain-values", "not-on"),
    }
)

_HINTS = {
    "contains": 'operator="like" value="%…%"',
    "starts-with": 'operator="begins-with"',
    **dict.fromkeys(("=", "==", "equals", "equal"), 'operator="eq"'),
    **dict.fromkeys(("!=", "<>", "not-eq", "not-equal"), 'operator="ne"'),
    "<": 'operator="lt"',
    "<=": 'operator="le"',
    ">": 'operator="gt"',
    ">=": 'operator="ge"',
    "is-null": 'operator="null"',
}
