"""Services as data: which language they take, how long their pages are, and how the next one is asked for.

>>> from querykit import parse
>>> query = parse("q=City = 'Oslo'&limit=2", "logo")
>>> next_page(query, [{"Oid": 1}, {"Oid": 2}], "logo")
"q=[City] = 'Oslo'&limit=2&offset=2"
>>> next_page(query, [{"Oid": 1}], "logo") is None
True

A service that pages by key asks its database for `page(query, …)`, and gives `next_page` of the same query as
the link to the rest; `resume` reads the token of the query when that link comes back:

>>> from querykit import Schema, evaluate
>>> schema = Schema.from_dict(
...     {"account": {"table": "account", "key": ["id"], "properties": {"id": "int!", "name": "string"}}}
... )
>>> data = [{"id": number, "name": None if number == 2 else "x"} for number in range(5)]
>>> query = parse("$orderby=name", "odata")
>>> resco = PROFILES["resco"]._replace(page=2)
>>> rows = evaluate(page(query, resco, schema, "account"), data, schema, "account")
>>> [row["id"] for row in rows]
[2, 0]
>>> link = next_page(query, rows, resco, schema, "account")
>>> link
'$orderby=name&$skiptoken=WzEsWyJpZCJdLCJ4IiwwXQ'
>>> rest = resume(parse(link, "odata"))
>>> [row["id"] for row in evaluate(page(rest, resco, schema, "account"), data, schema, "account")]
[1, 3]
"""

from __future__ import annotations

from querykit.profiles.keyset import resume
from querykit.profiles.pages import next_page, page
from querykit.profiles.services import PROFILES, Profile

__all__ = ["PROFILES", "Profile", "next_page", "page", "resume"]
