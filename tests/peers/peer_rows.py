"""The rows that peers' tests run over, and what they expect of them, against the evaluator."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import notation_csharp
import peer_dialect

import corpora
import querykit
from querykit.ast.nodes import Query
from querykit.errors import QueryError
from querykit.languages.odata import parse
from querykit.languages.percent import encode
from querykit.schema.model import Entity, Property, Schema
from querykit.types import FLOAT, STRING

__all__ = ["kind", "outcome"]

Row = dict[str, Any]

_MODELS = Path(__file__).parent / "models"
#: Data set -> entity of the model, whose rows they are.
_ENTITIES = {
    "aspnet.CustomerTest (FilterQueryOptionTest)": "Customer",
    "ApplyQueryOptionTest.CustomerTestFilters": "Customer",
    "EnumModelTest": "EnumModel",
    "CastModelTest": "CastModel",
    "ParameterAliasTestFilters": "CastModel",
    "PropertyAliasTest": "PropertyAlias",
    "olingo tecsvc ESAllPrim": "ETAllPrim",
    "olingo tecsvc ESTwoKeyNav": "ETTwoKeyNav",
}
_ALTERNATE_CITIES = (("a",), ("a", "bc"), ("bc",))


def kind(row: Row, expectation: Row) -> str:
    """What an expectation says: rows of a data set, the truth of one row, words found, a count or a status."""
    if "dataset" in expectation and expectation["dataset"] in _ENTITIES:
        return f"data set {expectation['dataset']}"
    if "clr_nullsem" in expectation:
        return "one row"
    if "lexicon" in expectation:
        return "search"
    if "matches_all_finite_rows" in expectation:
        return "finite numbers"
    compliance = "status" in expectation and "go-odata-compliance" in row["source"]
    return "status" if compliance else "count without its rows"


def outcome(row: Row, expectation: Row) -> str:
    """`met`, `missed: …`, `refused: …`, `no rows` (the corpus does not have them) or `dialect`."""
    check = _CHECKS.get(kind(row, expectation).partition(" ")[0])
    if check is None:
        return "no rows"
    try:
        wanted, got = check(row, expectation)
    except QueryError as error:
        refused = isinstance(error, querykit.ParseError) and row.get("dialect")
        return "dialect" if refused else f"refused: {error.message}"
    return "met" if wanted == got else f"missed: {wanted} wanted, {got} found"


def query(row: Row) -> Query:
    if row["option"] == "query":
        return parse(peer_dialect.standard(row))
    return parse(f"{row['option']}={encode(peer_dialect.standard(row))}")


@cache
def schema(name: str) -> Schema:
    return Schema.from_csdl((_MODELS / f"{name}.xml").read_text(encoding="utf-8"))


# ---- rows of data sets ----


@cache
def datasets() -> Mapping[str, Any]:
    found: Mapping[str, Any] = corpora.load_json("odata-datasets.json")
    return found


def dataset_rows(name: str) -> Sequence[Row]:
    data = datasets()[name]
    if "same_as" in data:
        return dataset_rows(data["same_as"])
    if isinstance(data["rows"], list):
        return [_known(row) for row in data["rows"]]
    rows = json.loads(json.dumps(dataset_rows("CastModelTest")))
    for row, flags, cities in zip(rows, (5, 2, 6), _ALTERNATE_CITIES, strict=True):
        row["FlagsEnumProp"] = flags
        row["EntityProp"] = {"AlternateAddresses": [{"City": city} for city in cities]}
    return list(rows)


def _known(row: Row) -> Row:
    """Without the values that the corpus only describes."""
    return {
        name: "11111111-1111-1111-1111-111111111111" if value == "(random)" else value
        for name, value in row.items()
        if not str(value).startswith("per ")
    }


def _from_dataset(row: Row, expectation: Row) -> tuple[Any, Any]:
    name = expectation["dataset"]
    rows = dataset_rows(name)
    found = querykit.evaluate(query(row), rows, schema("datasets"), _ENTITIES[name])
    if "ids" in expectation:
        (key,) = schema("datasets").entities[_ENTITIES[name]].key
        return sorted(expectation["ids"]), sorted(item[key] for item in found)
    columns = [column for column in expectation if column not in ("count", "dataset")]
    wanted = {"count": expectation["count"], **{column: expectation[column] for column in columns}}
    # Olingo's tests look at the first rows only.
    return wanted, {
        "count": len(found),
        **{column: [item[column] for item in found][: len(expectation[column])] for column in columns},
    }


# ---- one row ----

_MODEL_ROWS: dict[tuple[str, bool], str] = {
    ("Product", True): 'new DerivedProduct { SupplierAddress = new Address { City = "Redmond" }, '
    "Category = new DerivedCategory { CategoryID = 123 } }",
    ("DataTypes", True): "new DataTypes { NullableShortProp = 23, FloatProp = 23 }",
    ("DataTypes", False): "new DataTypes()",
}
_MODEL_ROWS["Product", False] = _MODEL_ROWS["Product", True]
#: What a new DataTypes has in its properties that cannot be null.
_DEFAULTS = {
    "IntProp": 0,
    "UShortProp": 0,
    "FloatProp": 0,
    "DoubleProp": 0,
    "DecimalProp": 0,
    "GuidProp": "0EFDAECF-A9F0-42F3-A384-1295917AF95E",
    "DateTimeOffsetProp": "2001-01-01T12:00:00.000+08:00",
    "SimpleEnumProp": 0,
    "FlagsEnumProp": 1,
}


def _one_row(row: Row, expectation: Row) -> tuple[bool, bool]:
    """Without null propagation the CLR follows the standard for `eq` and `ne`, or throws (odata.md, 4)."""
    verdict = expectation["clr_nullsem"]
    wanted = (expectation["null_propagating"] if verdict.startswith("typeof") else verdict) == "true"
    text = expectation["row"]
    if text == "model":
        text = _MODEL_ROWS[row["entity"], row["text"].startswith("cast")]
    text = text.replace("c.ToString()", f'"{row["text"][-2:-1]}"').replace("= productName", '= "Abcd"')
    item = notation_csharp.read(text)
    if row["entity"] == "DataTypes":
        item = {**_DEFAULTS, **item}
    entity = "Product" if row["entity"] == "DerivedProduct" else row["entity"]
    data = {entity: [item], **_derived(item)}
    return wanted, bool(querykit.evaluate(query(row), data, schema("aspnet"), entity))


def _derived(item: Row) -> dict[str, list[Row]]:
    """The rows of derived types: one more row, under the same key, for each that is of one. Addresses get a number."""
    found: dict[str, list[Row]] = {}
    pending: list[Any] = [item]
    for number in itertools.count(1):
        if not pending:
            return found
        part = pending.pop()
        if isinstance(part, list):
            pending += part
        elif isinstance(part, dict):
            name = part["@odata.type"].removeprefix("#")
            if name.startswith("Derived"):
                part.setdefault(f"{name.removeprefix('Derived')}ID", number)
                found.setdefault(name, []).append(part)
            if name == "Address":
                part.setdefault("HouseNumber", 0)
            pending += part.values()
    return found


# ---- searches, numbers ----

_SEARCHED = Schema([Entity("Item", "items", {"text": Property("text", "text", STRING, searchable=True)})])
_PRICED = Schema([Entity("Item", "items", {"Price": Property("Price", "Price", FLOAT)})])


def _search(row: Row, expectation: Row) -> tuple[set[str], set[str]]:
    texts = [*expectation["match"], *expectation["unmatch"]]
    found = querykit.evaluate(query(row), [{"text": text} for text in texts], _SEARCHED, "Item")
    return set(expectation["match"]), {item["text"] for item in found}


def _finite(row: Row, expectation: Row) -> tuple[int, int]:
    rows = [{"Price": price} for price in (-1e300, -1.5, 0, 2.25, 1e300)]
    found = querykit.evaluate(query(row), rows, _PRICED, "Item")
    return len(rows) * expectation["matches_all_finite_rows"], len(found)


# ---- services that answer, or refuse ----


@cache
def compliance_rows() -> Mapping[str, Sequence[Row]]:
    """Products, with keys in place of those that the server makes, and what belongs to them."""
    data = datasets()["go-odata compliance Products"]
    names = [row["Name"] for row in data["rows"]]
    products = [
        {
            **row,
            "ID": str(uuid.UUID(int=number)),
            "CategoryID": data["Categories"].index(row["Category"]),
            "Category": None,
        }
        for number, row in enumerate(data["rows"])
        if row["Category"] in data["Categories"]
    ]
    descriptions = [
        {
            "ProductID": str(uuid.UUID(int=names.index(name))),
            "LanguageKey": key,
            "Description": f"{name} {key}",
        }
        for name, key in data["Descriptions"]
    ]
    categories = [{"ID": number, "Name": name} for number, name in enumerate(data["Categories"])]
    return {"Product": products, "ProductDescription": descriptions, "Category": categories}


@cache
def compliance() -> Schema:
    """The model, with the properties that the suite searches."""
    entities = dict(schema("compliance").entities)
    product = entities["Product"]
    searched = {name: replace(product.properties[name], searchable=True) for name in ("Name", "Description")}
    entities["Product"] = replace(product, properties={**product.properties, **searched})
    return Schema(entities.values())


def _status(row: Row, expectation: Row) -> tuple[str, str]:
    """200: it can be run; 400: it is refused, by the parser or by the schema."""
    wanted = "answered" if expectation["status"] == 200 else "refused"
    try:
        querykit.evaluate(query(row), compliance_rows(), compliance(), "Product")
    except QueryError as error:
        return wanted, "refused" if wanted == "refused" else f"{error.code}: {error.message}"
    return wanted, "answered"


_CHECKS: dict[str, Callable[[Row, Row], tuple[Any, Any]]] = {
    "data": _from_dataset,
    "one": _one_row,
    "search": _search,
    "finite": _finite,
    "status": _status,
}
