"""Rows of the modules that are named as Vtiger names them."""

from __future__ import annotations

from collections.abc import Iterator

from querykit.demo.rows import Row, words
from querykit.demo.rows.companies import FIRST_DAY, LAST_DAY, amount, companies
from querykit.demo.rows.dice import Dice

__all__ = ["accounts", "potentials"]


def accounts(count: int) -> Iterator[Row]:
    for company in companies(count):
        dice = Dice("vtiger.account", company.number)
        yield {
            "id": _id(11, company.number),
            "accountname": company.name,
            "phone": company.phone,
            "industry": company.industry,
            "rating": dice.maybe(30, dice.pick(words.RATINGS)),
            "annual_revenue": company.revenue,
            "employees": company.employees,
            "bill_city": company.city,
            "createdtime": company.created,
        }


def potentials(count: int) -> Iterator[Row]:
    for number in range(count):
        dice = Dice("vtiger.potential", number)
        yield {
            "id": _id(13, number),
            "potentialname": f"{dice.pick(words.THINGS)}s for {dice.pick(words.CITIES)[0]}",
            "amount": dice.maybe(20, amount(dice, 200_000)),
            "sales_stage": dice.pick(words.STAGES),
            "closingdate": dice.maybe(20, dice.day(FIRST_DAY, LAST_DAY)),
            "related_to": dice.maybe(10, _id(11, dice.below(count))),
        }


def _id(module: int, number: int) -> str:
    """Number of the module, `x`, number of the record."""
    return f"{module}x{number + 1}"
