"""The one family of exceptions that text from outside can cause.

QueryError(ValueError)
├── ParseError       the text is not a sentence of its language
├── UnknownName      a field, entity, function, language or dialect that does not exist
├── TypeMismatch     operands or arguments that do not go together
├── NotExpressible   right, but the target language or dialect cannot say it
├── LimitExceeded    larger or deeper than `Limits` allows
└── Forbidden        a policy says no
"""

from __future__ import annotations

from collections.abc import Iterable

from querykit.source import Source, Span

__all__ = [
    "Forbidden",
    "LimitExceeded",
    "NotExpressible",
    "ParseError",
    "QueryError",
    "TypeMismatch",
    "UnknownName",
    "suggest",
]


class QueryError(ValueError):
    """A query was refused.

    Attributes
    ----------
    code: a stable name for programs, e.g. ``"syntax"``, ``"unknown_field"``.
    message: one sentence for people.
    position: ``(start, end)``, code points in the text as it was given; None where no place is to blame.
    hint: what to do instead, or None.

    >>> error = ParseError("an operand is missing", span=(8, 8), source=Source("name eq "))
    >>> error.code, error.position
    ('syntax', (8, 8))
    >>> print(error.render())
    error[syntax]: an operand is missing
      |
    1 | name eq
      |         ^
    """

    code = "query"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        span: Span | None = None,
        hint: str | None = None,
        source: Source | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.span = span
        self.hint = hint
        self.source = source

    @property
    def position(self) -> tuple[int, int] | None:
        if self.span is None:
            return None
        start, end = self.span[:2]
        return self.source.original((start, end)) if self.source is not None else (start, end)

    def located(self, source: Source | None, span: Span | None = None) -> QueryError:
        """This error, with the text (and the place) it is about where it had none."""
        if self.source is None:
            self.source = source
        if self.span is None:
            self.span = span
        return self

    def render(self) -> str:
        """The message, the line of the text with a caret under the place, and the hint."""
        lines = [f"error[{self.code}]: {self.message}"]
        position = self.position
        if position is not None and self.source is not None:
            lines += self.source.excerpt(position)
        if self.hint is not None:
            lines.append(f"  = hint: {self.hint}")
        return "\n".join(lines)


class ParseError(QueryError):
    code = "syntax"


class UnknownName(QueryError):
    code = "unknown_name"


class TypeMismatch(QueryError):
    code = "type_mismatch"


class NotExpressible(QueryError):
    code = "not_expressible"


class LimitExceeded(QueryError):
    code = "limit_exceeded"


class Forbidden(QueryError):
    code = "forbidden"


def suggest(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the known words nearest to `name`, or None.

    >>> suggest("nmae", ["name", "revenue"])
    "did you mean 'name'?"
    """
    import difflib  # for a mistake only

    candidates = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name[:128].casefold(), candidates, n=3, cutoff=0.6)
    if not near:
        return None
    return "did you mean " + " or ".join(f"'{candidates[word]}'" for word in near) + "?"
