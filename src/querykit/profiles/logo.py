"""LogoCRM's `fields`: names of nested objects without a path, which only a schema can place."""

from __future__ import annotations

from collections.abc import Iterator

from querykit.ast.nodes import Expansion, Path, Query, Selection
from querykit.schema.model import Entity, Schema

__all__ = ["nested_fields"]


def nested_fields(query: Query, schema: Schema, entity: object = None) -> Query:
    """The query with each of its fields where it belongs: in the row, or in an object nested in it.

    A name that the entity does not have is that of the objects it refers to, as Logo's documentation shows:
    `fields=FirmTitle,FirstName` is ``{FirmTitle, SalesRep: {FirstName}}``. With `expandLevel=full` a name that the
    entity has is looked for in them as well. A reference by its own name is the whole object, and a path leads
    into objects of objects. Collections are asked for by path only.

    Parameters
    ----------
    query: as parsed from a request of Logo; without `fields` it stays as it is.

    Returns
    -------
    Query: names that are found nowhere are kept, so that binding it refuses them.

    >>> from querykit import Schema, parse, render
    >>> schema = Schema.from_dict({
    ...     "Firm": {
    ...         "table": "Firm",
    ...         "properties": {"FirmTitle": "string", "SalesRepOid": "guid"},
    ...         "relations": {"SalesRep": {"target": "SalesRep", "on": [["SalesRepOid", "Oid"]]}},
    ...     },
    ...     "SalesRep": {"table": "SalesRep", "properties": {"Oid": "guid", "FirstName": "string"}},
    ... })
    >>> query = parse("fields=FirmTitle,FirstName", "logo")
    >>> render(nested_fields(query, schema, "Firm"), "odata")
    '$expand=SalesRep($select=FirstName)&$select=FirmTitle&$top=25'
    """
    if query.select is None:
        return query
    start = schema.entity(query.entity or entity)
    everywhere = any(item.path == Path(("*",)) for item in query.expand)
    shape = _Shape()
    for item in query.select:
        steps = item.expr.steps if isinstance(item.expr, Path) else ()
        for place in _places(steps, start, schema, everywhere):
            shape.add(place, item)
    others = [item for item in query.expand if item.path != Path(("*",))]
    return query.replace(select=shape.select(), expand=(*others, *shape.expansions()))


def _places(
    steps: tuple[object, ...], start: Entity, schema: Schema, everywhere: bool
) -> Iterator[tuple[str, ...]]:
    """The relations to go over to the objects that have the field; none for the row itself."""
    names = tuple([step for step in steps if isinstance(step, str)])
    if len(names) != 1:
        yield names if _is_reference(names, start, schema) else names[:-1]
        return
    (name,) = names
    found = False
    if name in start.relations:
        found = True
        yield names
    if name in start.properties:
        found = True
        yield ()
    if not found or everywhere:
        for relation in start.relations.values():
            if not relation.many and name in schema.entity(relation.target).properties:
                found = True
                yield (relation.name,)
    if not found:
        yield ()


def _is_reference(names: tuple[str, ...], entity: Entity, schema: Schema) -> bool:
    """Does the path lead to an object, and not to a value?"""
    for name in names:
        relation = entity.relations.get(name)
        if relation is None:
            return False
        entity = schema.entity(relation.target)
    return True


class _Shape:
    """What is asked of a row: fields, and the shapes of the objects nested in it."""

    def __init__(self) -> None:
        self.fields: list[Selection] = []
        self.nested: dict[str, _Shape] = {}
        self.whole = False
        self._first: Selection | None = None

    def add(self, place: tuple[str, ...], item: Selection) -> None:
        shape = self
        for name in place:
            shape = shape.nested.setdefault(name, _Shape())
            shape._first = shape._first or item
        assert isinstance(item.expr, Path)
        last = item.expr.steps[-1]
        if place and place[-1] == last and len(place) == len(item.expr.steps):
            shape.whole = True
        else:
            shape.fields.append(Selection(Path((last,), span=item.expr.span), span=item.span))

    def select(self) -> tuple[Selection, ...] | None:
        """The fields; where there are none, the nested objects stand for them: they have no column."""
        if self.whole:
            return None
        return tuple(self.fields or [Selection(Path((name,))) for name in self.nested])

    def expansions(self) -> Iterator[Expansion]:
        for name, shape in self.nested.items():
            span = shape._first.span if shape._first is not None else None
            query = Query(select=shape.select(), expand=tuple(shape.expansions()), span=span)
            yield Expansion(Path((name,), span=span), query, span=span)
