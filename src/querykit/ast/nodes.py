"""The one AST: what every language is parsed into and every language is rendered from.

A tree says what is meant, not how it was written: every operator and function is one `Call` with an id of
the function catalog, whatever its spelling; fields are named as written, because no schema is known yet.

Scopes are counted, not named. `Path.up` is the number of collection scopes to step out of: OData's
``Orders/any(o: o/City ne City)`` and criteria's ``[Orders][City <> ^.City]`` are the same shape,
``Aggregate("any", Orders, … Path(City, up=0) … Path(City, up=1))``; the lambda variable's name is gone.

Nodes are immutable, hashable and comparable; `span`, the place in the text, does not count, and is found when it is
asked for (`places.with_places`). Comparing and hashing use no recursion, so a tree of any depth is safe in a set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from querykit.ast.base import Node, initialise
from querykit.source import Source, Span

if TYPE_CHECKING:
    import datetime as dt
    import decimal
    import uuid

    Value: TypeAlias = (
        bool
        | int
        | float
        | decimal.Decimal
        | str
        | bytes
        | dt.date
        | dt.datetime
        | dt.time
        | dt.timedelta
        | uuid.UUID
        | None
    )
else:
    Value = Any  # the types take longer to import than a filter to read

__all__ = [
    "Aggregate",
    "Call",
    "Cast",
    "EntitySet",
    "Expansion",
    "Expr",
    "Key",
    "Literal",
    "Named",
    "Node",
    "Parameter",
    "Path",
    "Query",
    "Selection",
    "SortKey",
    "Step",
    "Transformation",
    "Value",
]


class Literal(Node):
    """A constant of the text.

    `kind` is what the text says it is: ``null bool int decimal double string char date time datetime duration
    guid binary enum geo type object user`` and the criteria widths ``byte int16 int64 uint32 single``. The
    binder decides the type from the other operand. `value` is a Python value of the kind; a date, time,
    date-time or duration outside Python's range stays text. `name` is the type of an enum (``Ns.Color``),
    geo (``geography``), object or user literal. A date-time with an offset is aware, a local one naive.
    """

    __slots__ = ("kind", "name", "value")
    fields = ("kind", "value", "name")

    kind: str
    value: Value
    name: str

    def __init__(self, kind: str, value: Value, name: str = "", span: Span | None = None) -> None:
        initialise(self, "kind", kind)
        initialise(self, "value", value)
        initialise(self, "name", name)
        initialise(self, "span", span)


class Parameter(Node):
    """A placeholder: OData's `@name`, criteria's `?` (name ``"0"``, ``"1"``, … in text order) and `?name`.

    One without a value is null (OData 4.01 Part 1, 11.2.6.1.3; criteria: no values given).
    """

    __slots__ = ("name",)
    fields = ("name",)

    name: str

    def __init__(self, name: str, span: Span | None = None) -> None:
        initialise(self, "name", name)
        initialise(self, "span", span)


class EntitySet(Node):
    """All rows of an entity, without a path to them: OData's `$root/Set`, criteria's free join `[<Type>]`.

    Name None is the set that is being queried (criteria's top-level aggregates, `count(*)`).
    """

    __slots__ = ("name",)
    fields = ("name",)

    name: str | None

    def __init__(self, name: str | None, span: Span | None = None) -> None:
        initialise(self, "name", name)
        initialise(self, "span", span)


class Cast(Node):
    """A step of a path that takes the row as a derived type: OData `Ns.Type`, criteria `<Type>`."""

    __slots__ = ("type",)
    fields = ("type",)

    type: str

    def __init__(self, type: str, span: Span | None = None) -> None:
        initialise(self, "type", type)
        initialise(self, "span", span)


class Key(Node):
    """A step of a path that picks one row by its key: `('k')`, `(a=1,b=2)`."""

    __slots__ = ("args",)
    fields = ("args",)

    args: tuple[Expr, ...]

    def __init__(self, args: tuple[Expr, ...], span: Span | None = None) -> None:
        initialise(self, "args", args)
        initialise(self, "span", span)


class Path(Node):
    """A field, reached over references: `City`, `Customer/City`. No steps: the row itself (`$it`, `This`).

    `up` is the number of collection scopes to step out of before the first step: 0 is the innermost.
    """

    __slots__ = ("steps", "up")
    fields = ("steps", "up")

    steps: tuple[Step, ...]
    up: int

    def __init__(self, steps: tuple[Step, ...], up: int = 0, span: Span | None = None) -> None:
        initialise(self, "steps", steps)
        initialise(self, "up", up)
        initialise(self, "span", span)


class Call(Node):
    """An operator or function applied to arguments; `fn` is an id of the catalog, or `custom.Name`.

    `bool.and`, `bool.or` hold a whole run and never one of their own kind directly (`build.logical`);
    a run of one left-associative arithmetic operator is one call as well (`build.arithmetic`).
    """

    __slots__ = ("args", "fn")
    fields = ("fn", "args")

    fn: str
    args: tuple[Expr, ...]

    def __init__(self, fn: str, args: tuple[Expr, ...] = (), span: Span | None = None) -> None:
        initialise(self, "fn", fn)
        initialise(self, "args", args)
        initialise(self, "span", span)


class Named(Node):
    """`name=value`: an argument of a custom function or key, a member of a JSON object, a parameter's value."""

    __slots__ = ("name", "value")
    fields = ("name", "value")

    name: str
    value: Expr

    def __init__(self, name: str, value: Expr, span: Span | None = None) -> None:
        initialise(self, "name", name)
        initialise(self, "value", value)
        initialise(self, "span", span)


class Aggregate(Node):
    """One value from a collection: `any all count sum avg min max single`, or `custom.Name`.

    `condition` keeps elements (None: all), `argument` is what is summed …; both stand in the element's scope.
    `any` without a condition is "not empty". `all` is true of an empty collection.
    """

    __slots__ = ("argument", "condition", "function", "source")
    fields = ("function", "source", "condition", "argument")

    function: str
    source: Path | EntitySet
    condition: Expr | None
    argument: Expr | None

    def __init__(
        self,
        function: str,
        source: Path | EntitySet,
        condition: Expr | None = None,
        argument: Expr | None = None,
        span: Span | None = None,
    ) -> None:
        initialise(self, "function", function)
        initialise(self, "source", source)
        initialise(self, "condition", condition)
        initialise(self, "argument", argument)
        initialise(self, "span", span)


class SortKey(Node):
    """Nulls sort below every value: first ascending, last descending (OData 4.01 Part 1, 11.2.6.2)."""

    __slots__ = ("descending", "expr")
    fields = ("expr", "descending")

    expr: Expr
    descending: bool

    def __init__(self, expr: Expr, descending: bool = False, span: Span | None = None) -> None:
        initialise(self, "expr", expr)
        initialise(self, "descending", descending)
        initialise(self, "span", span)


class Selection(Node):
    """An item of a projection: a path (`*` is ``Path(("*",))``), or an expression under a name."""

    __slots__ = ("expr", "name", "query")
    fields = ("expr", "name", "query")

    expr: Expr
    name: str | None
    query: Query | None

    def __init__(
        self, expr: Expr, name: str | None = None, query: Query | None = None, span: Span | None = None
    ) -> None:
        initialise(self, "expr", expr)
        initialise(self, "name", name)
        initialise(self, "query", query)
        initialise(self, "span", span)


class Expansion(Node):
    """An item of `$expand`: related rows, shaped by a query of their own that holds for each parent.

    `kind` is ``""`` (the rows), ``"ref"`` or ``"count"``; `levels` a number, ``"max"`` or None.
    """

    __slots__ = ("kind", "levels", "path", "query")
    fields = ("path", "query", "levels", "kind")

    path: Path
    query: Query
    levels: int | str | None
    kind: str

    def __init__(
        self,
        path: Path,
        query: Query,
        levels: int | str | None = None,
        kind: str = "",
        span: Span | None = None,
    ) -> None:
        initialise(self, "path", path)
        initialise(self, "query", query)
        initialise(self, "levels", levels)
        initialise(self, "kind", kind)
        initialise(self, "span", span)


class Transformation(Node):
    """A step of `$apply`: `aggregate groupby filter search compute orderby skip top concat identity topcount …`.

    `args` are what its brackets hold: conditions, `SortKey`s, numbers; for `aggregate` and `compute` `Named`
    values (an aggregate is ``Call("agg.sum", (expr,))``, its `from` steps are ``Call("agg.from", …)``), for
    `groupby` paths and ``Call("rollup", paths)``. `branches` are sequences of further transformations: one for
    `groupby`, several for `concat`.
    """

    __slots__ = ("args", "branches", "name")
    fields = ("name", "args", "branches")

    name: str
    args: tuple[Expr | SortKey, ...]
    branches: tuple[tuple[Transformation, ...], ...]

    def __init__(
        self,
        name: str,
        args: tuple[Expr | SortKey, ...] = (),
        branches: tuple[tuple[Transformation, ...], ...] = (),
        span: Span | None = None,
    ) -> None:
        initialise(self, "name", name)
        initialise(self, "args", args)
        initialise(self, "branches", branches)
        initialise(self, "span", span)


class Query(Node):
    """A whole request. None is "not said"; `aliases` are the values of `@name` parameters.

    `apply` are transformations of the rows before everything else. `search` is `search.and or not` over
    `search.term`s of one text; `compute` are values under names that filter, order and select may use.
    `options` are what only the service can act on, by name: OData's ``skiptoken``, ``deltatoken``, ``index``, ``id``
    and ``at from to toInclusive``. `source` is the text it was parsed from; like `span` it does not count in a
    comparison.
    """

    __slots__ = (
        "aliases",
        "apply",
        "compute",
        "count",
        "entity",
        "expand",
        "filter",
        "options",
        "order",
        "search",
        "select",
        "skip",
        "source",
        "top",
    )
    fields = (
        "entity",
        "filter",
        "order",
        "select",
        "expand",
        "top",
        "skip",
        "count",
        "aliases",
        "search",
        "compute",
        "apply",
        "options",
    )

    entity: str | None
    filter: Expr | None
    order: tuple[SortKey, ...]
    select: tuple[Selection, ...] | None
    expand: tuple[Expansion, ...]
    top: int | None
    skip: int | None
    count: bool | None
    aliases: tuple[Named, ...]
    search: Expr | None
    compute: tuple[Named, ...]
    apply: tuple[Transformation, ...]
    options: tuple[Named, ...]
    source: Source | None

    def __init__(
        self,
        entity: str | None = None,
        filter: Expr | None = None,
        order: tuple[SortKey, ...] = (),
        select: tuple[Selection, ...] | None = None,
        expand: tuple[Expansion, ...] = (),
        top: int | None = None,
        skip: int | None = None,
        count: bool | None = None,
        aliases: tuple[Named, ...] = (),
        search: Expr | None = None,
        compute: tuple[Named, ...] = (),
        apply: tuple[Transformation, ...] = (),
        options: tuple[Named, ...] = (),
        span: Span | None = None,
        source: Source | None = None,
    ) -> None:
        initialise(self, "entity", entity)
        initialise(self, "filter", filter)
        initialise(self, "order", order)
        initialise(self, "select", select)
        initialise(self, "expand", expand)
        initialise(self, "top", top)
        initialise(self, "skip", skip)
        initialise(self, "count", count)
        initialise(self, "aliases", aliases)
        initialise(self, "search", search)
        initialise(self, "compute", compute)
        initialise(self, "apply", apply)
        initialise(self, "options", options)
        initialise(self, "span", span)
        initialise(self, "source", source)

    def _extra(self) -> dict[str, Any]:
        return {"source": self.source}


#: What can stand where a value is expected. `EntitySet` and `Named` only inside calls, keys and aggregates.
Expr: TypeAlias = Literal | Parameter | Path | Call | Aggregate | EntitySet | Named

#: A step of a path: a name as written, or one of the longer forms; `Call` is a bound custom function.
Step: TypeAlias = str | Cast | Key | EntitySet | Call
