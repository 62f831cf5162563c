"""`$apply` as text: the transformations of `apply_rules`, and the items that they share with other options."""

from __future__ import annotations

import re
from collections.abc import Callable

from querykit.ast.nodes import Call, EntitySet, Expr, Literal, Named, Path, SortKey, Transformation
from querykit.errors import NotExpressible
from querykit.languages.odata.aggregate_text import aggregated_text, group_text
from querykit.languages.odata.names import is_identifier, is_qualified
from querykit.languages.odata.path_text import Scopes, name_text, plain_path_text
from querykit.languages.odata.rewritings import prepared, prepared_value
from querykit.languages.odata.scopes import branch_scopes
from querykit.languages.odata.search_text import search_text
from querykit.languages.odata.writer import write, write_arguments

__all__ = ["computed_text", "expression_text", "sequence_text", "sort_key_text", "value_text"]

#: What a reader takes for a transformation where a sort key can stand as well.
_LIKE_A_STEP = re.compile(r"[a-z]+\(|identity\b|[^(]*\.")


def expression_text(expr: Expr, scopes: Scopes) -> str:
    """A condition, which keeps the rows for which it is true."""
    return write(prepared(expr), scopes)[0]


def value_text(expr: Expr, scopes: Scopes) -> str:
    """An expression whose value is asked for."""
    return write(prepared_value(expr), scopes)[0]


def sort_key_text(key: Expr | SortKey, scopes: Scopes) -> str:
    if not isinstance(key, SortKey):
        raise NotExpressible("rows are ordered by sort keys", span=key.span)
    return value_text(key.expr, scopes) + (" desc" if key.descending else "")


def computed_text(items: tuple[Expr | SortKey, ...], scopes: Scopes) -> str:
    """`a add 1 as b,…`: P2 5.1.10."""
    texts: list[str] = []
    for item in items:
        if not isinstance(item, Named):
            raise NotExpressible("a computed value needs a name", span=item.span)
        texts.append(f"{value_text(item.value, scopes)} as {_alias(item)}")
    return ",".join(texts)


def sequence_text(steps: tuple[Transformation, ...], scopes: Scopes) -> str:
    """Steps one after the other; two Python frames for each branch within a branch."""
    texts: list[str] = []
    for step in steps:
        texts.append(_step(step, scopes))
    return "/".join(texts)


def _step(step: Transformation, scopes: Scopes) -> str:
    branches: list[str] = []
    for index, branch in enumerate(step.branches):
        branches.append(sequence_text(branch, branch_scopes(step.name, index, scopes)))
    if step.name.startswith("custom."):
        return _function(step, scopes)
    form = _FORMS.get(step.name)
    if form is None:
        raise NotExpressible(f"OData has no transformation '{step.name[:60]}'", span=step.span)
    writer, least, most = form
    if not least <= len(step.args) <= (len(step.args) if most is None else most):
        raise _malformed(step)
    parts = writer(step, scopes, branches)
    if not all(parts):
        raise _malformed(step)  # an empty branch
    return f"{step.name}({','.join(parts)})" if parts else step.name


def _function(step: Transformation, scopes: Scopes) -> str:
    name = step.name.removeprefix("custom.")
    args = _exprs(step)
    if not is_qualified(name) or step.branches or len(args) < len(step.args):
        raise _malformed(step)
    return f"{name}({write_arguments(tuple(args), scopes)})"


def _alias(named: Named) -> str:
    if not is_identifier(named.name):
        raise NotExpressible(f"OData cannot write the name '{named.name[:60]}'", span=named.span)
    return named.name


def _malformed(step: Transformation) -> NotExpressible:
    return NotExpressible(f"OData has no {step.name} of this form", span=step.span)


def _exprs(step: Transformation) -> list[Expr]:
    return [arg for arg in step.args if not isinstance(arg, SortKey)]


# ---- one method for each transformation, or for several of one form: the parts between the commas ----


def _aggregate(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    parts: list[str] = []
    for item in step.args:
        call = item.value if isinstance(item, Named) else item
        if not isinstance(call, Call):
            raise _malformed(step)
        alias = f" as {_alias(item)}" if isinstance(item, Named) else ""
        parts.append(aggregated_text(call, lambda value: value_text(value, scopes)) + alias)
    return parts


def _groupby(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    groups: list[str] = []
    recursive = 0
    for group in _exprs(step):
        if isinstance(group, Call) and group.fn == "rollup" and group.args:
            levels = [group_text(path) for path in group.args]
            if len(levels) == 1 and "/" in levels[0]:
                raise NotExpressible("one path is no hierarchy", span=group.span)
            groups.append(f"rollup({','.join(levels)})")
        elif isinstance(group, Call) and group.fn == "rolluprecursive":
            recursive += 1
            parts = _tree(step, group.args)
            parts += filter(None, branches[recursive : recursive + 1])
            groups.append(f"rolluprecursive({','.join(parts)})")
        else:
            groups.append(group_text(group))
    if len(branches) > 1 + recursive:
        raise _malformed(step)
    return [f"({','.join(groups)})", *filter(None, branches[:1])]


def _condition(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return [expression_text(expr, scopes) for expr in _exprs(step)]


def _values(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return [value_text(expr, scopes) for expr in _exprs(step)]


def _nothing(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return []


def _search(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return [search_text(expr) for expr in _exprs(step)]


def _compute(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return [computed_text(step.args, scopes)]


def _orderby(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return [sort_key_text(key, scopes) for key in step.args]


def _concat(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    if len(branches) < 2:
        raise _malformed(step)
    return branches


def _join(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    (named,) = step.args
    if not isinstance(named, Named) or not isinstance(named.value, Path):
        raise _malformed(step)
    joined = f"{plain_path_text(named.value)} as {_alias(named)}"
    return [joined, *branches[:1]]


def _nest(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    return _nested(step, _exprs(step), branches)


def _nested(step: Transformation, names: list[Expr], branches: list[str]) -> list[str]:
    parts: list[str] = []
    if len(names) != len(branches):
        raise _malformed(step)
    for name, branch in zip(names, branches, strict=True):
        if not isinstance(name, Literal) or not branch:
            raise _malformed(step)
        parts.append(f"{branch} as {name_text(str(name.value), name)}")
    return parts


def _addnested(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    path, *names = _exprs(step)
    if not isinstance(path, Path):
        raise _malformed(step)
    return [plain_path_text(path), *_nested(step, names, branches)]


def _tree(step: Transformation, args: tuple[Expr | SortKey, ...]) -> list[str]:
    if len(args) < 3:
        raise _malformed(step)
    nodes, name, node = args[:3]
    rooted = isinstance(nodes, EntitySet) or (
        isinstance(nodes, Path) and bool(nodes.steps) and isinstance(nodes.steps[0], EntitySet)
    )
    if not rooted or not isinstance(name, Literal) or isinstance(nodes, SortKey) or isinstance(node, SortKey):
        raise _malformed(step)
    return [value_text(nodes, (None,)), name_text(str(name.value), name), group_text(node)]


def _hierarchy(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    if len(branches) != 1:
        raise _malformed(step)
    parts = [*_tree(step, step.args), *branches]
    for extra in step.args[3:]:
        if isinstance(extra, Named) and extra.name == "levels":
            parts.append(value_text(extra.value, scopes))
        elif isinstance(extra, Named) and extra.name == "keep_start":
            parts.append("keep start")
        else:
            raise _malformed(step)
    return parts


def _traverse(step: Transformation, scopes: Scopes, branches: list[str]) -> list[str]:
    direction = step.args[3]
    if not isinstance(direction, Literal) or direction.value not in ("preorder", "postorder"):
        raise _malformed(step)
    parts = [*_tree(step, step.args), str(direction.value), *branches[:1]]
    for key in step.args[4:]:
        text = sort_key_text(key, scopes)
        if _LIKE_A_STEP.match(text) and isinstance(key, SortKey):
            text = f"({value_text(key.expr, scopes)})" + (" desc" if key.descending else "")
        parts.append(text)
    return parts


_Writer = Callable[[Transformation, Scopes, list[str]], list[str]]
_RANKED = [f"{end}{what}" for end in ("top", "bottom") for what in ("count", "sum", "percent")]
#: Transformation -> its writer, and how many arguments it has at least and at most.
_FORMS: dict[str, tuple[_Writer, int, int | None]] = {
    "identity": (_nothing, 0, 0),
    "aggregate": (_aggregate, 1, None),
    "groupby": (_groupby, 1, None),
    "filter": (_condition, 1, 1),
    "search": (_search, 1, 1),
    "compute": (_compute, 1, None),
    "orderby": (_orderby, 1, None),
    "skip": (_values, 1, 1),
    "top": (_values, 1, 1),
    **dict.fromkeys(_RANKED, (_values, 2, 2)),
    "concat": (_concat, 0, 0),
    "join": (_join, 1, 1),
    "outerjoin": (_join, 1, 1),
    "nest": (_nest, 1, None),
    "addnested": (_addnested, 2, None),
    "ancestors": (_hierarchy, 3, 5),
    "descendants": (_hierarchy, 3, 5),
    "traverse": (_traverse, 4, None),
}
