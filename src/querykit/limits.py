"""What a text from outside may cost: one immutable object, enforced while parsing."""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from typing import NamedTuple, Self

__all__ = ["APPLY_CEILING", "COLLECTION_CEILING", "DEPTH_CEILING", "Limits"]

#: Every pass over a tree recurses a small, fixed number of Python frames per level; this many levels
#: fit into Python's default stack below any web framework. A larger ``Limits.depth`` is a programming error.
DEPTH_CEILING = 128

#: A collection condition takes more of the stack than an operator does.
COLLECTION_CEILING = 24

#: Transformations of one `$apply` that are run, those before a `concat` once for each of its branches. A derived
#: table within a derived table takes stack in every database, and of Python 17 frames to write.
APPLY_CEILING = 32


class _Limits(NamedTuple):
    text_length: int = 100_000
    tokens: int = 10_000
    nodes: int = 2_500
    depth: int = 64
    list_items: int = 1_000
    collection_depth: int = 4
    joins: int = 16
    expand_depth: int = 4
    expand_width: int = 20
    page_size: int = 10_000


class Limits(_Limits):
    """Bounds on a query text, all inclusive.

    Parameters
    ----------
    text_length: characters of the text.
    tokens: lexical tokens of one expression.
    nodes: nodes of the syntax tree, list items not counted. 2,500 keeps a chain of comparisons below
        the expression depth at which SQLite gives up (1,000).
    depth: levels of the syntax tree, at most `DEPTH_CEILING`. Brackets that group cost nothing.
    list_items: items of one list (`in (…)`).
    collection_depth: collection conditions (`any`, `all`, aggregates) inside one another; of
        those that are run, never more than `COLLECTION_CEILING`.
    joins: to-one relations that paths go over, in one statement (SQLite joins at most 64 tables).
    expand_depth: levels of `$expand`.
    expand_width: items of one `$expand`.
    page_size: the largest `$top`.

    Raises
    ------
    ValueError: a bound is negative, or `depth` is above `DEPTH_CEILING`.

    >>> Limits(depth=10).depth
    10
    >>> Limits(depth=1_000_000)
    Traceback (most recent call last):
    ...
    ValueError: depth can be at most 128, not 1000000
    """

    __slots__ = ()

    def __new__(cls, *args: int, **bounds: int) -> Self:
        self = super().__new__(cls, *args, **bounds)
        for name, value in zip(cls._fields, self, strict=True):
            if value < 0:
                raise ValueError(f"{name} cannot be negative: {value}")
        if self.depth > DEPTH_CEILING:
            raise ValueError(f"depth can be at most {DEPTH_CEILING}, not {self.depth}")
        return self
