"""Rows of the entities that are named as Resco names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from querykit.demo.models import OrderStatus
from querykit.demo.rows import Row, words
from querykit.demo.rows.companies import FIRST_DAY, LAST_DAY, amount, companies, parent
from querykit.demo.rows.dice import Dice, key

__all__ = [
    "PRODUCTS",
    "USERS",
    "accounts",
    "activities",
    "contacts",
    "notes",
    "order_details",
    "orders",
    "products",
    "users",
]

USERS = 9
PRODUCTS = 60


def users() -> Iterator[Row]:
    for number in range(USERS):
        dice = Dice("systemuser", number)
        first, last = words.FIRST_NAMES[number], words.LAST_NAMES[number]
        yield {
            "id": key("systemuser", number),
            "fullname": f"{first} {last}",
            "internalemailaddress": dice.maybe(30, f"user{number}@example.com"),
            "isdisabled": dice.chance(20),
        }


def accounts(count: int) -> Iterator[Row]:
    for company in companies(count):
        number = company.number
        dice = Dice("account", number)
        above = parent(dice, number)
        yield {
            "id": key("account", number),
            "name": company.name,
            "address1_city": company.city,
            "address1_country": company.country,
            "address1_latitude": company.latitude,
            "address1_longitude": company.longitude,
            "createdon": company.created,
            "modifiedon": dice.maybe(40, company.created + dt.timedelta(hours=dice.below(9_000))),
            "donotemail": dice.chance(25),
            "emailaddress1": dice.maybe(30, f"info{number}@{company.email_domain}"),
            "numberofemployees": company.employees,
            "revenue": company.revenue,
            "statecode": int(not company.active),
            "statuscode": dice.maybe(10, dice.below(3) + 1),
            "telephone1": company.phone,
            # The last ones need all 63 bits: no double holds them.
            "versionnumber": 2_000 + number if number % 50 else 2**63 - 1 - number,
            "websiteurl": dice.maybe(50, f"https://www.{company.email_domain}"),
            "__ownerid_id": dice.maybe(15, key("systemuser", dice.below(USERS))),
            "__parentaccountid_id": None if above is None else key("account", above),
        }


def contacts(count: int) -> Iterator[Row]:
    for number in range(count * 2):
        dice = Dice("contact", number)
        first, last = dice.pick(words.FIRST_NAMES), dice.pick(words.LAST_NAMES)
        born = dice.day(dt.date(1936, 1, 1), dt.date(2006, 12, 31))
        yield {
            "id": key("contact", number),
            "firstname": dice.maybe(10, first),
            "lastname": last,
            "birthdate": dice.maybe(35, born),
            "emailaddress1": dice.maybe(30, f"person{number}@example.com"),
            "__parentcustomerid_id": dice.maybe(10, key("account", dice.below(count))),
        }


def products() -> Iterator[Row]:
    for number in range(PRODUCTS):
        dice = Dice("product", number)
        yield {
            "id": key("product", number),
            "productnumber": f"P-{number:04}",
            "name": f"{dice.pick(words.THINGS)} {dice.below(90) + 10}",
            "price": dice.maybe(10, Decimal(dice.below(500_000) + 1).scaleb(-2)),
            "stockweight": dice.maybe(25, dice.below(10_000) / 64),
            "quantityonhand": dice.below(500) - 20,
        }


def orders(count: int) -> Iterator[Row]:
    statuses = tuple(OrderStatus)
    for number in range(count * 3):
        dice = Dice("salesorder", number)
        yield {
            "id": key("salesorder", number),
            "ordernumber": f"SO-{number:05}",
            "status": dice.pick(statuses),
            "submitdate": dice.maybe(15, dice.day(FIRST_DAY, LAST_DAY)),
            "totalamount": dice.maybe(10, amount(dice, 50_000)),
            # Every tenth account or so has no orders: what is true of all of none?
            "__customerid_id": dice.maybe(5, key("account", dice.below(count) // 10 * 10 + dice.below(9))),
        }


def order_details(count: int) -> Iterator[Row]:
    for number in range(count * 6):
        dice = Dice("salesorderdetail", number)
        yield {
            "id": key("salesorderdetail", number),
            "lineitemnumber": number % 4 + 1,
            "quantity": dice.below(40) - 2,
            "priceperunit": dice.maybe(10, Decimal(dice.below(100_000)).scaleb(-2)),
            "__salesorderid_id": key("salesorder", dice.below(count * 3)),
            "__productid_id": dice.maybe(5, key("product", dice.below(PRODUCTS))),
        }


def activities(count: int) -> Iterator[Row]:
    for number in range(count * 2):
        dice = Dice("activity", number)
        yield {
            "id": key("activity", number),
            "subject": dice.maybe(10, dice.pick(words.SUBJECTS)),
            "scheduledstart": dice.maybe(10, dice.moment(FIRST_DAY, LAST_DAY)),
            "actualdurationminutes": dice.maybe(30, dice.below(16) * 15),
            "__regardingobjectid_id": dice.maybe(10, key("account", dice.below(count))),
        }


def notes(count: int) -> Iterator[Row]:
    for number in range(count):
        dice = Dice("annotation", number)
        about = ("product", dice.below(PRODUCTS)) if dice.chance(40) else ("account", dice.below(count))
        document = dice.chance(50)
        yield {
            "id": key("annotation", number),
            "subject": dice.maybe(15, dice.pick(words.SUBJECTS)),
            "notetext": dice.maybe(25, dice.pick(words.NOTES)),
            "filesize": dice.below(5_000_000_000) if document else None,
            "isdocument": document,
            "createdon": dice.moment(FIRST_DAY, LAST_DAY),
            "__objectid_id": dice.maybe(10, key(*about)),
        }
