"""The hot path: texts of one language for one database, read and compiled once per shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from querykit.ast.nodes import Query
from querykit.ast.places import with_places
from querykit.bind import bind
from querykit.clock import Clock
from querykit.engine.forms import Form
from querykit.engine.generations import WEIGHT, Generations
from querykit.engine.known import CacheInfo, KnownShapes
from querykit.engine.learning import Course
from querykit.engine.texts import texts_of
from querykit.errors import QueryError
from querykit.functions.sql import dialect as find_dialect
from querykit.languages.registry import Params, check_options, language
from querykit.limits import Limits
from querykit.plan.nodes import BoundQuery
from querykit.policy import Policy
from querykit.schema.model import Schema
from querykit.source import Source

if TYPE_CHECKING:
    from sqlalchemy import Select

__all__ = ["CacheInfo", "Translation", "Translator"]

R = TypeVar("R")

#: The translator, the text, the entity and the parameters.
_Asked: TypeAlias = "tuple[Translator, str, object, Params]"


class Translation:
    """One text, ready to run. `sql` and `statement` have the same placeholders; `params` fits both."""

    __slots__ = ("_asked", "_form", "_query", "_values")

    def __init__(
        self, form: Form, values: tuple[Any, ...], asked: _Asked, query: Query | None = None
    ) -> None:
        self._form = form
        self._values = values
        self._asked = asked
        self._query = query

    @property
    def query(self) -> Query:
        """The tree of the text; read when it is asked for, if the shape of the text was known."""
        if self._query is None:
            translator, text, _, params = self._asked
            self._query = translator.read(text, params)
        return self._query

    @property
    def sql(self) -> str:
        """SQL text with named placeholders.

        Raises
        ------
        NotExpressible: the dialect cannot say it.
        """
        try:
            return self._form.sql().text
        except QueryError:
            return self._refused(lambda form: form.sql().text)

    @property
    def params(self) -> dict[str, Any]:
        """The values of the placeholders, in the form in which the driver takes them."""
        try:
            return self._form.sql().params(self._values)
        except QueryError:
            return self._refused(lambda form: form.sql().params(self._values))

    @property
    def statement(self) -> Select[Any]:
        """A SQLAlchemy `Select`, the same object for every text of one shape: give it `params` to execute."""
        try:
            return self._form.select().statement
        except QueryError:
            return self._refused(lambda form: form.select().statement)

    def _refused(self, ask: Callable[[Form], R]) -> R:
        """Ask again of a form of this text, so that the error shows a place in it, not in another text of the shape."""
        translator, text, entity, params = self._asked
        query = translator.read(text, params)
        try:
            return ask(translator.own_form(translator.bound(query, entity)))
        except QueryError as error:
            raise error.located(query.source) from None


class _Key:
    """A key whose hash is computed once: that of a plan takes a walk through it."""

    __slots__ = ("_hash", "_value")

    def __init__(self, value: tuple[object, ...]) -> None:
        self._value = value
        self._hash = hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._value == other._value


class Translator:
    """Translates texts of one language over one schema for one dialect; safe to share between threads.

    A text whose shape is known is not read again: it is cut into its literals and what is between them, which is the
    shape; the literals are proved one by one, and become the values of the statement that is there already. Texts of
    OData, criteria and VTQL (in its default mode) are known so, up to 2,000 characters; those of the other languages
    are read each time, and have their statements in common.

    Parameters
    ----------
    schema: what may be queried.
    source: the language of the texts.
    dialect: a name of SQLAlchemy or sqlglot.
    limits: what one text may cost.
    policy: what may be used of the schema.
    clock: gives the moment of a request (UTC, or with a zone) for relative dates; a `Calendar` also says on
        which day weeks begin.
    cache_size: how many shapes of texts are kept, and how many statements; 0 keeps nothing. A shape is kept when it
        comes for the second time, and forgotten when it has not been used for long: a flood of new shapes does not
        displace those in use.
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
        cache_size: int = 1024,
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
        self._forms = Generations[Form](cache_size, cache_size * WEIGHT) if cache_size else None
        texts = texts_of(source.lower(), self._options) if cache_size else None
        self._shapes: KnownShapes | None = None
        if texts is not None:
            self._shapes = KnownShapes(Course(texts, limits, self.read, self.bound, self.form), cache_size)

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
        if self._shapes is not None:
            known = self._shapes.find(text, entity, params, self._clock)
            if known is not None:
                form, values = known
                return Translation(form, values, (self, text, entity, params))
            self._shapes.miss()
        query, bound = self.understood(text, entity, params)
        form = self.form(bound)
        try:
            values = form.values(bound.values, self._clock)
        except QueryError as error:
            raise error.located(query.source) from None
        if self._shapes is not None:
            self._shapes.meet(text, entity, params)
        return Translation(form, values, (self, text, entity, params), query)

    def cache_info(self) -> CacheInfo:
        """How many texts were of known shapes, and how many shapes are known."""
        return CacheInfo() if self._shapes is None else self._shapes.info()

    # -- what the shapes and translations need ----------------------------------------------------------

    def read(self, text: str, params: Params) -> Query:
        """The tree of a text, with the places of its nodes.

        Raises
        ------
        QueryError: the text is wrong.
        """
        return with_places(self._read(text, params))

    def _read(self, text: str, params: Params) -> Query:
        try:
            return self._language.parse(text, params, self._limits, **self._options)
        except QueryError as error:
            raise error.located(Source(text)) from None

    def understood(self, text: str, entity: object, params: Params) -> tuple[Query, BoundQuery]:
        """The tree of a text and its plan.

        Raises
        ------
        QueryError: as `plan`.
        """
        query = self._read(text, params)
        try:
            return query, self.bound(query, entity)
        except QueryError as error:
            raise error.located(Source(text)) from None

    def bound(self, query: Query, entity: object) -> BoundQuery:
        """The plan of a tree."""
        return bind(query, self._schema, entity, limits=self._limits, policy=self._policy)

    def form(self, bound: BoundQuery) -> Form:
        """The form that a plan has in common with others."""
        if self._forms is None:
            return self.own_form(bound)
        key = _Key((bound.plan, len(bound.values)))
        found = self._forms.get(key)
        if found is None:
            found = self.own_form(bound)
            self._forms.put(key, found)
        return found

    def own_form(self, bound: BoundQuery) -> Form:
        """The form of this plan alone."""
        weight = 0 if bound.source is None else len(bound.source.text)
        return Form(bound.plan, len(bound.values), self._dialect, weight)
