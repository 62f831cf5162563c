"""Rows of the business objects that are named as LogoCRM names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from querykit.demo.rows import Row, words
from querykit.demo.rows.companies import FIRST_DAY, LAST_DAY, amount, companies, parent
from querykit.demo.rows.dice import Dice, key

__all__ = ["firms", "opportunities", "people", "sales_reps"]

_REPS = 8


def people() -> Iterator[Row]:
    for number in range(_REPS):
        dice = Dice("Person", number)
        yield {
            "Oid": key("Person", number),
            "FirstName": words.FIRST_NAMES[number],
            "LastName": words.LAST_NAMES[number],
            "BirthDate": dice.maybe(30, dice.day(dt.date(1960, 1, 1), dt.date(2000, 12, 31))),
        }


def sales_reps() -> Iterator[Row]:
    for number in range(_REPS):
        yield {
            "Oid": key("SalesRep", number),
            "SalesRepCode": f"SR{number:03}",
            "SalesRepPersonInfoOid": key("Person", number),
        }


def firms(count: int) -> Iterator[Row]:
    for company in companies(count):
        number = company.number
        dice = Dice("Firm", number)
        above = parent(dice, number)
        yield {
            "Oid": key("Firm", number),
            "FirmCode": f"{number:06}",
            "FirmTitle": company.name,
            "City": company.city,
            "TaxOffice": dice.maybe(40, dice.pick(words.CITIES)[0]),
            "TaxNo": dice.maybe(40, f"{dice.below(10**10):010}"),
            "CreditLimit": dice.maybe(30, amount(dice, 250_000)),
            "IsActive": company.active,
            "CreatedOn": company.created,
            "SalesRepOid": dice.maybe(15, key("SalesRep", dice.below(_REPS))),
            "ParentFirmOid": None if above is None else key("Firm", above),
        }


def opportunities(count: int) -> Iterator[Row]:
    for number in range(count * 2):
        dice = Dice("Opportunity", number)
        yield {
            "Oid": key("Opportunity", number),
            "Subject": f"{dice.pick(words.SUBJECTS)} ({dice.pick(words.THINGS)})",
            "Amount": dice.maybe(20, amount(dice, 200_000)),
            "Probability": dice.maybe(20, dice.below(101) / 100),
            "CloseDate": dice.maybe(25, dice.moment(FIRST_DAY, LAST_DAY)),
            "IsWon": dice.maybe(40, dice.chance(50)),
            "FirmOid": key("Firm", dice.below(count)),
        }
