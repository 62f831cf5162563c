"""The hot path: texts of one language for one database, compiled once per shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from querykit.ast.nodes import Query
from querykit.bind import bind
from querykit.clock import Clock
from querykit.engine.prepare import late_values
from querykit.errors import QueryError
from querykit.functions.sql import dialect as find_dialect
from querykit.languages.registry import Params, check_options, language
from querykit.limits import Limits
from querykit.plan.nodes import BoundQuery, Plan
from querykit.plan.truth import Lowered, lower
from querykit.policy import Policy
from querykit.schema.model import Schema
from querykit.source import Source

if TYPE_CHECKING:
    from sqlalchemy import Select

    from querykit.targets.sqlalchemy import CompiledSelect
    from querykit.targets.sqlglot import CompiledSql

__all__ = ["Translation", "Translator"]


class Translation:
    """One text, ready to run. `sql` and `statement` have the same placeholders; `params` fits both."""

    __slots__ = ("_bound", "_translator", "query")

    def __init__(self, translator: Translator, query: Query, bound: BoundQuery) -> None:
        self._translator = translator
        self._bound = bound
        self.query = query

    @property
    def sql(self) -> str:
        """SQL text with named placeholders.

        Raises
        ------
        NotExpressible: the dialect cannot say it.
        """
        return self._compiled().text

    @property
    def params(self) -> dict[str, Any]:
        """The values of the placeholders, in the form in which the driver takes them."""
        try:
            return self._compiled().params(self._bound.values)
        except QueryError as error:
            raise error.located(self._bound.source) from None

    @property
    def statement(self) -> Select[Any]:
        """A SQLAlchemy `Select`, the same object for every text of one shape: give it `params` to execute."""
        try:
            return self._translator.compiled_select(self._bound.plan).statement
        except QueryError as error:
            raise error.located(self._bound.source) from None

    def _compiled(self) -> CompiledSql:
        try:
            return self._translator.compiled_sql(self._bound.plan)
        except QueryError as error:
            raise error.located(self._bound.source) from None


class Translator:
    """Translates texts of one language over one schema for one dialect; safe to share between threads.

    Parameters
    ----------
    schema: what may be queried.
    source: the language of the texts.
    dialect: a name of SQLAlchemy or sqlglot.
    limits: what one text may cost.
    policy: what may be used of the schema.
    clock: gives the moment of a request (UTC, or with a zone) for relative dates; a `Calendar` also says on
        which day weeks begin.
    cache_size: how many shapes are kept compiled; the one not used for longest goes first. A shape is the
        bound plan: values are no part of it, everything else that decides a statement is.
    options: of the language, by name: VTQL has `mode` and `precedence`, criteria `scopes`.

    Raises
    ------
    UnknownName: there is no such language or dialect.
    TypeError: the language has no such option.
    """

    def __init__(
        self,
        schema: Schema,
        source: str,
        dialect: str,
        *,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        policy: Policy = Policy(),  # noqa: B008 - immutable
        clock: Clock | None = None,
        cache_size: int = 256,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._language = language(source)
        self._options = dict(options or {})
        check_options(source, self._language.parse, self._options)
        self._schema = schema
        self._dialect = find_dialect(dialect).name
        self._limits = limits
        self._policy = policy
        self._clock = clock
        self._lowered = lru_cache(cache_size)(lower)
        self.compiled_sql = lru_cache(cache_size)(self._compile_sql)
        self.compiled_select = lru_cache(cache_size)(self._compile_select)

    def plan(self, text: str, entity: object = None, params: Params = None) -> Translation:
        """Translate a full text.

        Parameters
        ----------
        entity: what the query asks: a name, a table name, a mapped class or a table.
        params: values for the parameters of the text.

        Raises
        ------
        QueryError: the text is wrong, or does not fit the schema, the limits or the policy.
        """
        try:
            query = self._language.parse(text, params, self._limits, **self._options)
            bound = bind(query, self._schema, entity, limits=self._limits, policy=self._policy)
        except QueryError as error:
            raise error.located(Source(text)) from None
        lowered: Lowered = self._lowered(bound.plan, len(bound.values))
        try:
            values = bound.values + late_values(lowered, bound.values, self._clock)
        except QueryError as error:
            raise error.located(query.source) from None
        return Translation(self, query, BoundQuery(lowered.plan, values, query.source))

    def _compile_sql(self, plan: Plan) -> CompiledSql:
        from querykit.targets.sqlglot import compile_sql

        return compile_sql(plan, self._dialect)

    def _compile_select(self, plan: Plan) -> CompiledSelect:
        from querykit.targets.sqlalchemy import compile_select

        return compile_select(plan, self._dialect)
