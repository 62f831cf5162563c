"""Object literals: `##XpoObject#Ns.Customer(5)#` is the row of `Customer` with this key.

A reference is compared by key (criteria.md, 6), so that is what the literal is: a value of the key's type.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from querykit.ast.nodes import Expr, Literal, Path
from querykit.bind.inheritance import entity_of, is_related
from querykit.bind.scope import Row
from querykit.errors import NotExpressible, TypeMismatch
from querykit.plan.nodes import Bound

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["check_classes", "key_of"]


def key_of(binder: Binder, literal: Literal) -> Bound:
    """The key that an object literal states.

    Raises
    ------
    UnknownName: the schema has no such class.
    TypeMismatch: the key is none of the class.
    """
    entity = entity_of(binder.tables, literal.name, literal.span)
    if len(entity.key) != 1:
        raise NotExpressible(
            f"a row of {entity.name} is not one value, its key has {len(entity.key)} parts",
            code="row_as_value",
            span=literal.span,
        )
    key = entity.properties[entity.key[0]]
    kinds = {uuid.UUID: "guid", int: "int"}
    written = Literal(kinds.get(type(literal.value), "string"), literal.value, span=literal.span)
    return binder.slot(written, key.type, like=key, lenient=True)


def check_classes(binder: Binder, exprs: Sequence[Expr]) -> None:
    """References may be compared with objects of their own class.

    Raises
    ------
    TypeMismatch: an object of another class.
    """
    literals = [expr for expr in exprs if isinstance(expr, Literal) and expr.kind == "object"]
    for expr in exprs if literals else ():
        found = binder.target(expr) if isinstance(expr, Path) else None
        if not isinstance(found, Row):
            continue
        for literal in literals:
            entity = entity_of(binder.tables, literal.name, literal.span)
            if not is_related(binder.tables.schema, found.entity, entity):
                raise TypeMismatch(
                    f"a {found.entity.name} is no {entity.name}", code="object_class", span=literal.span
                )
