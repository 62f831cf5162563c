"""Ids as Vtiger writes them, `11x5`: the prefix of a kind of record, `x`, the number in the database.

Comparisons are about the number: literals are split, and the prefix is not looked at, as Vtiger does not
(`id = '99x5'` finds account 5, `x44` needs none). Everywhere else, and in results, the value is the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from querykit import types as t
from querykit.ast.nodes import Literal
from querykit.errors import TypeMismatch
from querykit.plan.nodes import Bound, Column, Op
from querykit.schema.model import Property

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder, Operand

__all__ = ["number", "written"]


def number(literal: Literal, like: Property) -> Literal:
    """The part of an id that the database has, as a literal of its type.

    Raises
    ------
    TypeMismatch: it is no id.
    """
    text = literal.value
    _, cross, rest = text.partition("x") if isinstance(text, str) else ("", "", "")
    digits = rest.isascii() and rest.isdigit() and len(rest) <= 18
    if literal.kind != "string" or not cross or not (digits if like.type == t.INT else rest):
        raise TypeMismatch(
            f"'{str(text)[:40]}' is no id",
            code="bad_id",
            span=literal.span,
            hint=f"ids of {like.name} are written {like.id_prefixes[0][0]}x5",
        )
    if like.type == t.INT:
        return Literal("int", int(rest), span=literal.span)
    return Literal("string", rest, span=literal.span)


@overload
def written(binder: Binder, operand: Bound) -> Bound: ...
@overload
def written(binder: Binder, operand: Operand) -> Operand: ...
def written(binder: Binder, operand: Operand) -> Operand:
    """An operand as the text it is for a query; all but the numbers of records are that already.

    Of several prefixes, the one whose relation leads to a record; null where none does.
    """
    if not isinstance(operand, Column) or not operand.property.id_prefixes:
        return operand
    prefixes = operand.property.id_prefixes
    if len(prefixes) == 1 and not prefixes[0][1]:
        return _joined(binder, prefixes[0][0], operand)
    args: list[Bound] = []
    for prefix, relation in prefixes:
        record = binder.tables.row(operand.table).joined(relation, None)
        missing = Op("null.is", (record.key(None),), t.BOOL, False)
        args += [Op("bool.not", (missing,), t.BOOL, False), _joined(binder, prefix, operand)]
    return Op("logic.case", tuple(args), t.STRING, True)


def _joined(binder: Binder, prefix: str, column: Column) -> Op:
    start = binder.slot(Literal("string", f"{prefix}x"), t.STRING)
    text: Bound = column
    if column.type != t.STRING:
        text = Op("cast.string", (column,), t.STRING, column.nullable)
    return Op("str.concat", (start, text), t.STRING, column.nullable)
