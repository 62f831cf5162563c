"""A query and a schema into a plan: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from querykit import types as t
from querykit.ast.nodes import Aggregate, Cast, EntitySet, Expansion, Expr, Path, Query, Selection, SortKey
from querykit.ast.walk import check_limits
from querykit.bind.expressions import Binder
from querykit.bind.scope import Collection, Row, Tables
from querykit.bind.search import search
from querykit.errors import Forbidden, NotExpressible, ParseError, QueryError, TypeMismatch, UnknownName
from querykit.limits import Limits
from querykit.plan.nodes import Bound, BoundQuery, Expand, Op, Output, Plan, Slot, Sort
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
        check_limits(query, limits)
        start = schema.entity(query.entity or entity) if query.entity or entity is not None else _no_entity()
        values: list[Any] = []
        aliases = {alias.name: alias.value for alias in query.aliases}
        plan = _QueryBinder(schema, policy, limits, aliases, values).plan(query, start)
        return BoundQuery(plan, tuple(values), query.source)
    except QueryError as error:
        raise error.located(query.source) from None


def _no_entity() -> Entity:
    raise UnknownName("the query does not say which entity it asks", code="no_entity", hint="give entity='…'")


#: What a policy can refuse.
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

    def plan(self, query: Query, entity: Entity) -> Plan:
        self._check_options(query)
        if query.apply:
            raise NotExpressible("$apply cannot be run yet", code="apply", span=query.apply[0].span)
        tables = Tables(self._schema, self._policy, self._limits)
        root = tables.new_row(entity)
        binder = Binder(tables, self._limits, self._aliases, self._values)
        with binder.scope(root):
            self._compute(binder, query, root)
            where = self._where(binder, query, root)
            outputs = self._outputs(binder, query, root)
            grouped = any(_is_grouped(output.expr) for output in outputs)
            order = () if grouped else self._order(binder, query, root)
            limit, offset = self._number(query.top), self._number(query.skip)
        expand = tuple(self._expansions(query, entity))
        return Plan(root.freeze(), outputs, where, order, limit, offset, bool(query.count), grouped, expand)

    def _check_options(self, query: Query) -> None:
        allowed = self._policy.options
        if allowed is None:
            return
        for option in _OPTIONS:
            if getattr(query, option) not in (None, (), False) and option not in allowed:
                raise Forbidden(f"{option} may not be used", code="option", span=query.span)

    # -- rows ---------------------------------------------------------------------------------------

    def _compute(self, binder: Binder, query: Query, root: Row) -> None:
        """Names for values, each of which may use those before it (OData 4.01 Part 1, 11.2.5.3)."""
        for item in query.compute:
            if item.name in root.entity.names() or item.name in root.computed:
                raise ParseError(f"there is a '{item.name}' already", code="repeated_name", span=item.span)
            root.computed[item.name] = binder.scalar(item.value)

    def _where(self, binder: Binder, query: Query, root: Row) -> Bound | None:
        """`$filter` and `$search` both hold."""
        parts = []
        if query.filter is not None:
            parts.append(binder.condition(query.filter))
        if query.search is not None:
            parts.append(search(binder, query.search, root))
        if len(parts) < 2:
            return parts[0] if parts else None
        return Op("bool.and", tuple(parts), t.BOOL, any(part.nullable for part in parts))

    # -- outputs ------------------------------------------------------------------------------------

    def _outputs(self, binder: Binder, query: Query, root: Row) -> tuple[Output, ...]:
        if query.select is None:
            return tuple(self._all_columns(root))
        outputs: dict[str, Output] = {}
        for item in query.select:
            for output in self._selected(binder, item, root):
                outputs.setdefault(output.name, output)
        if not outputs:  # only navigation properties: a link needs the key
            for name in root.entity.key:
                outputs[name] = Output(name, root.column(name))
        grouped = [_is_grouped(output.expr) for output in outputs.values()]
        if any(grouped) and not all(grouped):
            raise NotExpressible(
                "count(*) and columns cannot be mixed", code="mixed_projection", span=query.span
            )
        return tuple(outputs.values())

    def _all_columns(self, root: Row) -> Iterator[Output]:
        for name in root.entity.properties:
            if not self._policy.hides(root.entity.name, name):
                yield Output(name, root.column(name))
        for name, value in root.computed.items():
            yield Output(name, value)

    def _selected(self, binder: Binder, item: Selection, root: Row) -> Iterator[Output]:
        if item.query is not None:
            raise NotExpressible("options inside $select cannot be run", code="nested_select", span=item.span)
        expr = item.expr
        if isinstance(expr, Path) and expr.steps == ("*",):
            yield from self._all_columns(root)
            return
        if isinstance(expr, Aggregate) and expr.source == EntitySet(None) and expr.condition is None:
            yield Output(item.name or expr.function, _over_all_rows(binder, expr))
            return
        found = binder.target(expr)
        if isinstance(found, Collection) or (isinstance(found, Row) and found is not root):
            return  # a navigation property in $select asks for its link only (OData 4.01 Part 1, 11.2.5.1)
        if isinstance(found, Row):
            yield from self._all_columns(root)
            return
        yield Output(item.name or _output_name(expr), found)

    # -- order and page -----------------------------------------------------------------------------

    def _order(self, binder: Binder, query: Query, root: Row) -> tuple[Sort, ...]:
        """The keys, and the row's own key behind them wherever rows could change places between two pages."""
        keys = [self._sort(binder, key) for key in query.order]
        if keys or query.top is not None or query.skip is not None:
            sorted_by = {key.expr for key in keys}
            for name in root.entity.key:
                column = root.column(name)
                if column not in sorted_by:
                    keys.append(Sort(column, False))
        return tuple(keys)

    def _sort(self, binder: Binder, key: SortKey) -> Sort:
        expr = binder.scalar(key.expr)
        if expr.type.kind in ("geo", "binary", "list"):
            raise TypeMismatch(
                f"{expr.type} values have no order", code="no_order", span=key.span or key.expr.span
            )
        return Sort(expr, key.descending)

    def _number(self, value: int | None) -> Slot | None:
        if value is None:
            return None
        self._values.append(value)
        return Slot(len(self._values) - 1, t.INT)

    # -- expansions ---------------------------------------------------------------------------------

    def _expansions(self, query: Query, entity: Entity) -> Iterator[Expand]:
        explicit = {item.path.steps[0] for item in query.expand if item.path.steps}
        seen: set[str] = set()
        for item in query.expand:
            for expand in self._expansion(item, entity, explicit):
                if expand.name in seen:
                    raise ParseError(
                        f"'{expand.name}' is expanded twice", code="repeated_expand", span=item.span
                    )
                seen.add(expand.name)
                yield expand

    def _expansion(self, item: Expansion, entity: Entity, explicit: set[Any]) -> Iterator[Expand]:
        if item.kind:
            raise NotExpressible(
                f"$expand with /${item.kind} cannot be run", code="expand_kind", span=item.span
            )
        first, *rest = item.path.steps or ("",)
        if first == "*":
            for name in entity.relations:
                if name not in explicit and not self._policy.hides(entity.name, name):
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
        levels = self._limits.expand_depth if item.levels == "max" else item.levels
        if isinstance(levels, int) and levels > 1:
            if target.name != entity.name:
                raise TypeMismatch(
                    "$levels needs a relation of an entity to itself", code="levels", span=item.span
                )
            deeper = Expansion(item.path, item.query, levels - 1, span=item.span)
            query = query.replace(expand=(*query.expand, deeper))
        return Expand(name, relation, self.plan(query, target))

    def _relation(self, entity: Entity, name: str, span: Span | None) -> Relation:
        tables = Tables(self._schema, self._policy, self._limits)
        found = tables.new_row(entity).step(name, span)
        if isinstance(found, Collection):
            return found.relation
        if isinstance(found, Row):
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
