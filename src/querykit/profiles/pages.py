"""One page of an answer, and the request for the one after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from querykit.ast.nodes import Aggregate, EntitySet, Literal, Named, Path, Query, Selection
from querykit.errors import QueryError
from querykit.languages.registry import language
from querykit.profiles.keyset import missing_key, order_name, token
from querykit.profiles.services import Profile, profile
from querykit.schema.model import Entity, Schema

__all__ = ["next_page", "page"]

_Rows = Sequence[Mapping[str, Any]]


def page(query: Query, service: Profile | str, schema: Schema | None = None, entity: object = None) -> Query:
    """The query for one page of a service: no more rows than it gives, and all that a token needs of them.

    Parameters
    ----------
    query: as parsed, or resumed.
    service: a profile, or its name.
    schema, entity: what the query asks; for services that page by key.

    Returns
    -------
    Query: where it does not select what it is ordered by, the rows have columns that were not asked for; those
        whose name begins with `@order` have no other name.

    >>> from querykit import parse
    >>> page(parse("$top=5000", "odata"), "resco").top
    1000
    """
    row = profile(service)
    query = query.replace(top=_size(query, row))
    found = _entity(query, row, schema, entity)
    if found is None:
        return query
    needed = [
        Selection(item.expr, None if order_name(item, place) in found.properties else order_name(item, place))
        for place, item in enumerate(query.order)
    ]
    needed += [Selection(Path((name,))) for name in missing_key(query, found)]
    given = query.select if query.select is not None else (Selection(Path(("*",))),)
    if any(item.expr == Path(("*",)) for item in given):
        needed = [item for item in needed if item.name is not None]
    named = {_name(item) for item in given}
    missing = [item for item in needed if _name(item) not in named]
    return query.replace(select=(*given, *missing)) if missing else query


def next_page(
    query: Query,
    rows: _Rows,
    service: Profile | str,
    schema: Schema | None = None,
    entity: object = None,
) -> str | None:
    """The text of the request for the next page, in the language of the service.

    Parameters
    ----------
    query: as parsed from the request, before `resume`.
    rows: of the page that was answered.
    service: a profile, or its name.
    schema, entity: what the query asks; they make paging by key possible.

    Returns
    -------
    str | None: None where there are no more rows: the page was not full, or had all that was asked for.

    Raises
    ------
    QueryError: the language of the service cannot say it.

    >>> from querykit import parse
    >>> next_page(parse("SELECT * FROM Accounts LIMIT 2;", "vtql"), [{}, {}], "vtiger")
    'SELECT * FROM Accounts LIMIT 2, 2;'
    """
    row = profile(service)
    size = _size(query, row)
    if row.paging == "none" or not rows or len(rows) < size:
        return None
    if query.entity is None and isinstance(entity, str):
        query = query.replace(entity=entity)
    if row.paging == "skiptoken":
        return _rest(query, rows, row, _entity(query, row, schema, entity))
    skip = (query.skip or 0) + size
    return language(row.language).render(query.replace(top=query.top and size, skip=skip))


def _rest(query: Query, rows: _Rows, row: Profile, entity: Entity | None) -> str | None:
    """The link to all that is left of what was asked for; the count has been told (OData 4.01 Part 1, 11.2.6.5)."""
    top = None if query.top is None else query.top - len(rows)
    if top is not None and top <= 0:
        return None
    place = None if entity is None else token(query, rows[-1], entity)
    skip = (query.skip or 0) + len(rows) if place is None else None
    options = tuple([option for option in query.options if option.name != "skiptoken"])
    if place is not None:
        options = (*options, Named("skiptoken", Literal("string", place)))
    rest = query.replace(top=top, skip=skip, count=None, options=options)
    return language(row.language).render(rest)


def _size(query: Query, row: Profile) -> int:
    """The rows of a page."""
    return min(row.page if query.top is None else query.top, row.cap)


def _entity(query: Query, row: Profile, schema: Schema | None, entity: object) -> Entity | None:
    """What the query asks, where a token can be made of its rows."""
    if row.paging != "skiptoken" or schema is None:
        return None
    asked = query.entity or entity
    if asked is None:
        raise QueryError(
            "the query does not say which entity it asks", code="no_entity", hint="give entity='…'"
        )
    found = schema.entity(asked)
    return found if found.named_key and not _is_grouped(query) else None


def _is_grouped(query: Query) -> bool:
    """Are what comes back no rows of the entity, but values over many? Those have no key."""
    return bool(query.apply) or any(
        isinstance(item.expr, Aggregate) and item.expr.source == EntitySet(None)
        for item in query.select or ()
    )


def _name(item: Selection) -> str | None:
    """The name of the column that an item gives."""
    if item.name is not None or not isinstance(item.expr, Path):
        return item.name
    return "/".join(step for step in item.expr.steps if isinstance(step, str))
