"""Which texts are of one shape, and what a translator keeps of them."""

from __future__ import annotations

import datetime as dt
import gc
import random
import tracemalloc
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from answers import answer
from querykit import Forbidden, Limits, Policy, Schema, Translator

_HERE = Path(__file__).parent
_LIMITS = Limits(page_size=1000)


def blocks(name: str) -> list[tuple[str, list[str]]]:
    """The language and the texts of each block."""
    found = []
    for block in (_HERE / name).read_text(encoding="utf-8").strip().split("\n\n"):
        rows = [line.partition(": ") for line in block.splitlines() if not line.startswith("# ")]
        found.append((rows[0][0], [text for _, _, text in rows]))
    return found


def knowing(schema: Schema, language: str, text: str) -> Translator:
    """A translator that knows the shape of a text."""
    translator = Translator(schema, language, "sqlite", limits=_LIMITS)
    for _ in range(2):
        translator.plan(text, "Account")
    return translator


@pytest.mark.parametrize(("language", "texts"), blocks("shared.txt"))
def test_one_shape(schema: Schema, language: str, texts: list[str]) -> None:
    translator = knowing(schema, language, texts[0])
    reading = Translator(schema, language, "sqlite", limits=_LIMITS, cache_size=0)
    first = translator.plan(texts[0], "Account")
    for text in texts:
        before = translator.cache_info().hits
        found = translator.plan(text, "Account")
        assert translator.cache_info().hits == before + 1, text
        assert (found.sql, found.statement) == (first.sql, first.statement)
        assert answer(translator, text)[2] == answer(reading, text)[2]


@pytest.mark.parametrize(("language", "texts"), blocks("apart.txt"))
def test_shapes_apart(schema: Schema, language: str, texts: list[str]) -> None:
    known, other = texts
    translator = knowing(schema, language, known)
    reading = Translator(schema, language, "sqlite", limits=_LIMITS, cache_size=0)
    assert answer(translator, other) == answer(reading, other)
    assert translator.cache_info().hits == 0
    assert answer(translator, known) == answer(reading, known)


def test_kinds_take_turns(schema: Schema) -> None:
    """Both an integer and a decimal in one place, in any number of places, are known side by side."""
    translator = Translator(schema, "odata", "sqlite")
    reading = Translator(schema, "odata", "sqlite", cache_size=0)
    choose = random.Random(5)
    for _ in range(200):
        numbers = [choose.choice(("1", "2", "1.5", "2.5", "1e3")) for _ in range(3)]
        text = "$filter=revenue gt {} or rating lt {} or employees ne {}".format(*numbers)
        assert answer(translator, text) == answer(reading, text)
    assert translator.cache_info().hits > 100


def test_answers_take_turns(schema: Schema) -> None:
    """The plan is another where a number does not fit the column; both are known."""
    translator = Translator(schema, "odata", "sqlite")
    reading = Translator(schema, "odata", "sqlite", cache_size=0)
    choose = random.Random(5)
    for _ in range(100):
        number, large = choose.choice(("1.0", "2.0", "1.5", "2.5")), choose.choice((1, 10**20))
        text = f"$filter=employees eq {number} and id lt {large}"
        assert answer(translator, text) == answer(reading, text)
    assert translator.cache_info().hits > 60


def test_nothing_is_learnt_in_vain_twice(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = Translator(schema, "odata", "sqlite")
    lessons: list[str] = []

    def learn(course: object, text: str, *rest: object) -> None:
        lessons.append(text)

    monkeypatch.setattr("querykit.engine.known.learn", learn)
    for number in range(5):
        translator.plan(f"$filter=id eq {number}", "Account")
    assert lessons == ["$filter=id eq 1"]


def test_what_a_plan_depends_on_is_part_of_the_shape(schema: Schema) -> None:
    """A type that is written as a text, a condition that is cut short: nobody has said that these look at values."""
    translator = Translator(schema, "criteria", "sqlite")
    for _ in range(3):
        for truth in ("true", "false"):
            found = translator.plan(f"[active] = '{truth}' And [id] = 5", "Account")
            assert found.params == {"p0": 5}
    first, second = (
        translator.plan(f"[active] = '{truth}' And [id] = 6", "Account") for truth in ("true", "false")
    )
    assert translator.cache_info().hits == 4
    assert first.sql != second.sql


def test_the_tree_of_a_known_text(schema: Schema) -> None:
    translator = knowing(schema, "odata", "$filter=name eq 'a'")
    found = translator.plan("$filter=name%20eq%20'b'", "Account")
    assert translator.cache_info().hits == 1
    assert found.query.filter == translator.plan("$filter=(name eq 'b')", "Account").query.filter
    assert found.query.source is not None
    assert found.query.source.text == "$filter=name%20eq%20'b'"


def test_a_refusal_of_a_known_shape_shows_its_own_text(schema: Schema) -> None:
    """The dialect has no such operation: the place is that in the text, not in the one that was learnt."""
    translator = Translator(schema, "odata", "sqlite")
    reading = Translator(schema, "odata", "sqlite", cache_size=0)
    for value in ("a", "abc", "abcdef"):
        text = f"$filter=name ne '{value}' and matchesPattern(name,'{value}')"
        assert answer(translator, text) == answer(reading, text)


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("$filter=name eq @p", [{"p": "a"}, {"p": "b"}, {"p": "c"}]),
        (
            "$filter=employees gt @p",
            [{"@p": 1}, {"@p": 2}, {"@p": 10**20}, {"@p": 3}, {"@p": None}, {"@p": 4}],
        ),
        ("$filter=revenue gt @p", [{"p": Decimal("1.5")}, {"p": 1}, {"p": 2.5}, {"p": Decimal(2)}] * 3),
        ("$filter=active eq @p", [{"p": True}, {"p": False}] * 3),
        ("$filter=name in @p", [{"p": ["a"]}, {"p": ["a", "b"]}] * 2),
        ("$filter=createdon gt @p and id gt 5", [{"p": dt.datetime(2020, 1, day)} for day in range(1, 5)]),
        ("$filter=guid eq @p", [{"p": uuid.UUID(int=number)} for number in range(4)]),
        ("$filter=name eq @p&@p='x'", [None, {"p": "a"}, {"p": "b"}, None, {"p": "c"}, {"q": "d"}]),
    ],
)
def test_parameters(schema: Schema, text: str, params: list[Any]) -> None:
    translator = Translator(schema, "odata", "sqlite")
    reading = Translator(schema, "odata", "sqlite", cache_size=0)
    for given in params:
        assert answer(translator, text, "Account", given) == answer(reading, text, "Account", given)


def test_parameters_by_position(schema: Schema) -> None:
    translator = Translator(schema, "criteria", "sqlite")
    reading = Translator(schema, "criteria", "sqlite", cache_size=0)
    for given in (
        [1, "a"],
        [2, "b"],
        [3, "c"],
        ["4", "d"],
        [None, "e"],
        [5, None],
        [6],
        [7, "f", 8],
        [9, "g"],
    ):
        text = "[id] > ? And [name] <> ?"
        assert answer(translator, text, "Account", given) == answer(reading, text, "Account", given)
    assert translator.cache_info().hits >= 2


def test_the_clock_is_read_for_each_request(schema: Schema) -> None:
    moments = iter([dt.datetime(2024, month, 1) for month in range(1, 9)])
    translator = Translator(schema, "odata", "sqlite", clock=lambda: next(moments))
    found = [
        translator.plan(f"$filter=createdon lt now() and id gt {number}", "Account").params
        for number in range(4)
    ]
    assert translator.cache_info().hits == 2
    assert len({tuple(params.values()) for params in found}) == 4


def test_limits_hold_for_known_shapes(schema: Schema) -> None:
    limits = Limits(text_length=110, list_items=3, page_size=10)
    translator = Translator(schema, "odata", "sqlite", limits=limits)
    reading = Translator(schema, "odata", "sqlite", limits=limits, cache_size=0)
    for text in (
        *["$filter=name in ('a','b','c')&$top=10"] * 3,
        "$filter=name in ('a','b','c','d')&$top=10",
        "$filter=name in ('a','b','c')&$top=11",
        "$filter=name in ('" + "a" * 90 + "','b','c')&$top=10",
    ):
        assert answer(translator, text) == answer(reading, text)
    assert translator.cache_info().hits == 1


def test_a_policy_that_looks_at_a_page(schema: Schema) -> None:
    translator = Translator(schema, "odata", "sqlite", policy=Policy(options={"filter"}))
    for _ in range(4):
        translator.plan("$filter=id gt 1", "Account")
        with pytest.raises(Forbidden):
            translator.plan("$filter=id gt 1&$top=5", "Account")


def test_entities_are_apart(schema: Schema) -> None:
    translator = Translator(schema, "odata", "sqlite")
    for _ in range(3):
        assert {translator.plan("$filter=id eq 5", name).sql for name in ("Account", "User")} == {
            Translator(schema, "odata", "sqlite", cache_size=0).plan("$filter=id eq 5", name).sql
            for name in ("Account", "User")
        }
    assert translator.cache_info().hits == 2


def test_nothing_is_kept_without_room(schema: Schema) -> None:
    translator = Translator(schema, "odata", "sqlite", cache_size=0)
    for _ in range(3):
        translator.plan("$filter=id eq 5", "Account")
    assert translator.cache_info() == (0, 0, 0, 0, 0)


def test_long_texts_are_read(schema: Schema) -> None:
    translator = Translator(schema, "odata", "sqlite")
    for number in range(3):
        translator.plan(f"$filter=name eq '{'x' * 2_000}' and id eq {number}", "Account")
    assert translator.cache_info().learnt == 0


# ---- floods, threads, room ------------------------------------------------------------------------------


def test_a_flood_of_shapes_leaves_those_in_use(schema: Schema) -> None:
    """Nine of ten texts are of a shape that nobody has seen; those that come again are known nearly every time."""
    translator = Translator(schema, "odata", "sqlite", cache_size=1024)
    choose = random.Random(3)
    usual = [f"$filter=name eq '{{0}}' and id gt {{0}}&$orderby={name}" for name in ("id", "name", "city")]
    asked = hits = 0
    for number in range(4_000):
        if number % 10:
            translator.plan(f"$filter=id eq {number}&{'x' * (number % 100)}_{number}=y", "Account")
            continue
        before = translator.cache_info().hits
        translator.plan(choose.choice(usual).format(number), "Account")
        asked += 1
        hits += translator.cache_info().hits - before
    assert hits / asked >= 0.95
    assert translator.cache_info().entries <= 1024


def test_a_flood_that_comes_twice_is_bounded(schema: Schema) -> None:
    translator = Translator(schema, "odata", "sqlite", cache_size=32)
    for number in range(150):
        for _ in range(2):
            translator.plan(f"$filter=name eq 'a'&x{'x' * number}=1", "Account")
    assert translator.cache_info().learnt == 150
    assert translator.cache_info().entries <= 32


def test_threads(schema: Schema) -> None:
    """Eight threads that learn and forget shapes give what one gives that reads."""
    translator = Translator(schema, "odata", "sqlite", cache_size=8)
    reading = Translator(schema, "odata", "sqlite", cache_size=0)
    shapes = [
        f"$filter=employees {word} {{0}} and name ne 'n{{0}}'&$select=id" for word in ("eq", "ne", "lt", "gt")
    ]
    shapes += [f"$filter=name in ('a{{0}}','b')&$orderby={name}" for name in ("id", "city", "rating")]
    expected = {text: Translator.plan(reading, text.format(0), "Account").sql for text in shapes}

    def work(seed: int) -> int:
        choose = random.Random(seed)
        for number in range(150):
            text = choose.choice(shapes)
            found = translator.plan(text.format(number), "Account")
            assert found.sql == expected[text]
            assert any(str(number) in str(value) for value in found.params.values())
            assert found.statement is not None
        return seed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == list(range(8))
    assert translator.cache_info().hits > 0


def test_the_room_that_a_shape_takes(schema: Schema) -> None:
    """The plan, its SQL text and all that a hit needs: 8 kB for a condition of three comparisons."""
    translator = Translator(schema, "odata", "sqlite")
    columns = ["name", "city", "revenue", "employees", "rating", "createdon", "founded"]

    def use(number: int) -> None:
        chosen = "".join(f",{name}" for place, name in enumerate(columns) if number >> place & 1)
        for value in range(3):
            found = translator.plan(
                f"$filter=name eq '{value}' and revenue gt {value}.5 and employees le {value}"
                f"&$orderby=id&$select=id{chosen}",
                "Account",
            )
            assert found.sql
            assert found.params

    use(127)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(100):
            use(number)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert translator.cache_info().entries == 101
    assert size / 100 < 8_192
