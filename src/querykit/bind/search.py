"""Free-text search: by the full-text index of the schema on the database that has it, else portable.

What matches is up to the service (OData 4.01 Part 1, 11.2.6.6). Portable, a term is found where a searchable
property contains it, in any letter case. An index finds whole words, a phrase where they follow one another, and
a term still being typed where a word begins with it; the evaluator does the same for an entity that has one. Each
term is a question of its own, so that AND, OR and NOT are those of conditions: words of one term may be in
another property than those of the next. A row without a text is not found, and so `NOT` keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from querykit import types as t
from querykit.ast.nodes import Call, Expr, Literal
from querykit.bind.scope import Row
from querykit.errors import NotExpressible
from querykit.plan.nodes import FALSE, TRUE, Bound, Column, Op, Slot, Subquery
from querykit.schema.model import Entity, Property, SearchIndex

if TYPE_CHECKING:
    from querykit.bind.expressions import Binder

__all__ = ["HANDLERS", "search"]

_CONNECTIVES = {"search.and": "bool.and", "search.or": "bool.or", "search.not": "bool.not"}


def search(binder: Binder, expr: Expr, row: Row) -> Bound:
    """The condition that a search expression stands for on a row; it is never null.

    Raises
    ------
    NotExpressible: the schema marks no property of the entity as searchable.
    """
    if isinstance(expr, Call) and expr.fn in _CONNECTIVES:
        args = tuple([search(binder, arg, row) for arg in expr.args])
        return Op(_CONNECTIVES[expr.fn], args, t.BOOL, False, expr.span)
    searchable = [name for name, item in row.entity.properties.items() if item.searchable]
    hidden = [name for name in searchable if binder.tables.hides(row.entity, name)]
    columns = [row.column(name) for name in searchable if name not in hidden]
    if not columns:
        raise NotExpressible(
            f"{row.entity.name} cannot be searched",
            code="not_searchable",
            span=expr.span,
            hint="the schema marks no property as searchable",
        )
    assert isinstance(expr, Call)  # a search.term
    (word,) = expr.args
    assert isinstance(word, Literal)
    tests = tuple(_found(binder, column, word) for column in columns)
    portable = tests[0] if len(tests) == 1 else Op("bool.or", tests, t.BOOL, False, expr.span)
    index = row.entity.search_index
    # The index would find words of what is hidden, and a derived table does not have its column.
    if index is None or hidden or (row.rows is not None and index.kind == "tsvector"):
        return portable
    return _indexed(binder, row, index, word, columns, portable)


def _found(binder: Binder, column: Column, word: Literal) -> Bound:
    folded = Literal("string", str(word.value).lower(), span=word.span)
    text = Op("str.lower", (column,), t.STRING, column.nullable)
    test = Op("str.contains", (text, binder.slot(folded, t.STRING)), t.BOOL, column.nullable, word.span)
    return _surely(test)


def _surely(test: Op) -> Op:
    return Op("bool.is_true", (test,), t.BOOL, False) if test.nullable else test


def _indexed(
    binder: Binder, row: Row, index: SearchIndex, word: Literal, columns: Sequence[Column], portable: Bound
) -> Op:
    """Three ways to say one thing, of which a target takes the one it can: by any means, in words, by the index."""
    term = binder.slot(Literal("string", word.value, span=word.span), t.STRING)
    assert isinstance(term, Slot)
    begun = word.name == "incomplete"
    folded = TRUE if index.kind == "fts5" else FALSE  # unicode61 takes accents away, PostgreSQL leaves them
    words = Op("search.words", (term, folded, TRUE if begun else FALSE, *columns), t.BOOL, False, word.span)
    native = _surely(_NATIVE[index.kind](binder, row, index, term, begun))
    return Op(f"search.{index.kind}", (portable, words, native), t.BOOL, False, word.span)


def _fts5(binder: Binder, row: Row, index: SearchIndex, term: Slot, begun: bool) -> Op:
    """`key IN (SELECT rowid FROM fts WHERE fts MATCH …)`: the index is asked once, not once for each row."""
    here, there = index.link or (_key_column(row.entity), "rowid")
    key = next((item for item in row.entity.properties.values() if item.column == here), None)
    key = key or Property(here, here, t.ANY)
    table = Entity(
        index.name,
        index.name,
        {
            "link": Property("link", there, key.type, nullable=False),
            "match": Property("match", index.name, t.ANY, nullable=False),  # FTS5 names it after the table
        },
    )
    inner = binder.tables.new_row(table)
    found = Op(f"fts5.{_how(begun)}", (inner.column("match"), term), t.BOOL, False)
    link = inner.column("link")
    rows = Subquery("rows", inner.freeze(), row.id, None, found, link, link.type, False)
    own = Column(row.id, key, key.type, key.nullable or row.optional)
    return Op("search.in_rows", (own, rows), t.BOOL, own.nullable)


def _tsvector(binder: Binder, row: Row, index: SearchIndex, term: Slot, begun: bool) -> Op:
    vector = Column(row.id, Property(index.name, index.name, t.ANY), t.ANY, True)
    config = binder.slot(Literal("string", index.config), t.STRING)
    return Op(f"tsvector.{_how(begun)}", (vector, config, term), t.BOOL, True)


def _how(begun: bool) -> str:
    return "prefix" if begun else "phrase"


def _key_column(entity: Entity) -> str:
    if len(entity.key) != 1:
        raise NotExpressible(
            f"the index of {entity.name} cannot be linked to its rows",
            code="search_index",
            hint='state the columns: link=("id", "rowid")',
        )
    return entity.properties[entity.key[0]].column


_NATIVE: dict[str, Callable[[Binder, Row, SearchIndex, Slot, bool], Op]]
_NATIVE = {"fts5": _fts5, "tsvector": _tsvector}


def _here(binder: Binder, call: Call) -> Bound:
    """Inside a condition, `Orders/$count($search=…)`: a search among the rows that the condition is about."""
    return search(binder, call, binder.rows[-1])


HANDLERS: dict[str, Callable[[Binder, Call], Bound]] = dict.fromkeys((*_CONNECTIVES, "search.term"), _here)
