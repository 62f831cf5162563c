"""Resco's conventions: names of lookups, and polling for changes by row version.

Resco's server does not call: a client asks for the highest row version, and where that differs from the one it
remembers, for the rows with a higher `versionnumber`.
"""

from __future__ import annotations

from querykit.ast.nodes import Aggregate, Call, EntitySet, Literal, Path, Query, Selection, SortKey

__all__ = ["changes_since", "lookup_property", "max_row_version", "navigation_property"]

_VERSION = Path(("versionnumber",))


def lookup_property(lookup: str) -> str:
    """The property that holds the id of a lookup.

    >>> lookup_property("ownerid")
    '__ownerid_id'
    """
    return f"__{lookup}_id"


def navigation_property(lookup: str, target: str | None = None) -> str:
    """The navigation property of a lookup; where it may lead to several entities, to one of them.

    >>> navigation_property("ownerid"), navigation_property("objectid", "product")
    ('ownerid', 'objectid_product')
    """
    return lookup if target is None else f"{lookup}_{target}"


def max_row_version() -> Query:
    """What `GetMaxRowVersion` answers, of one entity: one row, `MaxRowVersion`; null where there are no rows.

    >>> from querykit import evaluate
    >>> evaluate(max_row_version(), [{"versionnumber": 3}, {"versionnumber": 8}])
    [{'MaxRowVersion': 8}]
    """
    highest = Aggregate("max", EntitySet(None), None, _VERSION)
    return Query(select=(Selection(highest, "MaxRowVersion"),))


def changes_since(version: int) -> Query:
    """The rows that changed after a row version, the oldest change first.

    >>> from querykit import render
    >>> render(changes_since(3), "odata")
    '$filter=versionnumber gt 3&$orderby=versionnumber'
    """
    return Query(filter=Call("total.gt", (_VERSION, Literal("int", version))), order=(SortKey(_VERSION),))
