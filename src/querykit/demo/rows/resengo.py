"""Rows of the entity that is named as Resengo names it."""

from __future__ import annotations

from collections.abc import Iterator

from querykit.demo.rows import Row
from querykit.demo.rows.companies import FIRST_DAY, LAST_DAY
from querykit.demo.rows.dice import Dice

__all__ = ["subscriptions"]


def subscriptions() -> Iterator[Row]:
    for number in range(100, 220):
        dice = Dice("Subscription", number)
        periods = dice.pick((1, 3, 6, 12))
        yield {
            "SubscriptionID": number,
            "Description": dice.maybe(15, f"{periods} months, {dice.below(9) + 1} courts"),
            "Active": dice.chance(70),
            "PriceExcVAT": dice.maybe(10, (dice.below(40_000) - 2_000) / 100),
            "VATPercentage": dice.maybe(20, dice.pick((6.0, 12.0, 21.0))),
            "DefaultNoPeriods": dice.maybe(20, periods),
            "StartDate": dice.maybe(40, dice.moment(FIRST_DAY, LAST_DAY)),
            "UpdateDate": dice.moment(FIRST_DAY, LAST_DAY),
            "UpdatePersonID": dice.below(20) + 1,
        }
