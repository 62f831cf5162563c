"""The languages, by name; each module is imported when its language is first used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from querykit.ast.nodes import Expr, Query
from querykit.errors import UnknownName, suggest
from querykit.limits import Limits

__all__ = ["LANGUAGES", "Language", "Params", "check_options", "language"]

#: Values for parameters: by position (criteria's `?`) or by name (`?name`, `@name`).
Params = Sequence[Any] | Mapping[str, Any] | None


class Language(Protocol):
    """What a module of `querykit.languages` provides.

    The options of a language are the keyword-only parameters of its `parse` and `parse_filter`, all with defaults.
    """

    def parse(self, text: str, params: Params, limits: Limits, **options: Any) -> Query:
        """A full text."""
        ...

    def parse_filter(self, text: str, params: Params, limits: Limits, **options: Any) -> Expr:
        """A bare condition or expression."""
        ...

    def is_condition(self, text: str) -> bool:
        """Is the text a bare condition? One that can be both is a full text."""
        ...

    def render(self, query: Query) -> str:
        """A full text for the query; NotExpressible where the language cannot say it."""
        ...

    def render_filter(self, expr: Expr) -> str:
        """A text for a condition, or for a value."""
        ...


#: Name -> module.
LANGUAGES: dict[str, str] = {
    "odata": "querykit.languages.odata",
    "criteria": "querykit.languages.criteria",
    "vtql": "querykit.languages.vtql",
    "fetchxml": "querykit.languages.fetchxml",
    "logo": "querykit.languages.logo",
    "resengo": "querykit.languages.resengo",
}

#: Those that were asked for.
_loaded: dict[str, Language] = {}


def language(name: str) -> Language:
    """The language of a name, in any letter case.

    Raises
    ------
    UnknownName: there is none.
    """
    found = _loaded.get(name)
    if found is not None:
        return found
    module = LANGUAGES.get(name.lower())
    if module is None:
        raise UnknownName(
            f"there is no language '{name[:64]}'",
            code="unknown_language",
            hint=suggest(name, LANGUAGES) or f"the languages are {', '.join(LANGUAGES)}",
        )
    found = cast(Language, import_module(module))
    if name in LANGUAGES:
        _loaded[name] = found
    return found


def check_options(name: str, parse: Callable[..., Any], options: Collection[str]) -> None:
    """Refuse options that a language's `parse` or `parse_filter` does not have.

    Raises
    ------
    TypeError: a mistake of the program, which no text can cause.
    """
    if not options:
        return
    known: Mapping[str, Any] = getattr(parse, "__kwdefaults__", None) or {}
    for option in options:
        if option not in known:
            listed = ", ".join(known) or "none"
            raise TypeError(f"{name} has no option {option!r} here; its options are: {listed}")
