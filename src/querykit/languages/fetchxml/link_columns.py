"""Columns of linked rows out of a tree: which link each stands in (`linked` puts them into one)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from querykit.ast.build import conjunction
from querykit.ast.nodes import Aggregate, EntitySet, Expr, Selection, SortKey
from querykit.errors import NotExpressible
from querykit.languages.fetchxml.conditions import field_name, join_of
from querykit.languages.fetchxml.links import is_key

__all__ = ["LinkColumns", "is_linked"]

#: Linked entity, its field, the field of the rows around, what else holds of the linked row.
_Link: TypeAlias = tuple[str, str, str, Expr | None]


class LinkColumns:
    """What links show, as a tree of links; the root stands for the entity itself.

    Parameters
    ----------
    columns: (attribute, its alias where the link's name and the attribute's do not make it).
    orders: (attribute, is it descending).
    """

    def __init__(self) -> None:
        self.name: str | None = None
        self.columns: list[tuple[str, str | None]] = []
        self.orders: list[tuple[str, bool]] = []
        self.links: dict[_Link, LinkColumns] = {}

    @classmethod
    def of(cls, select: Iterable[Selection], order: Iterable[SortKey]) -> LinkColumns:
        """The links of a query's columns and sort keys.

        Raises
        ------
        NotExpressible: a column is of rows that are joined in another way, or in a place where FetchXML has none.
        """
        root = cls()
        for item in select:
            if is_linked(item.expr):
                link, attribute = root._reach(item.expr)
                link.columns.append((attribute, link._alias(attribute, item)))
        ordered: LinkColumns | None = None
        for key in order:
            if is_linked(key.expr):
                link, attribute = root._reach(key.expr)
                link.orders.append((attribute, key.descending))
                if ordered not in (None, link):
                    raise _refusal("order by two links", key.expr, "order by columns of one")
                ordered = link
            elif ordered is not None:
                raise _refusal("order by a link before that of the entity", key.expr, "put it last")
        return root

    def _reach(self, expr: Expr) -> tuple[LinkColumns, str]:
        """The link that a value is of, and its attribute there."""
        link = self
        while is_linked(expr):
            assert isinstance(expr, Aggregate)
            assert isinstance(expr.source, EntitySet)
            (inner, outer), rest = join_of(expr)
            entity, origin = str(expr.source.name), field_name(inner.replace(up=0))
            if not is_key(entity, origin):
                raise _refusal("column of rows that may be several", expr, "join them by their key")
            step = (entity, origin, str(outer.steps[0]), conjunction(*rest))
            link = link.links.setdefault(step, LinkColumns())
            assert expr.argument is not None  # is_linked
            expr = expr.argument
        return link, field_name(expr)

    def _alias(self, attribute: str, item: Selection) -> str | None:
        """None where the name is the link's and the attribute's, which gives the link its name."""
        if item.name is None:
            raise _refusal("column of a link without a name", item.expr, "name it")
        name, dot, last = item.name.rpartition(".")
        if not dot or last != attribute or self.name not in (None, name):
            return item.name
        self.name = name
        return None


def is_linked(expr: Expr) -> bool:
    """Is it the value of the one row of another entity?"""
    return (
        isinstance(expr, Aggregate)
        and expr.function == "single"
        and isinstance(expr.source, EntitySet)
        and expr.source.name is not None
        and expr.argument is not None
    )


def _refusal(what: str, node: Expr, hint: str) -> NotExpressible:
    return NotExpressible(f"FetchXML has no {what}", span=node.span, hint=hint)
