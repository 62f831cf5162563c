"""The words of Resengo requests, and the conditions they stand for."""

from __future__ import annotations

from querykit.ast.nodes import Call, Expansion, Parameter, Path, Query
from querykit.source import Span

__all__ = [
    "BOOLEANS",
    "CALLER",
    "INCLUDE",
    "ITEMS",
    "ORDER_ITEMS",
    "PAGE",
    "PAGE_INDEX",
    "SINCE",
    "SORTING",
    "UPDATED",
    "documented",
    "someone_else",
]

#: Items on a page where NumberOfItemsPerPage does not say how many, and the most that it can ask for.
PAGE = 50

SINCE = "LastUpdatedBySomeoneElseSince"
SORTING = "Sorting"
ITEMS = "NumberOfItemsPerPage"
PAGE_INDEX = "CurrentPageIndex"
INCLUDE = "IncludeOrderItems"

BOOLEANS = {"true": True, "false": False, "1": True, "0": False}

UPDATED = Path(("UpdateDate",))
ORDER_ITEMS = Expansion(Path(("OrderItems",)), Query())

#: Who asks: its value, if there is one, is for the service to give.
CALLER = "caller"


def someone_else(span: Span | None = None) -> Call:
    """The last change was not the caller's; true as long as nobody says who calls."""
    caller = Parameter(CALLER, span)
    differs = Call("total.ne", (Path(("UpdatePersonID",), span=span), caller), span)
    return Call("bool.or", (Call("null.is", (caller,), span), differs), span)


#: The fields that the documented entities are asked and sorted by, by lower case.
_DOCUMENTED = {
    name.lower(): name
    for name in (
        *("SubscriptionID", "PersonSubscriptionID", "SubscriptionTransactionID"),
        *("TransactionID", "PersonID", "OrderID", "OrderItemID", "UpdateDate"),
    )
}


def documented(name: str) -> str:
    """The field as the documentation writes it; others as given.

    >>> documented("orderid"), documented("partnerReservationID")
    ('OrderID', 'partnerReservationID')
    """
    return _DOCUMENTED.get(name.lower(), name)
