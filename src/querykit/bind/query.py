"""A query and a schema into a plan: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from querykit import types as t
from querykit.ast.build import logical
from querykit.ast.nodes import (
    Aggregate,
    Cast,
    EntitySet,
    Expansion,
    Expr,
    Path,
    Query,
    Selection,
    Transformation,
)
from querykit.ast.places import telling_places
from querykit.ast.walk import check_limits
from querykit.bind import ids
from querykit.bind.apply import transformed
from querykit.bind.expressions import Binder
from querykit.bind.results import Result
from querykit.bind.rows import Rows
from querykit.bind.scope import Collection, Complex, Row, Tables
from querykit.bind.sorting import sort_key
from querykit.errors import Forbidden, NotExpressible, ParseError, QueryError, TypeMismatch, UnknownName
from querykit.limits import Limits
from querykit.plan.nodes import Bound, BoundQuery, Expand, Op, Output, Plan, Slot
from querykit.plan.prune import pruned
from querykit.plan.walk import aggregates
from querykit.policy import Policy
from querykit.schema.model import Entity, Relation, Schema
from querykit.source import Span

__all__ = ["bind"]


def bind(
    query: Query,
    schema: Schema,
    entity: object = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    policy: Policy = Policy(),  # noqa: B008 - immutable
) -> BoundQuery:
    """Resolve names, decide types and null rules, and lift every literal out of the tree.

    Parameters
    ----------
    query: as parsed; `query.entity` (VTQL's FROM) wins over `entity`.
    entity: name, table name, mapped class or table object.

    Raises
    ------
    QueryError: the query does not fit the schema, the policy or the limits; located in the query's text.
    """
    try:
        return telling_places(lambda tree: _bound(tree, schema, entity, limits, policy), query)
    except QueryError as error:
        raise error.located(query.source) from None


def _bound(query: Query, schema: Schema, entity: object, limits: Limits, policy: Policy) -> BoundQuery:
    check_limits(query, limits)
    start = schema.entity(query.entity or entity) if query.entity or entity is not None else _no_entity()
    values: list[Any] = []
    aliases = {alias.name: alias.value for alias in query.aliases}
    plan = _QueryBinder(schema, policy, limits, aliases, values).plan(query, start)
    return BoundQuery(pruned(plan), tuple(values), query.source)


def _no_entity() -> Entity:
    raise UnknownName("the query does not say which entity it asks", code="no_entity", hint="give entity='…'")


#: What a policy can refuse.
#: Option of `Query.options` -> what resolves it.
_ADVICE = {"skiptoken": "profiles.resume(query) puts a condition in its place"}
_OPTIONS = ("apply", "filter", "search", "compute", "order", "select", "expand", "top", "skip", "count")


class _QueryBinder:
    """Binds one query and the expansions below it; all share the values."""

    def __init__(
        self, schema: Schema, policy: Policy, limits: Limits, aliases: Mapping[str, Expr], values: list[Any]
    ) -> None:
        self._schema = schema
        self._policy = policy
        self._limits = limits
        self._aliases = aliases
        self._values = values

    def plan(self, query: Query, entity: Entity, relation: Relation | None = None) -> Plan:
        """The order of work is that of OData 4.01 Part 1, 11.2.1; `relation` leads to the rows, of one parent each."""
        self._check_options(query)
        tables = self._tables()
        binder = Binder(tables, self._limits, self._aliases, self._values)
        binder.related = relation is not None
        rows = transformed(binder, lambda: Rows(tables.new_row(entity)), query.apply)
        self._keep(binder, query, rows)
        binder.all_rows = rows.all_of_entity
        if _asks_all_rows(query):
            self._one_result(rows)
        self._page(binder, query, rows)
        outputs = self._outputs(binder, query, rows.row)
        if rows.group == () and not any(aggregates(output.expr) for output in outputs):
            rows.derive()  # SELECT 'a' FROM sales would be a row for each sale
            outputs = self._outputs(binder, query, rows.row)
        if rows.group is None:
            outputs = tuple([_written(binder, item) for item in outputs])
        expand = self._expanded(query, rows.row)
        binder.all_rows = False
        outputs += tuple(self._counts(binder, query, rows.row))
        return rows.plan(outputs, total=bool(query.count), expand=expand)

    def _tables(self) -> Tables:
        return Tables(self._schema, self._policy, self._limits)

    def _check_options(self, query: Query) -> None:
        for asked in query.options:  # rows of another page, time or set than those that would be found
            raise NotExpressible(
                f"${asked.name} is for the service to act on",
                code="service_option",
                span=asked.span,
                hint=_ADVICE.get(asked.name, "take it out of Query.options when it has been acted on"),
            )
        allowed = self._policy.options
        if allowed is None:
            return
        for option in _OPTIONS:
            if getattr(query, option) not in (None, (), False) and option not in allowed:
                raise Forbidden(f"{option} may not be used", code="option", span=query.span)

    # -- rows ---------------------------------------------------------------------------------------

    def _keep(self, binder: Binder, query: Query, rows: Rows) -> None:
        """`$compute`, whose names conditions may use; `$filter` and `$search` both hold."""
        steps = [Transformation("compute", query.compute, span=query.span)] if query.compute else []
        steps += [Transformation("filter", (query.filter,))] if query.filter is not None else []
        steps += [Transformation("search", (query.search,))] if query.search is not None else []
        transformed(binder, lambda: rows, tuple(steps))

    def _one_result(self, rows: Rows) -> None:
        """`count(*)`: no order, and one row comes back."""
        rows.before_group()
        rows.order = []
        rows.group = ()

    # -- outputs ------------------------------------------------------------------------------------

    def _outputs(self, binder: Binder, query: Query, root: Row) -> tuple[Output, ...]:
        if query.select is None:
            return tuple(_all_columns(root))
        outputs: dict[str, Output] = {}
        for item in query.select:
            with binder.scope(root):
                for output in self._selected(binder, item, root):
                    outputs.setdefault(output.name, output)
        if not outputs:  # only navigation properties: a link needs the key
            for name in root.entity.named_key:
                outputs[name] = Output(name, root.column(name))
        grouped = [_is_grouped(output.expr) for output in outputs.values()]
        if _asks_all_rows(query) and not all(grouped):
            raise NotExpressible(
                "count(*) and columns cannot be mixed", code="mixed_projection", span=query.span
            )
        return tuple(outputs.values())

    def _selected(self, binder: Binder, item: Selection, root: Row) -> Iterator[Output]:
        if item.query is not None:
            raise NotExpressible("options inside $select cannot be run", code="nested_select", span=item.span)
        expr = item.expr
        if isinstance(expr, Path) and expr.steps == ("*",):
            yield from _all_columns(root)
            return
        if isinstance(expr, Aggregate) and _is_over_all_rows(expr):
            yield Output(item.name or expr.function, _over_all_rows(binder, expr))
            return
        found = binder.target(expr)
        if isinstance(found, (Result, Complex)) and found is not root:
            yield from _all_columns(found)
            return
        if isinstance(found, Collection) or (isinstance(found, Row) and found is not root):
            return  # a navigation property in $select asks for its link only (OData 4.01 Part 1, 11.2.5.1)
        if isinstance(found, Row):
            yield from _all_columns(root)
            return
        yield Output(item.name or _output_name(expr), found)

    # -- order and page -----------------------------------------------------------------------------

    def _page(self, binder: Binder, query: Query, rows: Rows) -> None:
        """Order and page; the order ends with what identifies a row wherever two could change places."""
        keys = () if rows.group == () else query.order
        if query.count or (keys and rows.paged):  # the page that is there is one of $apply
            rows.before_sort()
        with binder.scope(rows.row):
            rows.sort([sort_key(binder, key) for key in keys])
        if keys:
            rows.settle_order()
        limit, offset = self._number(query.top), self._number(query.skip)
        if offset is not None:
            rows.skip(offset)
        if limit is not None:
            rows.take(limit)

    def _number(self, value: int | None) -> Slot | None:
        if value is None:
            return None
        self._values.append(value)
        return Slot(len(self._values) - 1, t.INT)

    # -- expansions ---------------------------------------------------------------------------------

    def _expanded(self, query: Query, row: Row) -> tuple[Expand, ...]:
        if query.expand and isinstance(row, Result):
            raise NotExpressible(
                "what $apply has grouped has no related rows", code="expand_result", span=query.expand[0].span
            )
        return tuple(self._expansions(query, row.entity))

    def _expansions(self, query: Query, entity: Entity) -> Iterator[Expand]:
        explicit = {item.path.steps[0] for item in query.expand if item.path.steps}
        seen: set[str] = set()
        for item in query.expand:
            if item.kind == "count":
                continue  # a value, see `_counts`
            for expand in self._expansion(item, entity, explicit):
                if expand.name in seen:
                    raise ParseError(
                        f"'{expand.name}' is expanded twice", code="repeated_expand", span=item.span
                    )
                seen.add(expand.name)
                yield expand

    def _counts(self, binder: Binder, query: Query, row: Row) -> Iterator[Output]:
        """`$expand=Orders/$count`, `$expand=Orders($count=true)`: how many, as `Orders@count` (P2 5.1.3, 5.1.7)."""
        for item in query.expand:
            if item.kind != "count" and not item.query.count:
                continue
            if item.query.apply or item.path.steps == ("*",):
                raise NotExpressible("what is counted must be named", code="expand_count", span=item.span)
            asked = [part for part in (item.query.filter, item.query.search) if part is not None]
            condition = logical("bool.and", asked) if asked else None
            with binder.scope(row):
                count = binder.scalar(Aggregate("count", item.path, condition, span=item.span))
            yield Output(f"{_output_name(item.path)}@count", count)

    def _expansion(self, item: Expansion, entity: Entity, explicit: set[Any]) -> Iterator[Expand]:
        first, *rest = item.path.steps or ("",)
        if first == "*":
            hides = self._tables().hides
            for name in entity.relations:
                if name not in explicit and not hides(entity, name):
                    yield self._related(item, entity, name)
            return
        if not isinstance(first, str):
            raise NotExpressible(
                "only a navigation property can be expanded", code="expand_path", span=item.span
            )
        steps = [step for step in rest if not (isinstance(step, Cast))]
        if len(steps) != len(rest):
            raise NotExpressible("a derived type cannot be expanded", code="type_cast", span=item.span)
        if steps:  # A/B: B inside A
            inner = Expansion(
                Path(tuple(steps), span=item.path.span), item.query, item.levels, span=item.span
            )
            item = Expansion(Path((first,), span=item.path.span), Query(expand=(inner,)), span=item.span)
        yield self._related(item, entity, first)

    def _related(self, item: Expansion, entity: Entity, name: str) -> Expand:
        relation = self._relation(entity, name, item.path.span)
        target = self._schema.entity(relation.target, item.path.span)
        query = item.query
        if item.kind == "ref":  # a reference is the key (OData 4.01 Part 2, 5.1.3.1)
            query = query.replace(select=tuple(Selection(Path((key,))) for key in target.named_key))
        levels = self._limits.expand_depth if item.levels == "max" else item.levels
        if isinstance(levels, int) and levels > 1:
            if target.name != entity.name:
                raise TypeMismatch(
                    "$levels needs a relation of an entity to itself", code="levels", span=item.span
                )
            deeper = Expansion(item.path, item.query, levels - 1, span=item.span)
            query = query.replace(expand=(*query.expand, deeper))
        plan = self.plan(query, target, relation)
        if plan.group is not None or plan.table.rows is not None:  # their rows belong to no parent
            raise NotExpressible(
                "what is grouped or taken from a derived table cannot be expanded",
                code="expand_apply",
                span=item.span,
                hint=f"ask {target.name} itself, grouped by what leads back",
            )
        return Expand(name, relation, plan)

    def _relation(self, entity: Entity, name: str, span: Span | None) -> Relation:
        tables = self._tables()
        found = tables.new_row(entity).step(name, span)
        if isinstance(found, Collection):
            return found.relation
        if isinstance(found, Row) and not isinstance(found, Complex):
            return entity.relations[name]
        raise TypeMismatch(f"'{name}' is a value, not related rows", code="expand_value", span=span)


def _output_name(expr: Expr) -> str:
    if isinstance(expr, Path):
        return "/".join(step for step in expr.steps if isinstance(step, str))
    return "value"


def _over_all_rows(binder: Binder, node: Aggregate) -> Bound:
    """`count(*)` in a projection: over the rows that the query keeps."""
    if node.function == "count" and node.argument is None:
        return Op("agg.count", (), t.INT, False, node.span)
    if node.argument is None or node.function not in ("sum", "avg", "min", "max"):
        raise NotExpressible(f"{node.function} cannot be selected", code="projection", span=node.span)
    argument = binder.scalar(node.argument)
    type = t.DECIMAL if node.function == "avg" and argument.type == t.INT else argument.type
    return Op(f"agg.{node.function}", (argument,), type, True, node.span)


def _is_grouped(expr: Bound) -> bool:
    return isinstance(expr, Op) and expr.fn.startswith("agg.")


def _is_over_all_rows(expr: Aggregate) -> bool:
    return expr.source == EntitySet(None) and expr.condition is None


def _asks_all_rows(query: Query) -> bool:
    """Is something selected that is computed from all the rows?"""
    items = () if query.select is None else query.select
    return any(isinstance(item.expr, Aggregate) and _is_over_all_rows(item.expr) for item in items)


def _all_columns(row: Row) -> Iterator[Output]:
    return (Output(name, value) for name, value in row.outputs())


def _written(binder: Binder, output: Output) -> Output:
    value = ids.written(binder, output.expr)
    return output if value is output.expr else Output(output.name, value)
