"""A small shop: sales of products to customers, with what is awkward in real ones.

Nulls in every column, ties of amounts, a refund, a sale to a customer that is gone (99), a product never sold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from querykit import Schema

__all__ = ["DATA", "SCHEMA", "TABLES"]

SCHEMA = Schema.from_dict(
    {
        "Sale": {
            "table": "sales",
            "key": ["ID"],
            "properties": {
                "ID": {"type": "int!", "column": "id"},
                "Amount": {"type": "decimal", "column": "amount"},
                "Day": {"type": "int", "column": "day"},
                "CustomerID": {"type": "int", "column": "customer_id"},
                "ProductID": {"type": "int", "column": "product_id"},
            },
            "relations": {
                "Customer": {"target": "Customer", "on": [["customer_id", "id"]]},
                "Product": {"target": "Product", "on": [["product_id", "id"]]},
            },
        },
        "Customer": {
            "table": "customers",
            "key": ["ID"],
            "properties": {
                "ID": {"type": "int!", "column": "id"},
                "Name": {"type": "string", "column": "name", "searchable": True},
                "Country": {"type": "string", "column": "country"},
            },
            "relations": {"Sales": {"target": "Sale", "many": True, "on": [["id", "customer_id"]]}},
        },
        "Product": {
            "table": "products",
            "key": ["ID"],
            "properties": {
                "ID": {"type": "int!", "column": "id"},
                "Name": {"type": "string", "column": "name"},
                "Category": {"type": "string", "column": "category"},
            },
            "relations": {"Sales": {"target": "Sale", "many": True, "on": [["id", "product_id"]]}},
        },
    }
)

_SALES = [
    (1, 10, 1, 1, 1),
    (2, 4, 1, 1, 2),
    (3, 4, 2, 2, 1),
    (4, -2, 2, 2, 2),
    (5, None, 2, 3, 1),
    (6, 6, 3, 3, None),
    (7, 6, 3, 99, 2),
    (8, 1, None, 4, 4),
]
_CUSTOMERS = [(1, "Anna", "US"), (2, "Ben", "US"), (3, "Cleo", "FR"), (4, None, None)]
_PRODUCTS = [(1, "Tea", "Drink"), (2, "Cup", "Ware"), (3, "Pot", "Ware"), (4, "Ink", None)]

#: Rows by entity, for the evaluator.
DATA: dict[str, list[dict[str, Any]]] = {
    "Sale": [
        {
            "ID": id,
            "Amount": None if amount is None else Decimal(amount),
            "Day": day,
            "CustomerID": customer,
            "ProductID": product,
        }
        for id, amount, day, customer, product in _SALES
    ],
    "Customer": [dict(zip(("ID", "Name", "Country"), row, strict=True)) for row in _CUSTOMERS],
    "Product": [dict(zip(("ID", "Name", "Category"), row, strict=True)) for row in _PRODUCTS],
}

#: The same as tables: a statement that creates each, and its rows.
TABLES: list[tuple[str, str, list[Any]]] = [
    (
        "sales",
        "id INTEGER, amount DECIMAL(12, 2), day INTEGER, customer_id INTEGER, product_id INTEGER",
        _SALES,
    ),
    ("customers", "id INTEGER, name VARCHAR(20), country VARCHAR(20)", _CUSTOMERS),
    ("products", "id INTEGER, name VARCHAR(20), category VARCHAR(20)", _PRODUCTS),
]
