"""The constructs, group by group: what is written in words here, and every function of the catalog.

A sample is a text of OData (``o:``), criteria (``c:``) or FetchXML (``f:``), bare or a full one, of which only the
tree counts. Where two languages mean different things by the same words (null), a construct has a sample of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import querykit
from querykit.ast.nodes import Expr, Query
from querykit.cli.support.functions import function_samples
from querykit.functions.catalog import CATALOG

__all__ = ["Construct", "Sample", "constructs"]

Sample: TypeAlias = Query | Expr


class Construct(NamedTuple):
    """Something that a language can say or not.

    Parameters
    ----------
    about: the id of a function, or words.
    samples: trees, each of which shows it.
    """

    group: str
    about: str
    samples: tuple[Sample, ...]

    @property
    def is_function(self) -> bool:
        """Is it a row of the catalog?"""
        return self.about in CATALOG


_FULL = re.compile(r"\$\w+=|<fetch")

_LANGUAGES = {"o": "odata", "c": "criteria", "f": "fetchxml"}

_REQUESTS = """
filter | o:$filter=Pieces gt 1 | c:[Pieces] > 1
filter by ids | o:$filter=OrderID in (1,2) | c:[OrderID] In (1, 2)
order by a field | o:$orderby=UpdateDate
order, descending | o:$orderby=Title desc
order by several fields | o:$orderby=Title,Note
order, a direction each | o:$orderby=Title desc,Note
order by a field of a related row | o:$orderby=Customer/Name
order by an expression | o:$orderby=length(Title)
select fields | o:$select=Title,Note
select a field of a related row | o:$select=Customer/Name
select everything | o:$select=*
select a value under a name | o:$compute=length(Title) as Size&$select=Title,Size
select the number of rows | f:<fetch aggregate="true"><entity name="Order"><attribute name="OrderID" \
alias="count" aggregate="count"/></entity></fetch>
computed value in a condition | o:$compute=Price mul Pieces as Total&$filter=Total gt 5
search a word | o:$search=blue
search a phrase, AND, OR, NOT | o:$search="blue sky" AND (bird OR NOT cloud)
top | o:$top=5
top, a page of 50 | o:$top=50
skip whole pages | o:$top=50&$skip=100
skip any number of rows | o:$skip=7&$top=5
count beside the rows | o:$count=true
expand | o:$expand=OrderItems
expand rows to one | o:$expand=Customer
expand in an expansion | o:$expand=Customer($expand=Orders)
expand with options | o:$expand=OrderItems($filter=Pieces gt 1;$orderby=Price desc;$select=Product,Price;$top=2)
expand levels | o:$expand=Customer($expand=Manager($levels=2))
expand all levels | o:$expand=Customer($expand=Manager($levels=max))
expand references | o:$expand=OrderItems/$ref
expand numbers | o:$expand=OrderItems/$count
expand everything | o:$expand=*
parameter alias | o:$filter=Pieces gt @p&@p=5
"""

_CONDITIONS = """
brackets: or within and | o:Pieces eq 1 and (Stock eq 2 or Title eq 'x') | c:Pieces = 1 And (Stock = 2 Or Title = 'x')
not of a group | o:not (Pieces eq 1 and Stock eq 2) | c:Not (Pieces = 1 And Stock = 2)
not in a list | o:not (Title in ('x','y')) | c:Not Title In ('x', 'y') \
| f:<condition attribute="Title" operator="not-in"><value>x</value><value>y</value></condition>
is null | o:Title eq null | c:Title Is Null
is not null | o:Title ne null | c:Title Is Not Null
null or a value in a list | o:Title in ('x',null)
two fields compared | o:Pieces gt Stock | c:Pieces > Stock
value on the left | o:1 lt Pieces | c:1 < Pieces
condition as a value | o:(Pieces eq 1) eq Paid | c:(Pieces = 1) = Paid
field as a condition | o:Paid | c:Paid
arithmetic compared | o:Pieces add 1 gt Stock mul 2 | c:Pieces + 1 > Stock * 2
named parameter | o:Pieces gt @p | c:Pieces > ?p
positional parameter | c:Pieces > ?
custom function | o:Shop.Rate(Pieces) gt 1 | c:Rate(Pieces) > 1
custom function, bound to a value | o:Pieces/Shop.Rate() gt 1
custom function, arguments by name | o:Shop.Rate(of=Pieces,by=2) gt 1
"""

_RELATED = """
field of a related row | o:Customer/City eq 'x' | c:Customer.City = 'x'
field over two references | o:Customer/Manager/City eq 'x' | c:Customer.Manager.City = 'x'
row as a type | o:Customer/Shop.Company/Seats eq 5 | c:Customer.<Company>Seats = 5
row by its key | o:OrderItems(3)/Product eq 'x'
bound function on a row | o:Customer/Shop.Rank() gt 1
any | o:OrderItems/any(i:i/Pieces gt 1) | c:[OrderItems][Pieces > 1]
any, not empty | o:OrderItems/any() | c:[OrderItems][]
all | o:OrderItems/all(i:i/Pieces gt 1)
not any | o:not OrderItems/any(i:i/Pieces gt 1) | c:Not [OrderItems][Pieces > 1]
count | o:OrderItems/$count gt 2 | c:[OrderItems].Count() > 2
count with a condition | o:OrderItems/$count($filter=Pieces gt 1) gt 2 | c:[OrderItems][Pieces > 1].Count() > 2
sum | o:OrderItems/aggregate(Price with sum) gt 5 | c:[OrderItems].Sum(Price) > 5
average | o:OrderItems/aggregate(Price with average) gt 5 | c:[OrderItems].Avg(Price) > 5
min, max | o:OrderItems/aggregate(Price with min) gt 5 | c:[OrderItems].Max(Price) > 5
aggregate of an expression | c:[OrderItems][Pieces > 1].Sum(Price * Pieces) > 5
single | c:[OrderItems][Pieces > 1].Single(Price) > 5
custom aggregate | c:[OrderItems].Custom('Median', Price) > 5
outer row in a condition | o:OrderItems/any(i:i/Product eq Title) | c:[OrderItems][Product = ^.Title]
collection in a collection | o:Customer/Orders/any(a:a/OrderItems/any(i:i/Pieces gt a/Pieces)) \
| c:[Customer.Orders][[OrderItems][Pieces > ^.Pieces]]
two rows out | o:Customer/Orders/any(a:a/OrderItems/any(i:i/Product eq Title)) \
| c:[Customer.Orders][[OrderItems][Product = ^.^.Title]]
collection of values | o:Tags/any(t:t eq 'x')
all rows of an entity | o:$root/Customer/any(c:c/City eq Title) | c:[<Customer>][City = ^.Title]
aggregate over the rows asked | c:[].Count() > 2
"""

_LITERALS = """
null | o:null | c:Null
bool | o:Paid eq true | c:Paid = True
int | o:Pieces eq 1 | c:Pieces = 1
decimal | o:Price eq 1.5 | c:Price = 1.5m
double | o:Weight eq 1.5e3 | c:Weight = 1.5
string | o:Title eq 'it''s' | c:Title = 'it''s'
char | c:Title = 'x'c
date | o:Due eq 2020-02-29 | c:Due = #!2020-02-29!#
moment in UTC | o:UpdateDate ge 2020-02-29T12:00:00Z
moment with an offset | o:UpdateDate ge 2020-02-29T12:00:00+02:00
moment without an offset | c:UpdateDate >= #2020-02-29 12:00:00#
time | o:Opens eq 12:30:00 | c:Opens = #!12:30:00!#
duration | o:Took eq duration'PT90S' | c:Took = #0.00:01:30#
guid | o:Ident eq 12345678-1234-1234-1234-123456789abc | c:Ident = {12345678-1234-1234-1234-123456789abc}
binary | o:Photo eq binary'AQID'
enum | o:Color eq Shop.Color'Red' | c:Color = ##Enum#Shop.Color,Red#
geo | o:geo.distance(Place,geography'SRID=4326;Point(1 2)') lt 5
other widths of numbers | c:Pieces = 1L | c:Pieces = 1b | c:Weight = 1.5f
infinity | o:Weight eq INF
object of the application | c:Customer = ##XpoObject#Shop.Customer(5)#
JSON array | o:Title in ["x","y"]
JSON object | o:Shop.Rate(of={"a":1}) gt 1
"""

_APPLY = """
aggregate | o:$apply=aggregate(Price with sum as Total)
count of rows | o:$apply=aggregate($count as Number)
countdistinct | o:$apply=aggregate(CustomerID with countdistinct as Number)
aggregate, of an expression | o:$apply=aggregate(Price mul Pieces with sum as Total)
aggregate of related rows | o:$apply=aggregate(OrderItems/Price with sum as Total)
aggregate, from | o:$apply=aggregate(Price with sum from CustomerID with average as Mean)
groupby | o:$apply=groupby((CustomerID))
groupby, aggregate | o:$apply=groupby((CustomerID),aggregate(Price with sum as Total))
groupby a field of a related row | o:$apply=groupby((Customer/City),aggregate($count as Number))
groupby with rollup | o:$apply=groupby((rollup(CustomerID,Title)),aggregate(Price with sum as Total))
filter before | o:$apply=filter(Pieces gt 1)/groupby((Title),aggregate(Price with sum as Total))
filter after (having) | o:$apply=groupby((Title),aggregate(Price with sum as Total))/filter(Total gt 5)
$filter, $orderby on groups | o:$apply=groupby((Title),aggregate(Price with sum as Total))\
&$filter=Total gt 5&$orderby=Total
search | o:$apply=search(blue)/aggregate($count as Number)
compute | o:$apply=compute(Price mul Pieces as Total)/aggregate(Total with max as Largest)
concat | o:$apply=concat(aggregate(Price with sum as Total),identity)
orderby, skip, top | o:$apply=orderby(Price desc)/skip(1)/top(2)
topcount, bottomcount | o:$apply=topcount(2,Price)
topsum, bottomsum | o:$apply=topsum(20,Price)
toppercent, bottompercent | o:$apply=toppercent(50,Price)
groups within groups | o:$apply=groupby((Title,CustomerID),aggregate(Price with sum as Total))\
/groupby((Title),aggregate(Total with max as Largest))
join, outerjoin | o:$apply=join(OrderItems as Item)
nest | o:$apply=nest(groupby((CustomerID)) as Customers)
hierarchies | o:$apply=descendants($root/Customer,ByManager,CustomerID,filter(Title eq 'x'))
"""

_WRITTEN = {
    "Requests": _REQUESTS,
    "Conditions": _CONDITIONS,
    "Related rows": _RELATED,
    "Literals": _LITERALS,
    "Transformations ($apply)": _APPLY,
}

#: Family of ids -> group, in the order of the tables.
_FAMILIES = {
    "bool": "Logic",
    "logic": "Logic",
    "null": "Logic",
    "cmp": "Comparison, null is unknown",
    "total": "Comparison, null is a value",
    "enum": "Comparison, null is a value",
    "math": "Arithmetic",
    "bit": "Arithmetic",
    "str": "Text",
    "date": "Dates and times",
    "duration": "Dates and times",
    "cast": "Types",
    "type": "Types",
    "coll": "Collections and places",
    "geo": "Collections and places",
}


def constructs() -> Iterator[Construct]:
    """All of them, the groups one after the other."""
    for group, rows in _WRITTEN.items():
        yield from _written(group, rows)
    for group in dict.fromkeys(_FAMILIES.values()):
        for row in CATALOG.values():
            if _FAMILIES.get(row.id.partition(".")[0]) == group:
                yield Construct(group, row.id, tuple(function_samples(row)))


def _written(group: str, rows: str) -> Iterator[Construct]:
    for row in rows.strip().splitlines():
        about, *texts = row.split(" | ")
        yield Construct(group, about, tuple(map(_read, texts)))


def _read(sample: str) -> Sample:
    prefix, _, text = sample.strip().partition(":")
    name = _LANGUAGES[prefix]
    return querykit.parse(text, name) if _FULL.match(text) else querykit.parse_filter(text, name)
