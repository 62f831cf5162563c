"""What the rules for `$orderby`, `$expand`, `$select` and the options nested in them make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from querykit.ast.build import join_spans
from querykit.ast.nodes import Call, Expansion, Expr, Named, Path, Query, Selection, SortKey
from querykit.errors import LimitExceeded, ParseError
from querykit.lalr import placed, span_of
from querykit.languages.odata.names import check_identifier, check_qualified
from querykit.languages.odata.spans import between_commas, check_tight, option_name
from querykit.languages.odata.steps import Steps, Written, collection
from querykit.source import Span

if TYPE_CHECKING:
    from querykit.grammar import Token

__all__ = ["TEMPORAL", "Option", "OptionRules", "assemble", "page_number", "plain_path"]

#: OData Temporal Data 4.0, 4.2: the moment or period of the rows that are asked for. They need their dollar.
TEMPORAL = {"at": "at", "from": "from", "to": "to", "toinclusive": "toInclusive"}

_LARGEST = 2**63 - 1  # Edm.Int64


class Option(NamedTuple):
    """One option with its value; `name` is the field of `Query`, or one of ``levels alias further answer``."""

    name: str
    value: Any
    span: Span


def page_number(text: str, span: Span) -> int:
    """The value of `$top` and `$skip`: P1 11.2.6.3, 11.2.6.4; no sign, no blank, no fraction."""
    if not (text.isascii() and text.isdigit()):
        raise ParseError(f"'{text[:20]}' is not a number of rows", span=span, hint="write a number from 0 on")
    number = int(text) if len(text) <= 400 else _LARGEST + 1
    if number > _LARGEST:
        raise LimitExceeded("a number of rows beyond 64 bits", code="page_size", span=span)
    return number


def assemble(options: list[Option]) -> tuple[Query, int | str | None]:
    """A query of options, and the `$levels` among them; no option may be there twice (P2 5.1).

    The span of the query reaches from the first option to the last.
    """
    fields: dict[str, Any] = {}
    aliases: dict[str, Named] = {}
    further: dict[str, Named] = {}
    named: dict[str, dict[str, Any]] = {"alias": aliases, "further": further, "answer": {}}
    span: Span | None = None
    for option in options:
        known = named.get(option.name, fields)
        key = option.name if known is fields else option.value.name
        span = join_spans(span, option.span)
        if key in known:
            what = f"the value of @{key}" if known is aliases else f"${_WRITTEN.get(key, key)}"
            raise ParseError(f"{what} is given twice", code="repeated_option", span=option.span)
        known[key] = option.value
    levels = fields.pop("levels", None)
    query = Query(**fields, aliases=tuple(aliases.values()), options=tuple(further.values()), span=span)
    return query, levels


#: Field of `Query` -> name of the option, where they differ.
_WRITTEN = {"order": "orderby"}


class OptionRules:
    """The part of the builder that is about options; see `Builder`."""

    # ---- $orderby: P2 5.1.6 ----

    @placed
    def orderby(self, listed: list[Any]) -> tuple[SortKey, ...]:
        return tuple(between_commas(listed))

    @placed
    def order_item(self, expr: Expr) -> SortKey:
        return SortKey(expr)

    @placed
    def descending(self, expr: Expr) -> SortKey:
        return SortKey(expr, True)

    # ---- $expand: P2 5.1.3 ----

    def expand(self, children: list[Any]) -> tuple[Expansion, ...]:
        return tuple(between_commas(children))

    def expand_item(self, children: list[Any]) -> Expansion:
        path, *rest = children
        first = path.steps[0]
        if first.kind == "type" and len(path.steps) == 1:
            end = first.span[1]
            raise ParseError("a property has to follow the type", span=(end, end))
        tokens = [
            child for child in rest if not isinstance(child, Option)
        ]  # `$ref` or `$count`, closing bracket
        if tokens and tokens[-1].type == "CLOSE":
            check_tight(tokens[-1])
        kind = tokens[0][1:] if tokens and tokens[0].type in ("REF", "COUNT_SEGMENT") else ""
        end = tokens[-1].end_pos if tokens else path.span[1]
        query, levels = assemble([child for child in rest if isinstance(child, Option)])
        return Expansion(plain_path(path), query, levels, kind, path.to(end))

    def expand_all(self, children: list[Any]) -> Steps:
        star = children[-1]
        step = Written("name", "*", (), span_of(star))
        if len(children) == 1:
            return Steps(step)
        path: Steps = children[0]
        path.steps.append(step)
        return path

    def expand_value(self, children: list[Token]) -> Expansion:
        """`$value`: the stream of a media entity."""
        span = span_of(children[0])
        return Expansion(Path(("$value",), 0, span), Query(), None, "", span)

    # ---- $select: P2 5.1.4 ----

    def select(self, children: list[Any]) -> tuple[Selection, ...]:
        return tuple(between_commas(children))

    def select_all(self, children: list[Token]) -> Selection:
        token = children[0]
        if len(token) > 1:
            check_qualified(token[:-2], span_of(token))
        return Selection(Path((str(token),), 0, span_of(token)), None, None, span_of(token))

    def select_item(self, children: list[Any]) -> Selection:
        path, *rest = children
        if not rest:
            return Selection(plain_path(path), None, None, path.span)
        close = rest.pop()
        check_tight(close)
        if len(path.steps) == 1 and path.steps[0].kind == "type":
            start = path.span[1]
            raise ParseError("a type has no options", span=(start, start + 1))
        return Selection(plain_path(path), None, self.nested(rest), path.to(close.end_pos))

    def select_function(self, children: list[Any]) -> Selection:
        """`Ns.f(a,b)`: an overload, by the names of its parameters."""
        path, *names, close = children
        check_tight(close)
        last = path.steps.pop()
        check_qualified(last.name, last.span)
        args = tuple(
            plain_path(Steps(Written("name", str(name), (), span_of(name)))) for name in between_commas(names)
        )
        span: Span = (last.span[0], close.end_pos)
        before = plain_path(path).steps if path.steps else ()
        whole = (path.steps[0].span[0] if path.steps else last.span[0], close.end_pos)
        function = Call(f"custom.{last.name}", args, span)
        return Selection(Path((*before, function), 0, whole), None, None, whole)

    # ---- nested options ----

    def nested(self, options: list[Option]) -> Query:
        return assemble(options)[0]

    def filter(self, children: list[Any]) -> Option:
        return Option("filter", children[1], option_name(children[0]))

    def nested_orderby(self, children: list[Any]) -> Option:
        return Option("order", children[1], option_name(children[0]))

    def nested_select(self, children: list[Any]) -> Option:
        return Option("select", children[1], option_name(children[0]))

    def nested_expand(self, children: list[Any]) -> Option:
        return Option("expand", children[1], option_name(children[0]))

    def skip(self, children: list[Token]) -> Option:
        return _page("skip", *children)

    def top(self, children: list[Token]) -> Option:
        return _page("top", *children)

    def inline_count(self, children: list[Token]) -> Option:
        return Option("count", children[1].type == "TRUE", option_name(children[0]))

    def levels(self, children: list[Token]) -> Option:
        """A number without leading zeros, or `max`: ABNF levels."""
        name, value = children
        if value.type == "MAX":
            return Option("levels", "max", option_name(name))
        if value[0] not in "123456789":
            raise ParseError(f"'{value[:20]}' is not a number of levels", span=span_of(value))
        return Option("levels", page_number(value, span_of(value)), option_name(name))

    def alias(self, children: list[Any]) -> Option:
        name, value = children
        check_identifier(name[1:], span_of(name))
        named = Named(name[1:], value, join_spans(span_of(name), value.span))
        return Option("alias", named, span_of(name))

    def temporal(self, children: list[Any]) -> Option:
        """A moment, or a bound of a period; `min` and `max` are read as names."""
        word, value = children
        name = TEMPORAL[word[1:-1].lower()]
        return Option("further", Named(name, value, join_spans(span_of(word), value.span)), option_name(word))

    def search(self, children: list[Any]) -> Option:
        return Option("search", children[1], option_name(children[0]))

    def compute(self, children: list[Any]) -> Option:
        return Option("compute", children[1], option_name(children[0]))

    def apply(self, children: list[Any]) -> Option:
        return Option("apply", children[1], option_name(children[0]))

    # ---- $compute: P2 5.1.10 ----

    def computed(self, children: list[Any]) -> tuple[Named, ...]:
        return tuple(between_commas(children))

    def computed_item(self, children: list[Any]) -> Named:
        value, name = children
        check_identifier(name, span_of(name))
        return Named(str(name), value, join_spans(value.span, span_of(name)))


def _page(name: str, word: Token, value: Token) -> Option:
    number = page_number(value, span_of(value))
    return Option(name, number, (span_of(word)[0], span_of(value)[1]))


def plain_path(path: Steps) -> Path:
    """A path of `$select` or `$expand`: names and types only, so it is always a path."""
    source, _ = collection(path)
    assert isinstance(source, Path)
    return source
