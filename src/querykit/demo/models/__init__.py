"""The tables of the sample CRM: one file per system whose names they follow.

Resco, Vtiger and Logo each name the same companies in their own way; Resengo sells subscriptions to them.
"""

from __future__ import annotations

from querykit.demo.models.base import Base
from querykit.demo.models.logo import Firm, Opportunity, Person, SalesRep
from querykit.demo.models.resco import (
    Account,
    Activity,
    Annotation,
    Contact,
    OrderStatus,
    Product,
    SalesOrder,
    SalesOrderDetail,
    SystemUser,
)
from querykit.demo.models.resengo import Subscription
from querykit.demo.models.vtiger import Accounts, Potentials

__all__ = [
    "Account",
    "Accounts",
    "Activity",
    "Annotation",
    "Base",
    "Contact",
    "Firm",
    "Opportunity",
    "OrderStatus",
    "Person",
    "Potentials",
    "Product",
    "SalesOrder",
    "SalesOrderDetail",
    "SalesRep",
    "Subscription",
    "SystemUser",
]
