"""Writing literals by a table of the language: kind -> writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from querykit.ast.nodes import Literal
from querykit.errors import NotExpressible

__all__ = ["Writers", "written"]

#: Kind of a literal -> its text, or None where the language has no form for the value.
Writers = Mapping[str, Callable[[Literal], str | None]]


def written(value: Literal, writers: Writers, language: str, names: Mapping[str, str], hint: str) -> str:
    """The text of a literal.

    Parameters
    ----------
    names: what to call a kind in the message, where its own name would not be understood.
    hint: what the language has instead.

    Raises
    ------
    NotExpressible: the language has no form for it.
    """
    writer = writers.get(value.kind)
    text = writer(value) if writer is not None else None
    if text is None:
        kind = names.get(value.kind, value.kind)
        raise NotExpressible(f"{language} has no {kind} values", span=value.span, hint=hint)
    return text
