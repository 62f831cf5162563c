"""What `^` counts, in the reading in which every object on the way to a collection is a scope.

In ``Cluster.Stars[Oid = ^.Center]`` the parent is the cluster, and ``^.^`` the object that has it. The tree knows
one scope for each collection, so that the cluster is the path `Cluster` of the row around.
"""

from __future__ import annotations

from typing import TypeAlias

from querykit.ast.nodes import Aggregate, Call, Expr, Path, Step

__all__ = ["SCOPES", "by_segment"]

#: What opens a scope for `^`: a collection, or each segment of the path to one.
SCOPES = ("collection", "segment")

#: What each number of `^` means in the tree: scopes to leave, and steps to take from there.
_Levels: TypeAlias = tuple[tuple[int, tuple[Step, ...]], ...]


def by_segment(expr: Expr) -> Expr:
    """The tree of a text in which each segment of a path to a collection opens a scope."""
    return _read(expr, ((0, ()),))


def _read(expr: Expr, levels: _Levels) -> Expr:
    if isinstance(expr, Path):
        return _path(expr, levels)
    if isinstance(expr, Call):
        return expr.replace(args=tuple([_read(arg, levels) for arg in expr.args]))
    if isinstance(expr, Aggregate):
        inner = _inside(expr, levels)
        return expr.replace(
            source=_path(expr.source, levels) if isinstance(expr.source, Path) else expr.source,
            condition=None if expr.condition is None else _read(expr.condition, inner),
            argument=None if expr.argument is None else _read(expr.argument, inner),
        )
    return expr


def _path(path: Path, levels: _Levels) -> Path:
    """Beyond the outermost object there is none: binding says so."""
    last = len(levels) - 1
    up, steps = levels[path.up] if path.up <= last else (levels[last][0] + path.up - last, ())
    return path.replace(up=up, steps=(*steps, *path.steps))


def _inside(node: Aggregate, levels: _Levels) -> _Levels:
    """The element, the objects on the way to it, and what was around."""
    source = node.source
    way: list[tuple[int, tuple[Step, ...]]] = []
    if isinstance(source, Path):
        levels = levels[min(source.up, len(levels) - 1) :]
        up, steps = levels[0]
        places = [place for place, step in enumerate(source.steps) if isinstance(step, str)]
        way = [(up + 1, (*steps, *source.steps[: place + 1])) for place in reversed(places[:-1])]
    return ((0, ()), *way, *((up + 1, steps) for up, steps in levels))
