"""The services, a row each."""

from __future__ import annotations

from typing import NamedTuple

from querykit.errors import UnknownName, suggest

__all__ = ["PROFILES", "Profile", "profile"]


class Profile(NamedTuple):
    """How a service answers.

    Parameters
    ----------
    language: of its requests, a name of the registry.
    page: rows of an answer where the request does not say how many.
    cap: the most rows of one answer, whatever the request says.
    paging: how the next page is asked for: ``"offset"`` (rows to skip), ``"number"`` (pages are counted),
        ``"skiptoken"`` (the service makes a link that goes on behind a key) or ``"none"``.
    nulls: where null sorts: ``"lowest"`` is before every value, and behind them descending.
    """

    name: str
    language: str
    page: int
    cap: int
    paging: str
    nulls: str = "lowest"


#: Name -> row. Pages of Resco are those of its OData service; links are what OData 4.0 Part 1, 11.2.5.7 says.
PROFILES: dict[str, Profile] = {
    row.name: row
    for row in (
        Profile("resco", "odata", page=1000, cap=1000, paging="skiptoken"),
        Profile("logo", "logo", page=25, cap=100, paging="offset"),
        Profile("resengo", "resengo", page=50, cap=50, paging="number"),
        Profile("vtiger", "vtql", page=100, cap=100, paging="offset"),
    )
}


def profile(given: Profile | str) -> Profile:
    """The profile of a name.

    Raises
    ------
    UnknownName: there is none.
    """
    if isinstance(given, Profile):
        return given
    found = PROFILES.get(given.lower())
    if found is None:
        raise UnknownName(
            f"there is no profile '{given[:64]}'",
            code="unknown_profile",
            hint=suggest(given, PROFILES) or f"the profiles are {', '.join(PROFILES)}",
        )
    return found
