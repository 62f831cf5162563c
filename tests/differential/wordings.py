"""Random requests over the schema of `crm` that one language can say: `queries` in the shape that it has."""

from __future__ import annotations

from collections.abc import Callable

from crm import DAYS, INTEGERS, MOMENTS, TEXTS
from hypothesis import strategies as st
from queries import FIELDS, TO_MANY, TO_ONE, Trees, literal

from querykit.ast.build import logical, negation
from querykit.ast.nodes import (
    Aggregate,
    Call,
    EntitySet,
    Expansion,
    Expr,
    Literal,
    Named,
    Path,
    Query,
    Selection,
    SortKey,
)

__all__ = ["OPTIONS", "requests"]

_NAMES = ["eq", "ne", "lt", "le", "gt", "ge"]
_NULL = Literal("null", None)


class Wordings(Trees):
    """Conditions with what several languages have: choices, free joins, tests for nothing."""

    def condition(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 11)) if depth > 0 else 11
        if choice == 0:
            return self.choice(scopes, depth)
        if choice == 1 and len(scopes) < 3:
            return self.free_join(scopes, depth)
        if choice == 2:
            return self.emptiness(scopes)
        return super().condition(scopes, depth)

    def choice(self, scopes: list[str], depth: int) -> Expr:
        """`case` as a number, compared."""
        test = self.condition(scopes, depth - 1)
        rest = (self.number(scopes, 0),) if self.draw(st.booleans()) else ()
        value = Call("logic.case", (test, self.number(scopes, 0), *rest))
        return Call(
            self.draw(st.sampled_from(["total.eq", "cmp.gt", "total.ne"])),
            (value, literal(self.draw(INTEGERS))),
        )

    def free_join(self, scopes: list[str], depth: int) -> Expr:
        """`[<Order>][shop_id = ^.id]`, or a sum over one, compared."""
        if scopes[-1] != "Shop":
            return self.leaf(scopes, depth)
        joined = Call(
            self.draw(st.sampled_from(["cmp.eq", "total.eq"])), (Path(("shop_id",)), Path(("id",), 1))
        )
        condition = logical("bool.and", [joined, self.condition([*scopes, "Order"], depth - 1)])
        if self.draw(st.booleans()):
            return Aggregate("any", EntitySet("Order"), condition)
        counted = Aggregate("count", EntitySet("Order"), condition)
        return Call("total.gt", (counted, literal(self.draw(st.integers(0, 2)))))

    def emptiness(self, scopes: list[str]) -> Expr:
        text = self.path(scopes, "text") or literal("")
        return Call("str.is_null_or_empty", (text,))


class Plain(Wordings):
    """Conditions on fields of one row, as languages without expressions have them."""

    def condition(self, scopes: list[str], depth: int) -> Expr:
        choice = self.draw(st.integers(0, 6)) if depth > 0 else 0
        if choice <= 2:
            return self.test()
        if choice <= 5:
            fn = self.draw(st.sampled_from(["bool.and", "bool.or"]))
            return logical(
                fn, [self.condition(scopes, depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
            )
        return negation(self.condition(scopes, depth - 1))

    def field(self, kind: str) -> Path:
        return Path((self.draw(st.sampled_from(FIELDS["Shop"][kind])),))

    def value(self, kind: str) -> Literal:
        values = {"text": TEXTS, "integer": INTEGERS, "moment": MOMENTS, "day": DAYS, "bool": st.booleans()}
        return literal(self.draw(values[kind]))

    def test(self) -> Expr:
        kind = self.draw(st.sampled_from(["text", "text", "integer", "integer", "moment", "day", "bool"]))
        field, family = self.field(kind), self.draw(st.sampled_from(["total", "cmp"]))
        choice = self.draw(st.integers(0, 9))
        if choice == 0:
            return Call("null.is", (field,))
        if choice == 1 and kind != "bool":
            return Call("cmp.between", (field, self.value(kind), self.value(kind)))
        if choice in (2, 3) and kind != "bool":
            items = [
                _NULL if self.draw(st.integers(0, 5)) == 0 else self.value(kind)
                for _ in range(self.draw(st.integers(0, 3)))
            ]
            return Call(f"{family}.in", (field, Call("list", tuple(items))))
        if choice in (4, 5) and kind == "text":
            fn = self.draw(
                st.sampled_from(
                    ["str.contains", "str.startswith", "str.endswith", "str.like", "str.like_set"]
                )
            )
            return Call(fn, (field, literal(self.draw(st.text("aAb%_?€", max_size=4)))))
        name = self.draw(st.sampled_from(_NAMES[: 2 if kind == "bool" else 6]))
        return Call(f"{family}.{name}", (field, self.value(kind)))


class Links(Plain):
    """The same, and links to other entities."""

    def condition(self, scopes: list[str], depth: int) -> Expr:
        if depth < 2 or len(scopes) > 1 or self.draw(st.integers(0, 3)):
            return super().condition(scopes, depth)
        joined = Call("cmp.eq", (Path(("shop_id",)), Path(("id",), 1)))
        rank = Call(
            f"cmp.{self.draw(st.sampled_from(_NAMES))}", (Path(("rank",)), literal(self.draw(INTEGERS)))
        )
        return Aggregate("any", EntitySet("Order"), logical("bool.and", [joined, rank]))


class Ids(Plain):
    """Conditions on ids, which are all that Resengo has."""

    def condition(self, scopes: list[str], depth: int) -> Expr:
        family = self.draw(st.sampled_from(["total", "cmp"]))
        if self.draw(st.booleans()):
            return Call(f"{family}.eq", (Path(("parent_id",)), self.value("integer")))
        items = self.draw(st.lists(INTEGERS, min_size=1, max_size=4))
        return Call(f"{family}.in", (Path(("parent_id",)), Call("list", tuple(map(literal, items)))))


#: Language -> what draws its conditions, and the options of its requests.
OPTIONS: dict[str, tuple[type[Trees], tuple[str, ...]]] = {
    "odata": (Wordings, ("order", "select", "expand", "compute", "top", "skip", "count")),
    "criteria": (Wordings, ()),
    "logo": (Wordings, ("order", "select", "top", "skip", "count")),
    "vtql": (Plain, ("order", "select", "top", "skip")),
    "fetchxml": (Links, ("order", "select", "top", "page", "count")),
    "resengo": (Ids, ("order", "top", "page")),
}


def _order(trees: Trees, language: str) -> tuple[SortKey, ...]:
    """VTQL has one direction, Resengo one key, ascending; only OData sorts by computed values."""
    most = 1 if language == "resengo" else 2
    keys = []
    for _ in range(trees.draw(st.integers(0, most))):
        path = Path((trees.draw(st.sampled_from(["name", "note", "rank", "price", "open", "founded"])),))
        computed = language == "odata" and trees.draw(st.integers(0, 2)) == 0
        keys.append(
            SortKey(
                trees.condition(["Shop"], 1) if computed else path,
                language != "resengo" and trees.draw(st.booleans()),
            )
        )
    if language == "vtql":
        keys = [SortKey(key.expr, key.descending and key is keys[-1]) for key in keys]
    return tuple(keys)


def _expansion(trees: Trees) -> Expansion:
    name = trees.draw(st.sampled_from(["orders", "branches", "tags", "parent"]))
    entity = {**TO_MANY["Shop"], **TO_ONE["Shop"]}[name]
    order = (SortKey(Path(("note",)), trees.draw(st.booleans())),)
    return Expansion(Path((name,)), Query(filter=trees.condition([entity], 2), order=order))


_SIZES = st.sampled_from([1, 2, 3, 4, 25, 50])
_DRAWN: dict[str, Callable[[Trees], object]] = {
    "select": lambda trees: tuple(
        Selection(Path((name,)))
        for name in trees.draw(
            st.lists(
                st.sampled_from(["id", "name", "rank", "vip", "day"]), min_size=1, max_size=3, unique=True
            )
        )
    ),
    "expand": lambda trees: (_expansion(trees),),
    "compute": lambda trees: (Named("computed", trees.condition(["Shop"], 1)),),
    "top": lambda trees: trees.draw(_SIZES),
    "skip": lambda trees: trees.draw(st.integers(0, 3)),
    "count": lambda trees: trees.draw(st.booleans()),
}


@st.composite
def requests(draw: st.DrawFn, language: str, entity: str = "Shop") -> Query:
    """A request that the language most likely has; `page` skips whole pages."""
    kind, options = OPTIONS[language]
    trees = kind(draw)
    chosen = {name: _DRAWN[name](trees) for name in options if name in _DRAWN and draw(st.booleans())}
    if "page" in options and chosen.get("top"):
        chosen["skip"] = chosen["top"] * draw(st.integers(0, 2))
    return Query(
        entity=entity,
        filter=trees.condition([entity], 3) if draw(st.integers(0, 5)) else None,
        order=_order(trees, language) if "order" in options else (),
        **chosen,
    )
