"""What each rule of `grammars/odata.lark` makes: nodes of the tree, with their places in the text.

The parser calls the method named after a rule or alias with its children. A builder has no state: one serves all
threads. Scopes are still names here (see `scopes`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from querykit.ast.build import join_spans, logical
from querykit.ast.fresh import CallDraft, binary, call, literal, path
from querykit.ast.nodes import (
    Aggregate,
    Call,
    Cast,
    EntitySet,
    Expr,
    Literal,
    Named,
    Parameter,
    Path,
    Step,
)
from querykit.errors import LimitExceeded, ParseError
from querykit.lalr import Token, place_of, placed, shared, span_of
from querykit.languages.building import TreeBuilder, arithmetic_runs
from querykit.languages.odata import literals
from querykit.languages.odata.names import check_identifier, check_qualified, is_identifier, is_qualified
from querykit.languages.odata.operators import OPERATORS
from querykit.languages.odata.scopes import IT, OWN, THIS, Scoped
from querykit.languages.odata.spans import between_commas, check_tight, word_of
from querykit.languages.odata.steps import (
    CallText,
    Steps,
    Written,
    call_or_path,
    collection,
    is_constant,
    is_custom,
    rows_of,
    standard_functions,
    step_of,
    steps_of,
)
from querykit.limits import DEPTH_CEILING

__all__ = ["Builder"]

BLANKS = " \t\r\n"

_IDS = {text: operator.id for operator in OPERATORS for text in (operator.word, f" {operator.word} ")}
#: Aggregates of a collection that have a name of their own in the tree.
_METHODS = {"agg.sum": "sum", "agg.min": "min", "agg.max": "max", "agg.avg": "avg"}


def _operator(token: str) -> str:
    return _IDS.get(token) or _IDS[token.strip(BLANKS).lower()]


_not_equal = binary("total.ne")


@cache
def _option_builder() -> object:
    from querykit.languages.odata.option_builder import OptionBuilder

    return OptionBuilder()


class Builder(TreeBuilder):
    """The methods for expressions; those for the options come when they are asked for."""

    def __getattr__(self, rule: str) -> Any:
        return getattr(_option_builder(), rule)

    # ---- operators: P2 5.1.1.17 ----

    @staticmethod
    @placed
    def equal(left: Expr, right: Expr) -> Expr:
        """`eq null` is a question of its own (P2 5.1.1.1.1)."""
        if type(right) is Literal and right.kind == "null":
            return call("null.is", (left,))
        if type(left) is Literal and left.kind == "null":
            return call("null.is", (right,))
        node = CallDraft()
        node.fn = "total.eq"
        node.args = left, right
        node.span = None
        node.__class__ = Call
        return node

    @staticmethod
    @placed
    def not_equal(left: Expr, right: Expr) -> Expr:
        if type(right) is Literal and right.kind == "null":
            return call("bool.not", (call("null.is", (left,)),))
        if type(left) is Literal and left.kind == "null":
            return call("bool.not", (call("null.is", (right,)),))
        return _not_equal(left, right)

    greater = staticmethod(placed(binary("total.gt")))
    greater_or_equal = staticmethod(placed(binary("total.ge")))
    less = staticmethod(placed(binary("total.lt")))
    less_or_equal = staticmethod(placed(binary("total.le")))
    has_expr = staticmethod(placed(binary("enum.has")))

    @staticmethod
    @placed
    def additive_expr(first: Expr, rest: list[Any]) -> Expr:
        return arithmetic_runs(first, rest, _operator)

    multiplicative_expr = additive_expr

    @staticmethod
    @placed
    def not_expr(operand: Expr) -> Expr:
        return call("bool.not", (operand,))

    @staticmethod
    @placed
    def negate_expr(operand: Expr) -> Expr:
        return call("math.neg", (operand,))

    @staticmethod
    @placed
    def flags_without_type(token: str) -> Literal:
        """`has 'Red,Blue'`: the members of an enumeration, whose type the other operand has (ABNF enumLiteral)."""
        literals.enum(token)
        return literals.string(token)

    @staticmethod
    @placed
    def in_expr(left: Expr, right: Expr) -> Expr:
        if type(right) is Literal:
            raise ParseError(
                "a single literal is no collection",
                span=right.span,
                hint="write the items in brackets: in (1,2)",
            )
        return call("total.in", (left, right))

    @staticmethod
    @placed
    def bracketed(value: Expr, close: str) -> Expr:
        return value

    @staticmethod
    @placed
    def empty_list(close: str) -> Expr:
        return call("list", ())

    @staticmethod
    @placed
    def list_or_group(items: list[Expr], close: Token) -> Expr:
        """`in (1,2)` and `in (1)` are lists, `in (b)` is the collection b (ABNF listExpr, parenExpr)."""
        if len(items) == 1 and type(items[0]) is not Literal:
            return items[0]
        for item in items:
            if type(item) is not Literal:
                raise _no_list(items, item, close)
        return call("list", tuple(items))

    # ---- functions with a syntax of their own ----

    @placed
    def when(self, condition: Expr, value: Expr) -> tuple[Expr, Expr]:
        return condition, value

    @placed
    def case_call(self, word: str, pairs: list[tuple[Expr, Expr]], close: str) -> Expr:
        """`true:` at the end is the usual way to say "else" (P2 5.1.1.12.1)."""
        args = [part for pair in pairs for part in pair]
        last = args[-2]
        if len(pairs) > 1 and isinstance(last, Literal) and last.value is True:
            del args[-2]
        return call("logic.case", tuple(args))

    @staticmethod
    @placed
    def type_call(word: str, *values: Any) -> Expr:
        *args, _ = values
        if len(args) == 1 and not (isinstance(args[0], Literal) and args[0].kind == "type"):
            args = [_type_of(args[0])]
        return call("type.cast" if word[0] in "cC" else "type.isof", tuple(args))

    @shared
    def named_type(self, token: str) -> Literal:
        return literal("type", _type_name(token))

    qualified_type = named_type

    @staticmethod
    @placed
    def quoted_type(token: str) -> Literal:
        raise ParseError(
            "the type is written without quotes", span=span_of(token), hint=f"write {token[1:-1]}"
        )

    @staticmethod
    @placed
    def collection_type(opening: str, name: str, close: str) -> Literal:
        return literal("type", f"Collection({_type_name(name)})")

    # ---- paths and calls ----

    @shared
    def field(self, token: str) -> Path:
        if not is_identifier(token):
            check_identifier(token, span_of(token))
        return path((str(token),))

    @shared
    def parameter_or_term(self, token: str) -> Parameter | Path:
        name = str(token)
        if not is_identifier(name[1:]):
            check_qualified(name[1:].replace("#", "."), span_of(token))
        return path((name,)) if "." in name or "#" in name else Parameter(name[1:])

    @shared
    def variable(self, token: str) -> Path:
        return path((str(token),))

    @placed
    def names_of_type(self, type: str, token: str) -> Path:
        if not is_qualified(type):
            check_qualified(type, span_of(type))
        if not is_identifier(token):
            check_identifier(token, span_of(token))
        return path((Cast(str(type), place_of(type)), str(token)))

    @placed
    def longer_names(self, before: Path | Parameter, token: str) -> Path:
        if not is_identifier(token):
            check_identifier(token, span_of(token))
        return path((*_names(before), str(token)))

    @placed
    def derived_names(self, before: Path | Parameter, token: str) -> Path:
        if not is_qualified(token):
            check_qualified(token, span_of(token))
        return path((*_names(before), Cast(str(token), place_of(token))))

    def name_step(self, children: list[Token]) -> Written:
        token = children[0]
        check_qualified(token.lstrip("@").replace("#", "."), span_of(token))
        return Written("name", str(token), (), span_of(token))

    def type_step(self, children: list[Token]) -> Written:
        check_qualified(children[0], span_of(children[0]))
        return Written("type", str(children[0]), (), span_of(children[0]))

    def key_step(self, children: list[Token]) -> Written:
        key = literals.integer(children[0])
        self.place(key, *span_of(children[0]))
        return Written("key", "", (key,), span_of(children[0]))

    @staticmethod
    @placed
    def call_without_arguments(word: str, close: str) -> CallText:
        return word, (), close

    @staticmethod
    @placed
    def call_of_one(word: str, argument: Expr, close: str) -> CallText:
        return word, (argument,), close

    @staticmethod
    @placed
    def call_of_more(word: str, first: Expr, rest: list[Expr], close: str) -> CallText:
        return word, (first, *rest), close

    @placed
    def function_call(self, written: CallText) -> Expr:
        word, args, _ = written
        functions = standard_functions()
        known = functions.get(word) or functions.get(word.rstrip(BLANKS))
        if known is not None and len(args) in known:
            for arg in args:
                if type(arg) is Named:
                    break
            else:
                return call(known[len(args)], args)
        name = word_of(word)
        if is_custom(name):
            return call(f"custom.{name}", args)
        return call_or_path(steps_of(written))

    def call_of_all(self, children: list[Token]) -> Written:
        name, close = children
        return Written("call", word_of(name), (), (name.start_pos or 0, close.end_pos or 0))

    @placed
    def named_argument(self, token: str, value: Expr) -> Named:
        name = token[:-1]
        if not is_identifier(name):
            start, end = span_of(token)
            check_identifier(name, (start, end - 1))
        return Named(name, value)

    def path(self, children: list[Written]) -> Steps:
        return Steps(children[0])

    def path_from_type(self, children: list[Any]) -> Steps:
        path = Steps(self.type_step(children))
        path.steps.append(step_of(children[1]))
        return path

    def path_from_cast(self, children: list[Any]) -> Steps:
        """`cast(Ns.T)/a` is about the instance as a Ns.T; with an expression before the type it is no path."""
        cast, step = children
        if cast.fn != "type.cast" or len(cast.args) != 1:
            raise ParseError("no step can follow", span=cast.span, hint="write the type as a step: a/Ns.T/b")
        path = Steps(Written("type", cast.args[0].value, (), cast.span))
        path.steps.append(step_of(step))
        return path

    def path_from_root(self, children: list[Any]) -> Steps:
        root, first = children
        step = step_of(first) if isinstance(first, tuple) else self.name_step([first])
        return Steps(step._replace(span=(root.start_pos, step.span[1])), rooted=True)

    def longer_path(self, children: list[Any]) -> Steps:
        path = steps_of(children[0])
        path.steps += map(step_of, children[1:])
        return path

    path_from_rows = longer_path  # `Ns.f()('key')`: one of the rows of a function

    def path_with_all(self, children: list[Any]) -> Steps:
        path, *called = children
        return self.longer_path([path, self.call_of_all(called)])

    def filtered_path(self, children: list[Any]) -> Steps:
        before, condition, close, *key = children
        check_tight(close)
        path = steps_of(before)
        path.steps.append(Written("filter", "", (condition,), (path.steps[-1].span[1], close.end_pos)))
        path.steps += key
        return path

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

    def member_with_slash(self, children: list[Any]) -> Expr:
        path = steps_of(children[0])
        last = path.steps[-1]
        if last.kind == "type" or last.name in (IT, THIS):
            end = last.span[1] + 1
            raise ParseError("a property has to follow the slash", span=(end, end))
        return call_or_path(path)

    # ---- values of collections ----

    @placed
    def not_empty(self, before: Any, word: str, close: str) -> Aggregate:
        source, kept = rows_of(before)
        return Scoped(OWN, "any", source, None, None, kept)

    @placed
    def lambda_call(self, before: Any, word: str, variable: str, condition: Expr, close: str) -> Aggregate:
        if not is_identifier(variable):
            check_identifier(variable, span_of(variable))
        source, kept = rows_of(before)
        return Scoped(str(variable), word_of(word).lower(), source, condition, None, kept)

    @placed
    def number_of_rows(self, before: Any, segment: str) -> Aggregate:
        source, kept = rows_of(before)
        return Scoped(OWN, "count", source, None, None, kept)

    def count_call(self, children: list[Any]) -> Aggregate:
        path, segment, *options = children
        close = options.pop() if options else segment
        if close is not segment:
            check_tight(close)
        if isinstance(path, Token):
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
        if isinstance(path, Token):
            return _aggregate_of_these(function, path, close, argument)
        return _aggregate(OWN, function, path, close, argument=argument)

    # ---- JSON ----

    @staticmethod
    @placed
    def array(opening: str, *values: Any) -> Expr:
        return call("list", tuple(values[0]) if len(values) == 2 else ())

    @staticmethod
    @placed
    def object(opening: str, *values: Any) -> Expr:
        return call("object", tuple(values[0]) if len(values) == 2 else ())

    @staticmethod
    @placed
    def object_member(key: str, value: Expr) -> Named:
        return Named(literals.json_text(key), value)

    @staticmethod
    @placed
    def json_string(token: str) -> Literal:
        return literal("string", literals.json_text(token))

    # ---- literals ----

    @shared
    def null(self, token: str) -> Literal:
        return literal("null", None)

    @shared
    def true(self, token: str) -> Literal:
        return literal("bool", True)

    @shared
    def false(self, token: str) -> Literal:
        return literal("bool", False)

    int = staticmethod(placed(literals.integer))
    decimal = staticmethod(placed(literals.decimal_number))
    double = staticmethod(placed(literals.double))
    string = staticmethod(placed(literals.string))
    guid = staticmethod(placed(literals.guid))
    date = staticmethod(placed(literals.date))
    date_time = staticmethod(placed(literals.date_time))
    time = staticmethod(placed(literals.time))
    duration = staticmethod(placed(literals.duration))
    binary = staticmethod(placed(literals.binary))
    geo = staticmethod(placed(literals.geo))
    enum = staticmethod(placed(literals.enum))

    def malformed(self, children: list[Token]) -> Literal:
        raise literals.malformed(children[0])

    def parameter(self, children: list[Token]) -> Parameter:
        self.name_step(children)
        return Parameter(children[0][1:], span_of(children[0]))


def _names(before: Path | Parameter) -> tuple[Step, ...]:
    """The steps before another one. A step is a level, and a path without end would be copied without end."""
    steps = before.steps if isinstance(before, Path) else (f"@{before.name}",)
    if len(steps) > DEPTH_CEILING:
        raise LimitExceeded(f"more than {DEPTH_CEILING} levels in one another", code="depth")
    return steps


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
    before: Any,
    close: Token,
    condition: Expr | None = None,
    argument: Expr | None = None,
) -> Aggregate:
    path = steps_of(before)
    source, kept = collection(path)
    return Scoped(variable, function, source, condition, argument, kept, path.to(close.end_pos or 0))


def _aggregate_of_these(function: str, these: Token, close: Token, argument: Expr | None = None) -> Aggregate:
    """`$these`: the rows that are being queried."""
    start = span_of(these)
    whole = join_spans(start, span_of(close))
    return Scoped(OWN, function, EntitySet(None, start), None, argument, None, whole)


def _type_name(token: str) -> str:
    if not all(map(is_identifier, token.split("."))):
        check_qualified(token, span_of(token))
    return str(token)


def _type_of(expr: Expr) -> Literal:
    """`cast(Customer)`, `cast('Edm.String')`: what was read as a path or string is the type."""
    if isinstance(expr, Literal) and expr.kind == "string":
        check_qualified(str(expr.value), expr.span)
        return Literal("type", expr.value, "", expr.span)
    if isinstance(expr, Path) and len(expr.steps) == 1 and isinstance(expr.steps[0], str):
        check_identifier(expr.steps[0], expr.span)
        return Literal("type", expr.steps[0], "", expr.span)
    raise ParseError("the type is missing", span=expr.span, hint="write cast(value,Edm.String)")
