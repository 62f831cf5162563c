"""Random queries that are valid over the schema of `crm`, as trees: every operator and function that SQLite has."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from crm import DAYS, DECIMALS, FLOATS, INTEGERS, MOMENTS, TEXTS
from hypothesis import strategies as st

from querykit.ast.build import arithmetic, logical, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Expansion,
    Expr,
    Literal,
    Path,
    Query,
    Selection,
    SortKey,
)

FIELDS = {
    "Shop": {
        "text": ["name", "note", "code"],
        "number": ["id", "size", "rank", "price", "rate"],
        "integer": ["id", "size", "rank"],
        "bool": ["open", "vip"],
        "moment": ["founded"],
        "day": ["day"],
    },
    "Order": {
        "text": ["note"],
        "number": ["id", "rank", "price"],
        "integer": ["id", "rank"],
        "bool": ["vip"],
        "moment": ["founded"],
    },
    "Tag": {"text": ["note"], "number": ["id", "rank"], "integer": ["id", "rank"]},
}
TO_ONE = {"Shop": {"parent": "Shop"}, "Order": {"shop": "Shop"}, "Tag": {}}
TO_MANY = {"Shop": {"orders": "Order", "branches": "Shop", "tags": "Tag"}, "Order": {}, "Tag": {}}

_KINDS = {int: "int", float: "double", str: "string", bool: "bool", dt.datetime: "datetime", dt.date: "date"}


def literal(value: object) -> Literal:
    kind = "decimal" if isinstance(value, Decimal) else _KINDS[type(value)]
    return Literal(kind, value)


class Trees:
    """Draws expressions; `scopes` are the entities of the rows around, innermost last."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def path(self, scopes: list[str], kind: str) -> Expr | None:
        """A column of the kind, of some row around or of a row it refers to."""
        up = self.draw(st.integers(0, len(scopes) - 1))
        entity = scopes[-1 - up]
        steps: tuple[str, ...] = ()
        while len(steps) < 2 and TO_ONE[entity] and self.draw(st.integers(0, 3)) == 0:
            name = self.draw(st.sampled_from(sorted(TO_ONE[entity])))
            steps, entity = (*steps, name), TO_ONE[entity][name]
        names = FIELDS[entity].get(kind)
        return Path((*steps, self.draw(st.sampled_from(names))), up) if names else None

    def text(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 9)) if depth else 0
        if choice <= 4:
            return self.path(scopes, "text") or literal(self.draw(TEXTS))
        if choice == 5:
            return literal(self.draw(TEXTS))
        inner = self.text(scopes, depth - 1)
        if choice == 6:
            return Call(self.draw(st.sampled_from(["str.lower", "str.upper", "str.trim"])), (inner,))
        if choice == 7:
            return Call("str.concat", (inner, self.text(scopes, depth - 1)))
        if choice == 8:
            place = literal(self.draw(st.integers(0, 5)))
            count = (literal(self.draw(st.integers(0, 5))),) if self.draw(st.booleans()) else ()
            return Call("str.substring", (inner, place, *count))
        return Call("null.coalesce", (inner, literal(self.draw(TEXTS))))

    def number(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 10)) if depth else 0
        if choice <= 3:
            return self.path(scopes, "number") or literal(self.draw(INTEGERS))
        if choice == 4:
            return literal(self.draw(INTEGERS | DECIMALS | FLOATS))
        if choice == 5:
            return Call(self.draw(st.sampled_from(["str.length"])), (self.text(scopes, depth - 1),))
        if choice == 6:
            return Call("str.indexof", (self.text(scopes, depth - 1), self.text(scopes, 0)))
        if choice == 7:
            fn = self.draw(st.sampled_from(["math.add", "math.sub", "math.mul"]))
            return arithmetic(fn, [self.number(scopes, depth - 1), self.number(scopes, depth - 1)])
        if choice == 8:
            fn = self.draw(st.sampled_from(["math.div", "math.mod"]))
            left = self.path(scopes, "integer") or literal(3)
            return Call(fn, (left, self.path(scopes, "integer") or literal(-2)))
        if choice == 9:
            fn = self.draw(
                st.sampled_from(["math.round", "math.floor", "math.ceiling", "math.abs", "math.neg"])
            )
            return Call(fn, (self.number(scopes, depth - 1),))
        moment = self.moment(scopes)
        return Call(
            self.draw(
                st.sampled_from(
                    [
                        f"date.{part}"
                        for part in (
                            "year",
                            "month",
                            "day",
                            "hour",
                            "minute",
                            "second",
                            "day_of_year",
                            "day_of_week",
                        )
                    ]
                )
            ),
            (moment,),
        )

    def moment(self, scopes: list[str], depth: int = 1) -> Expr:
        choice = self.draw(st.integers(0, 7)) if depth else 0
        if choice <= 4:
            return self.path(scopes, "moment") or literal(self.draw(MOMENTS))
        inner = self.moment(scopes, depth - 1)
        if choice == 5:
            fn = self.draw(st.sampled_from(["math.add", "math.sub"]))
            seconds = self.draw(st.sampled_from([0, 1, 90, 86_400, -3_600]))
            return Call(fn, (inner, Literal("duration", dt.timedelta(seconds=seconds))))
        if choice == 6:
            return Call("date.midnight", (inner,))
        units = ["years", "months", "days", "hours", "minutes", "seconds"]
        return Call(f"date.add_{self.draw(st.sampled_from(units))}", (inner, literal(self.draw(INTEGERS))))

    def aggregate_number(self, scopes: list[str], depth: int) -> Expr | None:
        source = self.collection(scopes)
        if source is None:
            return None
        path, entity = source
        function = self.draw(st.sampled_from(["count", "sum", "avg", "min", "max"]))
        inside = [*scopes, entity]
        condition = self.condition(inside, depth - 1) if self.draw(st.booleans()) else None
        argument = None if function == "count" else (self.path(inside, "integer") or Path(("id",)))
        return Aggregate(function, path, condition, argument)

    def collection(self, scopes: list[str]) -> tuple[Path, str] | None:
        up = self.draw(st.integers(0, len(scopes) - 1))
        entity = scopes[-1 - up]
        if not TO_MANY[entity]:
            return None
        name = self.draw(st.sampled_from(sorted(TO_MANY[entity])))
        return Path((name,), up), TO_MANY[entity][name]

    def comparison(self, scopes: list[str], depth: int) -> Expr:
        family = self.draw(st.sampled_from(["total", "cmp"]))
        name = self.draw(st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]))
        kind = self.draw(st.sampled_from(["text", "number", "moment", "day", "bool", "aggregate"]))
        if kind == "text":
            operands = [self.text(scopes, depth), self.text(scopes, depth - 1 if depth else 0)]
        elif kind == "moment":
            operands = [self.moment(scopes), literal(self.draw(MOMENTS))]
        elif kind == "day":
            operands = [self.path(scopes, "day") or literal(self.draw(DAYS)), literal(self.draw(DAYS))]
        elif kind == "bool":
            operands = [self.path(scopes, "bool") or literal(True), literal(self.draw(st.booleans()))]
        elif kind == "aggregate":
            left = self.aggregate_number(scopes, depth) or self.number(scopes, depth)
            operands = [left, literal(self.draw(INTEGERS))]
        else:
            operands = [self.number(scopes, depth), self.number(scopes, depth - 1 if depth else 0)]
        if self.draw(st.booleans()):
            operands.reverse()
        return Call(f"{family}.{name}", tuple(operands))

    def membership(self, scopes: list[str]) -> Expr:
        fn = self.draw(st.sampled_from(["total.in", "cmp.in"]))
        if self.draw(st.booleans()):
            value, items = self.path(scopes, "text") or literal("a"), TEXTS
        else:
            value, items = self.path(scopes, "integer") or literal(1), INTEGERS
        values = self.draw(st.lists(st.none() | items, max_size=4))
        listed = tuple(Literal("null", None) if item is None else literal(item) for item in values)
        return Call(fn, (value, Call("list", listed)))

    def leaf(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 8))
        if choice <= 2:
            return self.comparison(scopes, depth)
        if choice == 3:
            return self.membership(scopes)
        if choice == 4:
            fn = self.draw(st.sampled_from(["str.contains", "str.startswith", "str.endswith"]))
            return Call(fn, (self.text(scopes, depth), self.text(scopes, 0)))
        if choice == 5:
            fn = self.draw(st.sampled_from(["str.like", "str.like_set"]))
            pattern = self.draw(st.text("aAb%_*?€", max_size=4))
            return Call(fn, (self.path(scopes, "text") or literal("a"), literal(pattern)))
        if choice == 6:
            return Call("null.is", (self.path(scopes, self.draw(st.sampled_from(["text", "number"]))),))
        if choice == 7:
            bounds = [self.path(scopes, "number") or literal(0), literal(self.draw(INTEGERS))]
            bounds = [self.draw(st.sampled_from([*bounds, Literal("null", None)])) for _ in range(2)]
            return Call("cmp.between", (self.number(scopes, depth - 1 if depth else 0), *bounds))
        return self.path(scopes, "bool") or self.comparison(scopes, depth)

    def condition(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 9)) if depth > 0 else 0
        if choice <= 3:
            return self.leaf(scopes, max(depth, 0))
        if choice <= 5:
            fn = self.draw(st.sampled_from(["bool.and", "bool.or"]))
            count = self.draw(st.integers(2, 3))
            return logical(fn, [self.condition(scopes, depth - 1) for _ in range(count)])
        if choice <= 7:
            return negation(self.condition(scopes, depth - 1))
        source = self.collection(scopes) if len(scopes) < 3 else None
        if source is None:
            return self.leaf(scopes, depth)
        path, entity = source
        function = self.draw(st.sampled_from(["any", "all"]))
        condition = self.condition([*scopes, entity], depth - 1)
        if function == "any" and self.draw(st.integers(0, 4)) == 0:
            return Aggregate("any", path)
        if choice == 9 and depth > 1:  # a comparison as a value
            value = Aggregate(function, path, condition)
            return Call(
                self.draw(st.sampled_from(["total.eq", "cmp.ne"])), (value, self.comparison(scopes, 0))
            )
        return Aggregate(function, path, condition)


@st.composite
def queries(draw: st.DrawFn, entity: str = "Shop", expand: int = 1) -> Query:
    trees = Trees(draw)
    order = tuple(
        SortKey(trees.path([entity], draw(st.sampled_from(["text", "number"]))), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 2)))
    )
    select = None
    if draw(st.booleans()):
        names = [name for kind in FIELDS[entity].values() for name in kind]
        select = tuple(
            Selection(Path((name,))) for name in draw(st.lists(st.sampled_from(names), min_size=1))
        )
    expansions = ()
    related = {**TO_MANY[entity], **TO_ONE[entity]}
    if expand and related and draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(sorted(related)), min_size=1, max_size=2, unique=True))
        expansions = tuple(
            Expansion(Path((name,)), draw(queries(related[name], expand - 1))) for name in chosen
        )
    return Query(
        filter=trees.condition([entity], 3) if draw(st.integers(0, 5)) else None,
        order=order,
        select=select,
        expand=expansions,
        top=draw(st.none() | st.integers(0, 4)),
        skip=draw(st.none() | st.integers(0, 3)),
    )
