"""What each rule of `grammars/odata.lark` makes: nodes of the tree, with their places in the text.

The parser calls the method named after a rule or alias with its children. A builder has no state: one serves all
threads. Scopes are still names here (see `scopes`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from querykit.ast.build import arithmetic, join_spans, logical, negation
from querykit.ast.nodes import Aggregate, Call, EntitySet, Expr, Literal, Named, Parameter, Path
from querykit.errors import ParseError
from querykit.languages.odata import literals
from querykit.languages.odata.apply_rules import ApplyRules
from querykit.languages.odata.names import check_identifier, check_qualified
from querykit.languages.odata.operators import OPERATORS
from querykit.languages.odata.option_rules import OptionRules
from querykit.languages.odata.scopes import IT, OWN, THIS, Scoped
from querykit.languages.odata.search_rules import SearchRules
from querykit.languages.odata.spans import between_commas, check_tight, span_of, word_of
from querykit.languages.odata.steps import Steps, Written, call_or_path, collection, is_constant
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.grammar import Token

__all__ = ["Builder"]

_IDS = {operator.word.upper(): operator.id for operator in OPERATORS}
#: Aggregates of a collection that have a name of their own in the tree.
_METHODS = {"agg.sum": "sum", "agg.min": "min", "agg.max": "max", "agg.avg": "avg"}


def _literal(read: Callable[[str, Span], Literal]) -> Callable[[object, list[Token]], Literal]:
    """A method that reads the one token of a literal."""

    def method(_: object, children: list[Token]) -> Literal:
        token = children[0]
        return read(str(token), span_of(token))

    return method


def _is_null(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.kind == "null"


def _binary(fn: str, left: Expr, right: Expr) -> Expr:
    """A comparison; `eq null` and `ne null` are questions of their own (P2 5.1.1.1.1)."""
    span = join_spans(left.span, right.span)
    if fn in ("total.eq", "total.ne") and (_is_null(left) or _is_null(right)):
        operand = left if _is_null(right) else right
        missing = Call("null.is", (operand,), span)
        return missing if fn == "total.eq" else negation(missing, span)
    return Call(fn, (left, right), span)


class Builder(OptionRules, SearchRules, ApplyRules):
    """The methods for expressions; those for the options are inherited."""

    # ---- operators: P2 5.1.1.17 ----

    def or_expr(self, children: list[Expr]) -> Expr:
        return logical("bool.or", children, join_spans(children[0].span, children[-1].span))

    def and_expr(self, children: list[Expr]) -> Expr:
        return logical("bool.and", children, join_spans(children[0].span, children[-1].span))

    def equality_expr(self, children: list[Any]) -> Expr:
        left: Expr = children[0]
        for index in range(1, len(children), 2):
            left = _binary(_IDS[children[index].type], left, children[index + 1])
        return left

    relational_expr = equality_expr

    def additive_expr(self, children: list[Any]) -> Expr:
        """A run of one operator is one call, taken in one go: a long run must not be copied at each step."""
        left: Expr = children[0]
        index = 1
        while index < len(children):
            operator = children[index].type
            operands = [left]
            while index < len(children) and children[index].type == operator:
                operands.append(children[index + 1])
                index += 2
            left = arithmetic(_IDS[operator], operands, join_spans(left.span, operands[-1].span))
        return left

    multiplicative_expr = additive_expr

    def not_expr(self, children: list[Any]) -> Expr:
        return negation(children[1], join_spans(span_of(children[0]), children[1].span))

    def negate_expr(self, children: list[Any]) -> Expr:
        return Call("math.neg", (children[1],), join_spans(span_of(children[0]), children[1].span))

    def has_expr(self, children: list[Any]) -> Expr:
        left, _, right = children
        return Call("enum.has", (left, right), join_spans(left.span, right.span))

    def flags_without_type(self, children: list[Token]) -> Literal:
        """`has 'Red,Blue'`: the members of an enumeration, whose type the other operand has (ABNF enumLiteral)."""
        token = children[0]
        literals.enum(str(token), span_of(token))
        return literals.string(str(token), span_of(token))

    def in_expr(self, children: list[Any]) -> Expr:
        left, _, right = children
        if isinstance(right, Literal):
            raise ParseError(
                "a single literal is no collection",
                span=right.span,
                hint="write the items in brackets: in (1,2)",
            )
        return Call("total.in", (left, right), join_spans(left.span, right.span))

    def bracketed(self, children: list[Any]) -> Expr:
        return children[0]  # type: ignore[no-any-return]  # lark types no children

    def empty_list(self, children: list[Token]) -> Expr:
        end = span_of(children[0])[1]
        return Call("list", (), (end - 1, end))

    def list_or_group(self, children: list[Any]) -> Expr:
        """`in (1,2)` and `in (1)` are lists, `in (b)` is the collection b (ABNF listExpr, parenExpr)."""
        close: Token = children.pop()
        items: list[Expr] = children
        if len(items) == 1 and not isinstance(items[0], Literal):
            return items[0]
        for item in items:
            if not isinstance(item, Literal):
                raise _no_list(items, item, close)
        return Call("list", tuple(items), join_spans(items[0].span, span_of(close)))

    # ---- functions with a syntax of their own ----

    def when(self, children: list[Expr]) -> tuple[Expr, Expr]:
        condition, value = children
        return condition, value

    def case_call(self, children: list[Any]) -> Expr:
        """`true:` at the end is the usual way to say "else" (P2 5.1.1.12.1)."""
        opening, *pairs, close = children
        args = [part for pair in pairs for part in pair]
        last = args[-2]
        if len(pairs) > 1 and isinstance(last, Literal) and last.value is True:
            del args[-2]
        return Call("logic.case", tuple(args), join_spans(span_of(opening), span_of(close)))

    def type_call(self, children: list[Any]) -> Expr:
        opening, *args, close = children
        if len(args) == 1 and not (isinstance(args[0], Literal) and args[0].kind == "type"):
            args = [_type_of(args[0])]
        fn = "type.cast" if opening.type == "CAST" else "type.isof"
        return Call(fn, tuple(args), join_spans(span_of(opening), span_of(close)))

    def named_type(self, children: list[Token]) -> Literal:
        check_qualified(children[0], span_of(children[0]))
        return Literal("type", str(children[0]), "", span_of(children[0]))

    qualified_type = named_type

    def quoted_type(self, children: list[Token]) -> Literal:
        raise ParseError(
            "the type is written without quotes", span=span_of(children[0]), hint=f"write {children[0][1:-1]}"
        )

    def collection_type(self, children: list[Token]) -> Literal:
        opening, name, close = children
        check_qualified(name, span_of(name))
        return Literal("type", f"Collection({name})", "", join_spans(span_of(opening), span_of(close)))

    # ---- paths and calls ----

    def name_step(self, children: list[Token]) -> Written:
        token = children[0]
        check_qualified(token.lstrip("@").replace("#", "."), span_of(token))
        return Written("name", str(token), (), span_of(token))

    def variable_step(self, children: list[Token]) -> Written:
        return Written("name", str(children[0]), (), span_of(children[0]))

    def type_step(self, children: list[Token]) -> Written:
        check_qualified(children[0], span_of(children[0]))
        return Written("type", str(children[0]), (), span_of(children[0]))

    def key_step(self, children: list[Token]) -> Written:
        span = span_of(children[0])
        return Written("key", "", (literals.integer(children[0], span),), span)

    def call(self, children: list[Any]) -> Written:
        name, *args, close = children
        check_qualified(name, span_of(name))
        return Written("call", str(name), tuple(args), (name.start_pos, close.end_pos))

    def call_of_all(self, children: list[Token]) -> Written:
        name, close = children
        return Written("call", word_of(name), (), (name.start_pos or 0, close.end_pos or 0))

    def named_argument(self, children: list[Any]) -> Named:
        name, value = children
        check_identifier(name, span_of(name))
        return Named(str(name), value, join_spans(span_of(name), value.span))

    def path(self, children: list[Written]) -> Steps:
        return Steps(children[0])

    def path_from_type(self, children: list[Any]) -> Steps:
        path = Steps(self.type_step(children))
        path.steps.append(children[1])
        return path

    def path_from_cast(self, children: list[Any]) -> Steps:
        """`cast(Ns.T)/a` is about the instance as a Ns.T; with an expression before the type it is no path."""
        cast, step = children
        if cast.fn != "type.cast" or len(cast.args) != 1:
            raise ParseError("no step can follow", span=cast.span, hint="write the type as a step: a/Ns.T/b")
        path = Steps(Written("type", cast.args[0].value, (), cast.span))
        path.steps.append(step)
        return path

    def path_from_root(self, children: list[Any]) -> Steps:
        root, first = children
        step = first if isinstance(first, Written) else self.name_step([first])
        return Steps(step._replace(span=(root.start_pos, step.span[1])), rooted=True)

    def longer_path(self, children: list[Any]) -> Steps:
        path: Steps = children[0]
        path.steps += children[1:]
        return path

    def path_from_rows(self, children: list[Written]) -> Steps:
        """`Ns.f()('key')`: one of the rows of a function."""
        path = Steps(children[0])
        path.steps.append(children[1])
        return path

    def filtered_path(self, children: list[Any]) -> Steps:
        path, condition, close, *key = children
        check_tight(close)
        path.steps.append(Written("filter", "", (condition,), (path.steps[-1].span[1], close.end_pos)))
        path.steps += key
        return path  # type: ignore[no-any-return]  # lark types no children

    def key(self, children: list[Any]) -> Written:
        *args, close = children
        check_tight(close)
        args = between_commas(args)
        for arg in args:
            if not is_constant(arg):
                raise ParseError("a key is made of constants", span=arg.span)
        return Written("key", "", tuple(args), (args[0].span[0] - 1, close.end_pos))

    def member(self, children: list[Steps]) -> Expr:
        return call_or_path(children[0])

    def member_with_slash(self, children: list[Steps]) -> Expr:
        last = children[0].steps[-1]
        if last.kind == "type" or last.name in (IT, THIS):
            end = last.span[1] + 1
            raise ParseError("a property has to follow the slash", span=(end, end))
        return call_or_path(children[0])

    # ---- values of collections ----

    def not_empty(self, children: list[Any]) -> Aggregate:
        path, _, close = children
        return _aggregate(OWN, "any", path, close)

    def lambda_call(self, children: list[Any]) -> Aggregate:
        path, word, variable, condition, close = children
        check_identifier(variable, span_of(variable))
        return _aggregate(str(variable), word_of(word).lower(), path, close, condition)

    def count_call(self, children: list[Any]) -> Aggregate:
        path, segment, *options = children
        close = options.pop() if options else segment
        if close is not segment:
            check_tight(close)
        if not isinstance(path, Steps):
            return _aggregate_of_these("count", path, close)
        nested = self.nested(options)
        condition = nested.filter or nested.search
        if nested.filter is not None and nested.search is not None:
            span = join_spans(nested.filter.span, nested.search.span)
            condition = logical("bool.and", (nested.filter, nested.search), span)
        return _aggregate(OWN, "count", path, close, condition)

    def aggregate_call(self, children: list[Any]) -> Aggregate:
        """`sum of x`; what is more than a method and a value is kept as in the transformation `aggregate`."""
        path, _, aggregated, close = children
        function, argument = "aggregate", aggregated
        if aggregated.fn not in ("agg.count", "agg.custom") and len(aggregated.args) == 1:
            function = _METHODS.get(aggregated.fn, f"custom.{aggregated.fn.removeprefix('agg.')}")
            (argument,) = aggregated.args
        if isinstance(path, Steps):
            return _aggregate(OWN, function, path, close, argument=argument)
        return _aggregate_of_these(function, path, close, argument)

    # ---- JSON ----

    def array(self, children: list[Any]) -> Expr:
        opening, *items, close = children
        return Call("list", tuple(items), join_spans(span_of(opening), span_of(close)))

    def object(self, children: list[Any]) -> Expr:
        opening, *members, close = children
        return Call("object", tuple(members), join_spans(span_of(opening), span_of(close)))

    def object_member(self, children: list[Any]) -> Named:
        key, value = children
        name = literals.json_text(key, span_of(key))
        return Named(name, value, join_spans(span_of(key), value.span))

    def json_string(self, children: list[Token]) -> Literal:
        span = span_of(children[0])
        return Literal("string", literals.json_text(children[0], span), "", span)

    # ---- literals ----

    def null(self, children: list[Token]) -> Literal:
        return Literal("null", None, "", span_of(children[0]))

    def boolean(self, children: list[Token]) -> Literal:
        return Literal("bool", children[0].type == "TRUE", "", span_of(children[0]))

    int = _literal(literals.integer)
    decimal = _literal(literals.decimal_number)
    double = _literal(literals.double)
    string = _literal(literals.string)
    guid = _literal(literals.guid)
    date = _literal(literals.date)
    date_time = _literal(literals.date_time)
    time = _literal(literals.time)
    duration = _literal(literals.duration)
    binary = _literal(literals.binary)
    geo = _literal(literals.geo)
    enum = _literal(literals.enum)

    def malformed(self, children: list[Token]) -> Literal:
        raise literals.malformed(str(children[0]), span_of(children[0]))

    def parameter(self, children: list[Token]) -> Parameter:
        self.name_step(children)
        return Parameter(children[0][1:], span_of(children[0]))


def _no_list(items: list[Expr], item: Expr, close: Token) -> ParseError:
    """Up to the first comma it could have been one expression in brackets."""
    span = item.span
    if item is items[0] and span is not None:
        span = span[1], span_of(close)[1] - 1
    return ParseError(
        "a list in round brackets holds literals only",
        span=span,
        hint="square brackets hold any expression: in [a,b]",
    )


def _aggregate(
    variable: str | None,
    function: str,
    path: Steps,
    close: Token,
    condition: Expr | None = None,
    argument: Expr | None = None,
) -> Aggregate:
    source, kept = collection(path)
    return Scoped(variable, function, source, condition, argument, kept, path.to(close.end_pos or 0))


def _aggregate_of_these(function: str, these: Token, close: Token, argument: Expr | None = None) -> Aggregate:
    """`$these`: the rows that are being queried."""
    start = span_of(these)
    whole = join_spans(start, span_of(close))
    return Scoped(OWN, function, EntitySet(None, start), None, argument, None, whole)


def _type_of(expr: Expr) -> Literal:
    """`cast(Customer)`, `cast('Edm.String')`: what was read as a path or string is the type."""
    if isinstance(expr, Literal) and expr.kind == "string" and expr.span is not None:
        check_qualified(str(expr.value), expr.span)
        return Literal("type", expr.value, "", expr.span)
    if isinstance(expr, Path) and len(expr.steps) == 1 and isinstance(expr.steps[0], str) and expr.span:
        check_identifier(expr.steps[0], expr.span)
        return Literal("type", expr.steps[0], "", expr.span)
    raise ParseError("the type is missing", span=expr.span, hint="write cast(value,Edm.String)")
