"""The entities that the samples ask: a field of every type, rows to one and to many."""

from __future__ import annotations

from typing import Any

from querykit import types as t
from querykit.functions.custom import CustomFunction
from querykit.schema.model import Entity, Property, Relation, Schema
from querykit.types import Type

__all__ = ["ENTITY", "FIELDS", "rows", "schema"]

#: What the samples ask.
ENTITY = "Order"

_COLOR = t.enumeration("Shop.Color", (("Red", 1), ("Blue", 2)))

#: Type -> fields of it; the first ones of a type are those that a sample of a function takes.
FIELDS: dict[Type, tuple[str, ...]] = {
    t.INT: ("Pieces", "Stock", "OrderID", "CustomerID", "UpdatePersonID"),
    t.STRING: ("Title", "Note", "Code"),
    t.DECIMAL: ("Price", "Discount"),
    t.FLOAT: ("Weight", "Height"),
    t.BOOL: ("Paid", "Sent"),
    t.DATETIME: ("UpdateDate", "Created", "Delivered"),
    t.DATE: ("Due", "Begun"),
    t.TIME: ("Opens", "Closes"),
    t.DURATION: ("Took", "Planned"),
    t.GUID: ("Ident",),
    t.BINARY: ("Photo",),
    t.GEO: ("Place", "Area"),
    _COLOR: ("Color",),
    t.collection(t.STRING): ("Tags",),
}


def schema() -> Schema:
    """Orders with items and a customer; customers with a manager who is one too, some of them companies."""
    order = [
        Property(name, name, type, searchable=name == "Title")
        for type, names in FIELDS.items()
        for name in names
    ]
    return Schema(
        [
            Entity(
                ENTITY,
                "orders",
                {item.name: item for item in order},
                _relations(
                    Relation("Customer", "Customer", False, (("CustomerID", "CustomerID"),)),
                    Relation("OrderItems", "OrderItem", True, (("OrderID", "OrderID"),)),
                ),
                ("OrderID",),
            ),
            Entity(
                "Customer",
                "customers",
                _properties(CustomerID=t.INT, Name=t.STRING, City=t.STRING, ManagerID=t.INT),
                _relations(
                    Relation("Manager", "Customer", False, (("ManagerID", "CustomerID"),)),
                    Relation("Orders", ENTITY, True, (("CustomerID", "CustomerID"),)),
                ),
                ("CustomerID",),
            ),
            Entity(
                "Company",
                "companies",
                _properties(CustomerID=t.INT, Name=t.STRING, City=t.STRING, ManagerID=t.INT, Seats=t.INT),
                {},
                ("CustomerID",),
                base="Customer",
            ),
            Entity(
                "OrderItem",
                "items",
                _properties(
                    OrderItemID=t.INT, OrderID=t.INT, Product=t.STRING, Pieces=t.INT, Price=t.DECIMAL
                ),
                _relations(Relation("Order", ENTITY, False, (("OrderID", "OrderID"),))),
                ("OrderItemID",),
            ),
        ],
        [_rate("Rate", "of"), _rate("Shop.Rate", "of"), _rate("Shop.Rate", "of", "by")],
    )


def _rate(name: str, *parameters: str) -> CustomFunction:
    """A function that a user would register."""
    return CustomFunction(name, dict.fromkeys(parameters, "int"), "int", python=lambda of, *_: of, sql="{0}")


def _properties(**types: Type) -> dict[str, Property]:
    return {name: Property(name, name, type) for name, type in types.items()}


def _relations(*relations: Relation) -> dict[str, Relation]:
    return {item.name: item for item in relations}


def rows(schema: Schema) -> dict[str, list[dict[str, Any]]]:
    """One row of nulls for each entity."""
    return {name: [dict.fromkeys(entity.properties)] for name, entity in schema.entities.items()}
