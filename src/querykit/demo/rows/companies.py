"""The companies behind the accounts of every system: one number is one company everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from querykit.demo.rows import words
from querykit.demo.rows.dice import Dice

__all__ = ["FIRST_DAY", "LAST_DAY", "Company", "amount", "companies", "parent"]

#: The time that the CRM tells of.
FIRST_DAY, LAST_DAY = dt.date(2015, 1, 1), dt.date(2026, 6, 30)


class Company(NamedTuple):
    number: int
    name: str
    city: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    industry: str | None
    revenue: Decimal | None
    employees: int | None
    phone: str | None
    created: dt.datetime
    active: bool
    email_domain: str


def companies(count: int) -> Iterator[Company]:
    for number in range(count):
        yield _company(number)


def _company(number: int) -> Company:
    dice = Dice("company", number)
    city, country, latitude, longitude = dice.pick(words.CITIES)
    known = not dice.chance(15)
    return Company(
        number=number,
        name=_name(dice, number),
        city=city if known else None,
        country=country if known else None,
        latitude=latitude if known else None,
        longitude=longitude if known else None,
        industry=dice.maybe(20, dice.pick(words.INDUSTRIES)),
        revenue=dice.maybe(20, amount(dice, 10_000_000)),
        employees=dice.maybe(25, dice.below(2_000)),
        phone=dice.maybe(30, f"+{dice.below(90) + 10} {dice.below(900) + 100} {dice.below(9_000) + 1_000}"),
        created=_created(dice, number),
        active=dice.chance(80),
        email_domain=f"example{dice.below(50)}.com",
    )


def _name(dice: Dice, number: int) -> str:
    if number < len(words.NOTORIOUS):
        return words.NOTORIOUS[number]
    return f"{dice.pick(words.ADJECTIVES)} {dice.pick(words.TRADES)} {dice.pick(words.FORMS)}"


def _created(dice: Dice, number: int) -> dt.datetime:
    """Some at the edges of years and months, where date functions go wrong."""
    moment = dice.moment(FIRST_DAY, LAST_DAY)
    edges = (
        dt.datetime(2019, 12, 31, 23, 59, 59),
        dt.datetime(2020, 1, 1),
        dt.datetime(2020, 2, 29, 12),
        dt.datetime(2019, 6, 18, 12, 49, 34),
    )
    return edges[number] if number < len(edges) else moment


def parent(dice: Dice, number: int) -> int | None:
    """The company that this one belongs to: always an earlier one, so that rows can be written in order."""
    return dice.below(number) if number and dice.chance(30) else None


def amount(dice: Dice, bound: int) -> Decimal:
    """Money below the bound; now and then nothing, a loss, or far more."""
    value = Decimal(dice.below(bound * 100)).scaleb(-2)
    special = dice.below(100)
    if special < 3:
        return Decimal(0)
    if special < 10:
        return -value
    if special < 12:
        return value + Decimal(90_000_000_000)  # fifteen digits with four decimals: what SQLite keeps
    return value
