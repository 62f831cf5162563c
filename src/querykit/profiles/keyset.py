"""Paging by key: the rows behind a place in the order, wherever they have moved to since.

Skipping rows costs the database all the rows skipped. A condition on the order is a range of an index, so that
page 10,000 costs what page 1 costs; it needs an order in which no two rows are alike, which the key makes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from querykit.ast.build import conjunction, logical, negation
from querykit.ast.nodes import Call, Expr, Literal, Path, Query, SortKey
from querykit.errors import QueryError
from querykit.profiles import tokens
from querykit.schema.model import Entity

__all__ = ["missing_key", "order_name", "resume", "token"]


def resume(query: Query, token: str | None = None) -> Query:
    """The query for the rows behind the place that a `$skiptoken` names.

    Parameters
    ----------
    query: as parsed from a link of `next_page`.
    token: the value of `$skiptoken`, where the query does not have it itself.

    Returns
    -------
    The query with one condition more, ordered by the key as well. It asks for no count: that would be a count
    of the rows that are left. Without a token it is the query as it was: that of the first page.

    Raises
    ------
    QueryError: code ``skiptoken``, the token was not made for this query.
    """
    query, written = _without_token(query)
    if token is None and written is None:
        return query
    place = tokens.read(token or written or "")
    order = (*query.order, *[SortKey(Path((name,))) for name in place.key])
    if not order or len(order) != len(place.values):
        raise QueryError(
            "the token was made for another order", code="skiptoken", hint="leave $orderby as the link has it"
        )
    behind = _behind(order, place.values, _without_nulls(query.filter))
    # The range goes first: SQLite takes the first of several bounds, and none is closer.
    return query.replace(filter=conjunction(behind, query.filter), order=order, count=None)


def _without_token(query: Query) -> tuple[Query, str | None]:
    """The query without its own `$skiptoken`, and that."""
    found = [option for option in query.options if option.name == "skiptoken"]
    if not found:
        return query, None
    rest = tuple([option for option in query.options if option not in found])
    value = found[0].value
    return query.replace(options=rest), str(value.value) if isinstance(value, Literal) else ""


def token(query: Query, row: Mapping[str, Any], entity: Entity) -> str | None:
    """The token for the rows behind a row; None where the row does not say where it stands.

    Raises
    ------
    NotExpressible: no token can hold a value of the order.
    """
    key = missing_key(query, entity)
    if not entity.named_key:
        return None
    values: list[Any] = []
    for place, item in enumerate(query.order):
        name = order_name(item, place)
        if name not in row:
            return None
        values.append(row[name])
    if any(name not in row for name in key):
        return None
    return tokens.write(key, [*values, *[row[name] for name in key]])


def missing_key(query: Query, entity: Entity) -> tuple[str, ...]:
    """The names of the entity's key by which the query does not sort already."""
    sorted_by = {item.expr for item in query.order}
    return tuple([name for name in entity.key if Path((name,)) not in sorted_by])


def order_name(item: SortKey, place: int) -> str:
    """The name under which a row has the value of a sort key: the property's, or one that no property has."""
    if isinstance(item.expr, Path) and len(item.expr.steps) == 1 and isinstance(item.expr.steps[0], str):
        return item.expr.steps[0]
    return f"@order{place}"


# --- The condition


def _behind(order: Sequence[SortKey], values: Sequence[Literal], never_null: Collection[Expr]) -> Expr:
    """`k1 >= v1 and (k1 > v1 or k2 >= v2 and (…))`: the first range is what an index can serve."""
    condition: Expr | None = None
    for item, value in zip(reversed(order), reversed(values), strict=True):
        family = "cmp" if item.expr in never_null else "total"
        condition = _behind_one(item, value, condition, family)
    assert condition is not None
    return condition


def _behind_one(item: SortKey, value: Literal, rest: Expr | None, family: str) -> Expr:
    """Behind a value, or at it and behind the `rest`.

    Null is below every value, and OData's comparisons with a value are false of it. Three-valued ones drop it,
    and no database has to look for it where the query has no nulls anyway.
    """
    key = item.expr
    if value.kind == "null":
        is_null = Call("null.is", (key,))
        if item.descending:  # nulls are last: only those are left
            return logical("bool.and", [is_null, rest or Literal("bool", False)])
        behind = negation(is_null)
        return behind if rest is None else logical("bool.or", [behind, rest])
    if item.descending:  # not above, so that nulls count as below
        behind, from_here = (negation(Call(f"{family}.{name}", (key, value))) for name in ("ge", "gt"))
    else:
        behind, from_here = (Call(f"{family}.{name}", (key, value)) for name in ("gt", "ge"))
    return behind if rest is None else logical("bool.and", [from_here, logical("bool.or", [behind, rest])])


#: Comparisons that are true of no null.
_OF_VALUES = frozenset(
    f"{family}.{name}" for family in ("total", "cmp") for name in ("eq", "lt", "le", "gt", "ge")
)


def _without_nulls(condition: Expr | None) -> set[Expr]:
    """What the rows that a condition keeps have values of: `name ne null`, `name lt 'x' and …`."""
    parts = condition.args if isinstance(condition, Call) and condition.fn == "bool.and" else (condition,)
    found: set[Expr] = set()
    for part in parts:
        if not isinstance(part, Call):
            continue
        if part.fn == "bool.not" and isinstance(part.args[0], Call) and part.args[0].fn == "null.is":
            found.add(part.args[0].args[0])
        elif part.fn in _OF_VALUES and any(
            isinstance(each, Literal) and each.kind != "null" for each in part.args
        ):
            found.update(part.args)
    return found
