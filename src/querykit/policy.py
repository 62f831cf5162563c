"""What a caller may use of what the schema exposes."""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from collections.abc import Collection, Mapping
from typing import NamedTuple

__all__ = ["Policy"]


class Policy(NamedTuple):
    """Allow-lists and hidden names; None allows everything. A breach raises `Forbidden`.

    Parameters
    ----------
    options: of ``apply filter search compute order select expand top skip count`` those that a query may have.
    functions: ids of the catalog that may be called (operators are always allowed), and `custom.Name` for
        functions of the user.
    hidden: entity name -> properties and relations that may not be named anywhere in a query. They are left
        out of what a query without a projection returns.

    >>> Policy(hidden={"User": {"password_hash"}}).hides("User", "password_hash")
    True
    """

    options: Collection[str] | None = None
    functions: Collection[str] | None = None
    hidden: Mapping[str, Collection[str]] = {}

    def hides(self, entity: str, name: str) -> bool:
        hidden = self.hidden.get(entity)
        if not hidden:
            return False
        # What hides a complex value hides all in it.
        return name in hidden or ("/" in name and any(name.startswith(f"{other}/") for other in hidden))
