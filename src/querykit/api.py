"""The public functions: thin compositions of parse, bind, lower and compile."""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from querykit.ast.nodes import Expr, Query
from querykit.ast.places import telling_places
from querykit.errors import NotExpressible, QueryError
from querykit.languages.registry import Params, check_options
from querykit.languages.registry import language as find_language
from querykit.limits import Limits
from querykit.policy import Policy
from querykit.source import Source

if TYPE_CHECKING:
    from sqlalchemy import Select

    from querykit.clock import Clock
    from querykit.schema.model import Schema

__all__ = [
    "SQL",
    "evaluate",
    "fetch",
    "fetch_async",
    "parse",
    "parse_filter",
    "render",
    "to_sql",
    "to_sqlalchemy",
    "translate",
]

_LIMITS = Limits()
_POLICY = Policy()


class SQL(NamedTuple):
    """A statement for a database driver.

    Parameters
    ----------
    text: SQL of the dialect, values as named placeholders in the style of the dialect's driver.
    params: the values by name, in the form in which the driver takes them.
    """

    text: str
    params: dict[str, Any]


def parse(text: str, language: str, params: Params = None, limits: Limits = _LIMITS, **options: Any) -> Query:
    """A full text of a language as a tree.

    Parameters
    ----------
    language: ``"odata"``, ``"criteria"`` or ``"vtql"``.
    params: values for parameters: a sequence for criteria's `?`, a mapping for `?name` and OData's `@name`.
    limits: what the text may cost.
    options: of the language, by name: VTQL has `mode` and `precedence`, criteria `scopes`.

    Raises
    ------
    ParseError: the text is not a sentence of the language.
    LimitExceeded: it is larger or deeper than `limits` allows.
    UnknownName: there is no such language.
    TypeError: the language has no such option.

    >>> parse("$filter=name eq 'Warner'&$top=5", "odata").top
    5
    """
    module = find_language(language)
    check_options(language, module.parse, options)
    try:
        return module.parse(text, params, limits, **options)
    except QueryError as error:
        raise error.located(Source(text)) from None


def parse_filter(
    text: str, language: str, params: Params = None, limits: Limits = _LIMITS, **options: Any
) -> Expr:
    """A bare condition or expression as a tree; parameters and errors as for `parse`.

    >>> parse_filter("startswith(name,'War')", "odata") == parse_filter("StartsWith([name], 'War')", "criteria")
    True
    """
    module = find_language(language)
    try:
        if not options:
            return module.parse_filter(text, params, limits)
        check_options(language, module.parse_filter, options)
        return module.parse_filter(text, params, limits, **options)
    except QueryError as error:
        raise error.located(Source(text)) from None


def render(query: Query | Expr, language: str) -> str:
    """A text of a language that means the same as the tree.

    Raises
    ------
    NotExpressible: the language cannot say it; the span is the construct.

    >>> render(parse("$filter=revenue gt 5 and name ne null", "odata"), "criteria")
    '[revenue] > 5 And Not [name] Is Null'
    """
    module = find_language(language)
    if isinstance(query, Query):
        try:
            return telling_places(module.render, query)
        except QueryError as error:
            raise error.located(query.source) from None
    return telling_places(module.render_filter, query)


def translate(
    text: str,
    source: str,
    target: str,
    entity: str | None = None,
    params: Params = None,
    limits: Limits = _LIMITS,
    *,
    options: Mapping[str, Any] | None = None,
) -> str:
    """A text of one language in another.

    Parameters
    ----------
    text: a full text, or a bare condition; a text that can be both is taken as a full one.
    entity: what the query asks, for languages whose text names it (VTQL's FROM).
    options: of the source language, see `parse`.

    Raises
    ------
    QueryError: the text is wrong, or the target cannot say it.
    TypeError: the source language has no such option.

    >>> translate("name eq 'x'", source="odata", target="criteria")
    "[name] = 'x'"
    """
    module = find_language(source)
    renderer = find_language(target)
    options = options or {}
    is_condition = module.is_condition(text)
    check_options(source, module.parse_filter if is_condition else module.parse, options)
    try:
        if is_condition:
            expr = module.parse_filter(text, params, limits, **options)
            if entity is None:
                return telling_places(renderer.render_filter, expr)
            query = Query(entity=entity, filter=expr, source=Source(text))
        else:
            query = module.parse(text, params, limits, **options)
        return telling_places(renderer.render, _of_entity(query, entity))
    except QueryError as error:
        raise error.located(Source(text)) from None


def to_sqlalchemy(
    query: Query,
    schema: "Schema",
    entity: object = None,
    *,
    limits: Limits = _LIMITS,
    policy: Policy = _POLICY,
    clock: "Clock | None" = None,
) -> "Select[Any]":
    """A Core `Select` that runs on every SQLAlchemy dialect; its values are bound parameters.

    Parameters
    ----------
    entity: what the query asks: a name, a table name, a mapped class or a table. VTQL says it itself.
    clock: gives the moment of the request (UTC, or with a zone) for relative dates; a `Calendar` also says on
        which day weeks begin.

    Raises
    ------
    QueryError: the query does not fit the schema. What only a dialect cannot say is raised when the statement
        is compiled for it.
    """
    from querykit.engine.prepare import prepare
    from querykit.targets.sqlalchemy import select_with_values

    return telling_places(
        lambda tree: select_with_values(prepare(tree, schema, entity, limits, policy, clock)), query
    )


def to_sql(
    query: Query,
    schema: "Schema",
    dialect: str,
    entity: object = None,
    *,
    limits: Limits = _LIMITS,
    policy: Policy = _POLICY,
    clock: "Clock | None" = None,
) -> SQL:
    """SQL text for a dialect, and the values of its placeholders.

    Parameters
    ----------
    dialect: a name of SQLAlchemy or sqlglot: ``sqlite``, ``postgresql``/``postgres``, ``mssql``/``tsql`` …

    Raises
    ------
    QueryError: the query does not fit the schema.
    NotExpressible: the dialect cannot say it.
    """
    from querykit.engine.prepare import prepare
    from querykit.targets.sqlglot import sql_with_values

    text, params = telling_places(
        lambda tree: sql_with_values(prepare(tree, schema, entity, limits, policy, clock), dialect), query
    )
    return SQL(text, params)


def evaluate(
    query: Query | Expr,
    rows: Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Mapping[str, Any]]],
    schema: "Schema | None" = None,
    entity: object = None,
    *,
    limits: Limits = _LIMITS,
    policy: Policy = _POLICY,
    clock: "Clock | None" = None,
) -> list[dict[str, Any]]:
    """The rows that the query asks for, computed in memory: the reference semantics.

    Parameters
    ----------
    query: a query, or a bare condition.
    rows: of one entity, or lists of rows by entity name. Without a schema, types are taken from the values;
        nested dicts and lists of dicts are related rows.

    Returns
    -------
    New dicts, with `$expand` nested.

    >>> rows = [{"name": "Warner", "revenue": 5}, {"name": None, "revenue": 7}]
    >>> evaluate(parse("$filter=name ne 'Warner'", "odata"), rows)
    [{'name': None, 'revenue': 7}]
    """
    from querykit.bind import bind
    from querykit.targets.evaluate import evaluate_plan, in_memory

    if not isinstance(query, Query):
        query = Query(filter=query)
    if schema is None and not rows:
        return []  # nothing to learn names and types from
    data, schema, entity = in_memory(rows, schema, query.entity or entity)

    def rows_of(tree: Query) -> list[dict[str, Any]]:
        return evaluate_plan(bind(tree, schema, entity, limits=limits, policy=policy), data, clock)

    return telling_places(rows_of, query)


def fetch(
    connection: Any,
    query: Query,
    schema: "Schema",
    entity: object = None,
    *,
    limits: Limits = _LIMITS,
    policy: Policy = _POLICY,
    clock: "Clock | None" = None,
) -> list[dict[str, Any]]:
    """The rows from a database, `$expand` nested: one statement for each level, whatever the number of rows.

    Parameters
    ----------
    connection: a SQLAlchemy `Connection`, `Session` or `Engine`. The statements of the last 256 shapes of queries are
        kept, without their values.
    """
    from querykit.engine.prepare import prepare
    from querykit.targets.sqlalchemy import fetch_plan

    return telling_places(
        lambda tree: fetch_plan(connection, prepare(tree, schema, entity, limits, policy, clock)),
        query,
        NotExpressible,  # of a statement that was not run
    )


async def fetch_async(
    connection: Any,
    query: Query,
    schema: "Schema",
    entity: object = None,
    *,
    limits: Limits = _LIMITS,
    policy: Policy = _POLICY,
    clock: "Clock | None" = None,
) -> list[dict[str, Any]]:
    """`fetch` for those who `await` it: the same statements, the same rows.

    Parameters
    ----------
    connection: a SQLAlchemy `AsyncConnection`, `AsyncSession` or `AsyncEngine`, which need `sqlalchemy[asyncio]`.
    """
    from querykit.engine.prepare import prepare
    from querykit.targets.sqlalchemy.fetch_async import fetch_plan_async

    return await fetch_plan_async(connection, prepare(query, schema, entity, limits, policy, clock))


def _of_entity(query: Query, entity: str | None) -> Query:
    """The query with an entity, where it had none."""
    if entity is None or query.entity is not None:
        return query
    return query.replace(entity=entity)
