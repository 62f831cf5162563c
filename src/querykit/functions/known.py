"""Names of functions that texts call although what they give is not for a catalog to say."""

from __future__ import annotations

__all__ = ["OF_HIERARCHIES", "OF_THE_APPLICATION", "WITHOUT_VALUE"]

#: XAF's: the application puts values in their place before the query runs (criteria.md, 4.7).
OF_THE_APPLICATION = frozenset(("currentuserid", "currenttenantid", "iscurrentuserid", "iscurrentuserinrole"))

_UNPUBLISHED = "what it means is not published"
_DASHBOARD = "it is a function of dashboards"

#: OData's, about the place of a row in a recursive hierarchy, in their namespace or by its usual alias.
OF_HIERARCHIES = frozenset(
    f"{namespace}.{name}"
    for namespace in ("aggregation", "org.odata.aggregation.v1")
    for name in ("isnode", "isroot", "isdescendant", "isancestor", "issibling", "isleaf")
)

#: Case-folded name -> why a call of it has no value (criteria.md, 4; OData's Data Aggregation).
WITHOUT_VALUE: dict[str, str] = {
    "isnewobject": "only the program that holds the object knows",
    "isdefined": "rows have all names of their entity, and results those that $apply has made",
    "upcast": "its class and its property must be texts: Upcast(This, 'Ns.Class', 'Property')",
    **dict.fromkeys(("inrange", "intimerange", "outoftimerange", "notindaterange"), _UNPUBLISHED),
    "addworkingdays": _UNPUBLISHED,
    **dict.fromkeys(("toboolean", "todatetime", "getweekofmonth", "getweekofyear"), _DASHBOARD),
}
