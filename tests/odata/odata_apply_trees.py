"""Random `$search`, `$compute` and `$apply`, for Hypothesis."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from odata_trees import NAMES, OWN, QUALIFIED, Exprs, Scopes, expressions

from querykit.ast.build import logical
from querykit.ast.nodes import (
    Call,
    Cast,
    EntitySet,
    Expansion,
    Expr,
    Key,
    Literal,
    Named,
    Path,
    Query,
    SortKey,
    Transformation,
)

__all__ = ["shaped"]

Sequence = tuple[Transformation, ...]
Sequences = st.SearchStrategy[Sequence]


# ---- $search ----


def _term(name: str, texts: st.SearchStrategy[str]) -> Exprs:
    return texts.map(lambda text: Call("search.term", (Literal("string", text, name),)))


@cache
def searches() -> Exprs:
    """Words, phrases, AND, OR, NOT; or a text that is still being typed."""
    words = st.text("aN'$@=&%+#*é.;-", min_size=1, max_size=4).filter(
        lambda text: text[0] not in "';" and text[-1] != ";" and ";@" not in text
    )
    phrases = st.text("aO ()';&日", min_size=1, max_size=4)
    terms = st.one_of(
        _term("", words | st.sampled_from(["ANDy", "and", "NOTa", "OR1"])),
        _term("phrase", phrases | st.sampled_from(["AND", "OR", "NOT"])),
    )
    both = st.recursive(
        terms,
        lambda inner: st.one_of(
            st.builds(
                logical, st.sampled_from(["search.and", "search.or"]), st.lists(inner, min_size=2, max_size=3)
            ),
            inner.map(lambda operand: Call("search.not", (operand,))),
        ),
        max_leaves=6,
    )
    return st.one_of(both, _term("incomplete", st.text("a\"'() ", max_size=4)))


# ---- $compute ----


def computed(scopes: Scopes) -> st.SearchStrategy[tuple[Named, ...]]:
    return st.lists(st.builds(Named, NAMES, expressions(scopes, 1)), min_size=1, max_size=2).map(tuple)


# ---- $apply ----


def _groups() -> st.SearchStrategy[Path]:
    before = st.lists(st.one_of(NAMES, QUALIFIED.map(Cast)), max_size=2)
    return st.builds(lambda steps, last: Path((*steps, last)), before, NAMES)


def _aggregates(scopes: Scopes) -> st.SearchStrategy[Expr]:
    methods = st.sampled_from(["agg.sum", "agg.min", "agg.max", "agg.avg", "agg.countdistinct", "agg.Ns.m"])
    # after a property `not` the word `from` would be an operand
    plain = _groups().filter(lambda path: path.steps[0] != "not")
    first = st.one_of(
        st.builds(lambda fn, value: Call(fn, (value,)), methods, expressions(scopes, 1)),
        st.just(Call("agg.count", ())),
        plain.map(lambda path: Call("agg.count", (path,))),
    )
    by = st.lists(_groups(), min_size=1, max_size=2).map(lambda paths: Call("agg.from", tuple(paths)))

    def chained(start: Expr, steps: list[tuple[str, Call]]) -> Expr:
        for fn, groups in steps:
            start = Call(fn, (start, groups))
        return start

    custom = plain.map(lambda path: Call("agg.custom", (path,)))
    known = st.builds(chained, first, st.lists(st.tuples(methods, by), max_size=2))
    named = st.builds(chained, custom, st.lists(st.tuples(methods | st.just("agg.custom"), by), max_size=2))
    return st.one_of(st.builds(Named, NAMES, st.one_of(known, named)), custom)


def _trees() -> st.SearchStrategy[tuple[Expr, ...]]:
    nodes = st.one_of(
        NAMES.map(EntitySet),
        st.builds(lambda name, step: Path((EntitySet(name), Key((Literal("int", 1),)), step)), NAMES, NAMES),
    )
    return st.tuples(nodes, NAMES.map(lambda name: Literal("string", name)), _groups())


def _step(
    name: str, args: st.SearchStrategy[tuple[Expr | SortKey, ...]]
) -> st.SearchStrategy[Transformation]:
    return args.map(lambda args: Transformation(name, args))


def _simple(scopes: Scopes) -> st.SearchStrategy[Transformation]:
    value = expressions(scopes, 1)
    ranked = [f"{end}{what}" for end in ("top", "bottom") for what in ("count", "sum", "percent")]
    keys = st.lists(st.builds(SortKey, value, st.booleans()), min_size=1, max_size=2).map(tuple)
    number = st.integers(0, 9).map(lambda value: (Literal("int", value),))
    return st.one_of(
        st.just(Transformation("identity")),
        _step("filter", st.tuples(value)),
        _step("search", st.tuples(searches())),
        _step("compute", computed(scopes)),
        _step("orderby", keys),
        _step("skip", number),
        _step("top", number),
        st.builds(Transformation, st.sampled_from(ranked), st.tuples(value, value)),
        _step("aggregate", st.lists(_aggregates(scopes), min_size=1, max_size=2).map(tuple)),
        _step(
            "custom.Ns.f", st.lists(st.one_of(value, st.builds(Named, NAMES, value)), max_size=2).map(tuple)
        ),
    )


@cache
def sequences(scopes: Scopes, depth: int = 2) -> Sequences:
    """One transformation or more."""
    step = st.one_of(_simple(scopes), _branching(scopes, depth)) if depth else _simple(scopes)
    return st.lists(step, min_size=1, max_size=2).map(tuple)


def _optional(sequence: Sequences) -> st.SearchStrategy[tuple[Sequence, ...]]:
    return st.one_of(st.just(()), st.tuples(sequence))


def _grouped(groups: list[tuple[Expr, Sequence | None]], inner: tuple[Sequence, ...]) -> Transformation:
    """Each group with the branch of a `rolluprecursive`, None for others."""
    args = tuple(group for group, _ in groups)
    recursive = [branch for _, branch in groups if branch is not None]
    return Transformation("groupby", args, (*(inner or ((),)), *recursive) if recursive else inner)


def _branching(scopes: Scopes, depth: int) -> st.SearchStrategy[Transformation]:
    same, other = sequences(scopes, depth - 1), sequences((OWN, *scopes), depth - 1)
    joins = st.sampled_from(["join", "outerjoin"])
    aliased = st.builds(lambda name, path: (Named(name, path),), NAMES, _groups())
    plain = _groups().map(lambda path: (path, None))
    several = st.lists(_groups(), min_size=2, max_size=2)
    hierarchy = NAMES.map(lambda name: [Path((name,))])
    rollup = st.one_of(several, hierarchy).map(lambda paths: (Call("rollup", tuple(paths)), None))
    recursive = st.tuples(
        _trees().map(lambda tree: Call("rolluprecursive", tree)), st.one_of(st.just(()), other)
    )
    groups = st.lists(st.one_of(plain, rollup, recursive), min_size=1, max_size=2)
    names = NAMES.map(lambda name: Literal("string", name))
    extras = st.tuples(
        st.sampled_from([(), (Named("levels", Literal("int", 2)),)]),
        st.sampled_from([(), (Named("keep_start", Literal("bool", True)),)]),
    ).map(lambda parts: (*parts[0], *parts[1]))
    order = st.sampled_from(["preorder", "postorder"]).map(lambda word: Literal("string", word))
    keys = st.lists(st.builds(SortKey, expressions(scopes, 1), st.booleans()), max_size=2)
    nodes = other.filter(lambda steps: not steps[0].name.startswith("custom."))
    return st.one_of(
        st.builds(_grouped, groups, _optional(same)),
        st.lists(same, min_size=2, max_size=3).map(lambda parts: Transformation("concat", (), tuple(parts))),
        st.builds(Transformation, joins, aliased, _optional(other)),
        st.builds(lambda name, branch: Transformation("nest", (name,), (branch,)), names, same),
        st.builds(
            lambda path, name, branch: Transformation("addnested", (path, name), (branch,)),
            _groups(),
            names,
            other,
        ),
        st.builds(
            lambda name, tree, extra, branch: Transformation(name, (*tree, *extra), (branch,)),
            st.sampled_from(["ancestors", "descendants"]),
            _trees(),
            extras,
            other,
        ),
        st.builds(
            lambda tree, word, keys, branch: Transformation("traverse", (*tree, word, *keys), branch),
            _trees(),
            order,
            keys,
            _optional(nodes),
        ),
    )


def shaped(scopes: Scopes = (OWN,)) -> st.SearchStrategy[Query]:
    """Queries with the three options, alone or in an `$expand`."""
    nested = st.deferred(lambda: shaped((OWN, *scopes)))
    expansion = st.builds(lambda query: (Expansion(Path(("a",)), query),), nested)
    return st.builds(
        Query,
        search=st.none() | searches(),
        compute=st.one_of(st.just(()), computed(scopes)),
        apply=st.one_of(st.just(()), sequences(scopes)),
        filter=st.none() | expressions(scopes, 2),
        expand=st.just(()) if len(scopes) > 1 else st.one_of(st.just(()), expansion),
    )
