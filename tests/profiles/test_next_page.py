"""The request for the next page, for each service; and its tokens, forged ones too."""

from __future__ import annotations

import base64
import datetime as dt
import json
import pathlib
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import querykit
from querykit import NotExpressible, QueryError, Schema, UnknownName
from querykit.ast.nodes import Path, Query, SortKey, Transformation
from querykit.languages.registry import LANGUAGES
from querykit.profiles import PROFILES, next_page, page, resco, resume, tokens
from text_tables import pairs


def rows() -> list[tuple[str, str, int, str, str | None]]:
    found = []
    for line, following in pairs(pathlib.Path(__file__).parent / "next_pages.txt"):
        service, entity, count, text = (part.strip() for part in line.split("|"))
        found.append((service, entity, int(count), text, None if following == "-" else following))
    return found


@pytest.mark.parametrize(("service", "entity", "count", "text", "following"), rows())
def test_next_page(service: str, entity: str, count: int, text: str, following: str | None) -> None:
    query = querykit.parse(text, PROFILES[service].language)
    assert next_page(query, [{}] * count, service, None, entity) == following


@pytest.mark.parametrize(
    ("service", "entity", "text"),
    [
        ("logo", "Account", "limit=3"),
        ("logo", "Account", "limit=1&sort=city DESC,name&q=id > 2"),
        ("resengo", "Account", "NumberOfItemsPerPage=4&Sorting=nameAscending"),
        ("vtiger", "-", "SELECT * FROM Account WHERE id > 1 ORDER BY name DESC LIMIT 3;"),
        ("resco", "Account", "$orderby=city desc,name&$filter=id gt 1"),
    ],
)
def test_pages_are_the_whole(service: str, entity: str, text: str, schema: Schema) -> None:
    data = [{"id": number, "name": "abc"[number % 3], "city": None} for number in range(10)]
    data = [dict.fromkeys(schema.entity("Account").properties) | row for row in data]
    language = PROFILES[service].language
    profile = PROFILES[service]._replace(page=3) if service == "resco" else PROFILES[service]
    start = querykit.parse(text, language)
    unbounded = start.replace(top=None, skip=None)
    whole = [row["id"] for row in querykit.evaluate(unbounded.replace(top=99), data, schema, entity)]
    found: list[int] = []
    following: str | None = text
    while following is not None:
        following, _, token = following.partition("&$skiptoken=")
        query = querykit.parse(following, language)
        asked = page(resume(query, token) if token else query, profile, schema, entity)
        answered = querykit.evaluate(asked, data, schema, entity)
        found += [row["id"] for row in answered]
        following = next_page(query, answered, profile, schema, entity)
        assert len(found) <= len(data)
    assert found == whole


def test_what_is_left_of_the_top(schema: Schema) -> None:
    query = querykit.parse("$top=5&$skip=2&$count=true", "odata")
    service = PROFILES["resco"]._replace(page=2, cap=2)
    link = next_page(query, [{"id": 3}, {"id": 4}], service, schema, "Account")
    assert link == f"$top=3&$skiptoken={tokens.write(['id'], [4])}"


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("$orderby=name", None),
        ("$select=name&$orderby=name", ["name", "id"]),
        ("$select=city&$orderby=name,id desc", ["city", "name", "id"]),
        ("$select=*&$orderby=owner/login", ["*", "@order0"]),
        ("$orderby=name,length(name)", ["*", "@order1"]),
    ],
)
def test_rows_say_where_they_stand(text: str, selected: list[str] | None, schema: Schema) -> None:
    query = page(querykit.parse(text, "odata"), "resco", schema, "Account")
    names = None if query.select is None else [item.name or item.expr.steps[0] for item in query.select]
    assert names == selected
    assert query.top == 1000


def test_rows_that_do_not_say_where_they_stand_are_skipped(schema: Schema) -> None:
    query = querykit.parse("$orderby=name&$select=city", "odata")
    service = PROFILES["resco"]._replace(page=1)
    for row in ({"city": "x"}, {"city": "x", "name": "n"}, {"city": "x", "id": 1}):
        link = next_page(query, [row], service, schema, "Account")
        assert link == "$orderby=name&$select=city&$skip=1"


def test_an_entity_without_a_key_is_skipped() -> None:
    keyless = Schema.from_dict({"log": {"table": "log", "properties": {"line": "string"}}})
    service = PROFILES["resco"]._replace(page=1)
    query = querykit.parse("$orderby=line", "odata")
    assert page(query, service, keyless, "log").select is None
    assert next_page(query, [{"line": "x"}], service, keyless, "log") == "$orderby=line&$skip=1"


# --- Services


@pytest.mark.parametrize("name", PROFILES)
def test_profiles(name: str) -> None:
    service = PROFILES[name]
    assert service.name == name
    assert service.language in LANGUAGES
    assert 0 < service.page <= service.cap
    assert service.paging in ("offset", "number", "skiptoken", "none")
    assert service.nulls == "lowest", "what querykit's own order is"


def test_a_service_without_pages() -> None:
    service = PROFILES["logo"]._replace(paging="none")
    assert next_page(querykit.parse("", "logo"), [{}] * 25, service) is None


def test_there_is_no_such_profile() -> None:
    with pytest.raises(UnknownName) as caught:
        next_page(querykit.parse("", "logo"), [], "logos")
    assert (caught.value.code, caught.value.hint) == ("unknown_profile", "did you mean 'logo'?")


def test_paging_by_key_needs_an_entity(schema: Schema) -> None:
    with pytest.raises(QueryError) as caught:
        next_page(querykit.parse("$top=1", "odata").replace(top=None), [{}] * 1000, "resco", schema)
    assert caught.value.code == "no_entity"


# --- Resco


def test_row_versions() -> None:
    data = [{"id": "a", "versionnumber": 7}, {"id": "b", "versionnumber": 5}, {"id": "c", "versionnumber": 9}]
    assert querykit.evaluate(resco.max_row_version(), data) == [{"MaxRowVersion": 9}]
    assert [row["id"] for row in querykit.evaluate(resco.changes_since(5), data)] == ["a", "c"]


def test_groups_have_no_key(schema: Schema) -> None:
    query = Query(apply=(Transformation("identity"),), order=(SortKey(Path(("city",))),))
    assert page(query, "resco", schema, "Account").select is None


def test_a_highest_row_version_has_no_key(schema: Schema) -> None:
    query = resco.max_row_version()
    assert page(query, "resco", schema, "Account").select == query.select


# --- Tokens

VALUES = [
    None,
    True,
    0,
    -(2**63),
    2**63 - 1,
    "",
    "é\n'\"日本",
    0.1,
    float("inf"),
    Decimal("1.50"),
    Decimal("-1E+3"),
    dt.datetime(2020, 1, 1, 10, 0, 0, 5),
    dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    dt.date(2020, 2, 29),
    dt.time(23, 59, 59, 999999),
    dt.timedelta(days=-1, microseconds=3),
    uuid.UUID(int=5),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values(value: Any) -> None:
    place = tokens.read(tokens.write(["id"], [value, 1]))
    assert place.key == ("id",)
    assert [(type(item.value), item.value) for item in place.values] == [(type(value), value), (int, 1)]


@pytest.mark.parametrize(
    "value",
    [b"x", object(), 2**63, float("nan"), Decimal("NaN"), "x" * 20_000, "\0"],
    ids=lambda value: repr(value)[:20],
)
def test_values_that_no_token_holds(value: Any) -> None:
    with pytest.raises(NotExpressible) as caught:
        tokens.write([], [value])
    assert caught.value.code == "skiptoken"


def encoded(data: object) -> str:
    text = data if isinstance(data, str) else json.dumps(data)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


HOSTILE = [
    "",
    "x",
    "é",
    "====",
    "WzE",
    "W zE=",
    "\0",
    "A" * 1_000_000,
    encoded(""),
    encoded("1"),
    encoded("{}"),
    encoded("[1]"),
    encoded([2, [], 1]),
    encoded([True, ["id"], 1]),
    encoded([1.0, ["id"], 1]),
    encoded([1, "id", 1]),
    encoded([1, [["id"]], 1]),
    encoded([1, [None], 1]),
    encoded([1, ["id\0"], 1]),
    encoded([1, ["id"], {}]),
    encoded([1, ["id"], []]),
    encoded([1, ["id"], ["n"]]),
    encoded([1, ["id"], ["x", "1"]]),
    encoded([1, ["id"], [["n"], "1"]]),
    encoded([1, ["id"], ["n", 1]]),
    encoded([1, ["id"], ["n", "1E+999999999"]]),
    encoded([1, ["id"], ["n", "NaN"]]),
    encoded([1, ["id"], ["n", "sNaN"]]),
    encoded([1, ["id"], ["n", "x"]]),
    encoded([1, ["id"], ["n", "1" * 401]]),
    encoded([1, ["id"], ["f", "nan"]]),
    encoded([1, ["id"], ["p", "9" * 40]]),
    encoded([1, ["id"], ["t", "2020-13-01"]]),
    encoded([1, ["id"], ["g", "5"]]),
    encoded([1, ["id"], 2**63]),
    encoded([1, ["id"], "\ud800"]),
    encoded([1, ["id"], "\0"]),
    encoded('[1,["id"],1.5]'),
    encoded('[1,["id"],NaN]'),
    encoded('[1,["id"],' + "9" * 10_000 + "]"),
    encoded("[" * 10_000),
    encoded('[1,["id"],' + "[" * 5_000 + "]" * 5_000 + "]"),
    encoded([1, [], 1]),
    encoded([1, ["id"]]),
    encoded([1, ["id"], 1, 2]),
    encoded([1, [], []]),
]


@pytest.mark.parametrize("token", HOSTILE, ids=lambda token: token[:24])
def test_forged_tokens(token: str) -> None:
    with pytest.raises(QueryError) as caught:
        resume(querykit.parse("$filter=name ne null", "odata"), token)
    assert caught.value.code == "skiptoken"
    assert caught.value.hint


items = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(st.sampled_from("fntdcpgx"), st.text(max_size=5)),
    max_leaves=6,
)


@given(st.text() | st.lists(items).map(lambda values: encoded([1, ["id"], *values])))
@example(encoded([1, ["nonsense"], 5]))
@example(encoded([1, ["name"], 5]))
@example(encoded([1, ["owner"], "x"]))
@example(encoded([1, ["id", "id"], 5, 5]))
@example(encoded([1, ["'; DROP TABLE accounts; --"], 5]))
@settings(max_examples=300, deadline=None)
def test_any_token_is_read_or_refused(schema: Schema, token: str) -> None:
    try:
        resumed = resume(querykit.parse("", "odata"), token)
        sql = querykit.to_sql(resumed, schema, "sqlite", "Account").text
    except QueryError as error:
        refused = error
    else:
        assert "DROP" not in sql
        return
    assert refused.render()


def test_a_token_of_another_order() -> None:
    token = tokens.write(["id"], ["x", 1])
    assert resume(querykit.parse("$orderby=name", "odata"), token).order
    with pytest.raises(QueryError) as caught:
        resume(querykit.parse("$orderby=name,city", "odata"), token)
    assert caught.value.code == "skiptoken"
