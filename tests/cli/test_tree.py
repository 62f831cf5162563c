"""Drawings and data of every kind of node, and of trees of any depth."""

from __future__ import annotations

import json

from querykit.ast import nodes as ast
from querykit.cli.plain import to_json
from querykit.cli.tree import as_data, draw

ORDERS = ast.Path(("Orders",))
ONE = ast.Literal("int", 1)

#: Every kind of node is in here.
EVERYTHING = ast.Query(
    entity="Account",
    filter=ast.Call(
        "bool.and",
        (
            ast.Aggregate("any", ORDERS, ast.Call("cmp.eq", (ast.Path(("City",), up=1), ast.Parameter("0")))),
            ast.Aggregate("sum", ast.EntitySet("Order"), None, ast.Path(("Total",))),
            ast.Call("custom.near", (ast.Named("place", ast.Path(())),)),
        ),
    ),
    order=(ast.SortKey(ast.Path(("name",)), descending=True),),
    select=(
        ast.Selection(ast.Path(("a", ast.Cast("Ns.T"), ast.Key((ONE,)), "b"))),
        ast.Selection(ast.Aggregate("count", ast.EntitySet(None)), "n"),
    ),
    expand=(ast.Expansion(ORDERS, ast.Query(top=2, filter=ast.Path(("paid",))), levels=3),),
    top=5,
    skip=0,
    count=True,
    aliases=(ast.Named("p", ast.Literal("string", "it's\n")),),
    search=ast.Call("search.term", (ast.Literal("string", "paper"),)),
    compute=(ast.Named("double", ast.Call("math.mul", (ast.Path(("a",)), ONE))),),
    apply=(
        ast.Transformation("groupby", (ast.Path(("city",)),), ((ast.Transformation("identity"),),)),
        ast.Transformation(
            "concat", (), ((ast.Transformation("skip", (ONE,)),), (ast.Transformation("identity"),))
        ),
    ),
)

DRAWING = """\
query of Account
├─ apply: groupby
│  ├─ city
│  └─ then: identity
├─ apply: concat
│  ├─ branch 1: skip
│  │  └─ int 1
│  └─ branch 2: identity
├─ compute: double =
│  └─ math.mul
│     ├─ a
│     └─ int 1
├─ search: search.term
│  └─ string 'paper'
├─ filter: bool.and
│  ├─ any()
│  │  ├─ of: Orders
│  │  └─ where: cmp.eq
│  │     ├─ ^.City
│  │     └─ parameter 0
│  ├─ sum()
│  │  ├─ of: all Order
│  │  └─ value: Total
│  └─ custom.near
│     └─ place =
│        └─ $this
├─ order: descending
│  └─ name
├─ select: a/<Ns.T>/(key)/b
│  └─ key: int 1
├─ select: value as n
│  └─ count()
│     └─ of: all rows of the query
├─ expand: Orders (3 levels)
│  ├─ filter: paid
│  └─ top: 2
├─ top: 5
├─ skip: 0
├─ count: true
└─ alias: p =
   └─ string "it's\\n\""""


def test_drawing() -> None:
    assert "\n".join(draw(EVERYTHING)) == DRAWING


def test_every_node_can_be_drawn() -> None:
    from querykit.cli.tree import _BRANCHES, _LABELS

    kinds = {kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.Node)}
    steps = {ast.Node, ast.Cast, ast.Key}  # inside a path, which draws them
    assert set(_LABELS) == set(_BRANCHES) == kinds - steps


def test_data() -> None:
    data = json.loads(to_json(as_data(EVERYTHING)))
    assert data["filter"]["args"][0] == {
        "node": "Aggregate",
        "function": "any",
        "source": {"node": "Path", "steps": ["Orders"], "up": 0},
        "condition": {
            "node": "Call",
            "fn": "cmp.eq",
            "args": [{"node": "Path", "steps": ["City"], "up": 1}, {"node": "Parameter", "name": "0"}],
        },
    }
    assert data["aliases"][0]["value"] == {"node": "Literal", "kind": "string", "value": "it's\n"}


def test_a_drawing_needs_no_recursion() -> None:
    node: ast.Expr = ONE
    for _ in range(5_000):
        node = ast.Call("bool.not", (node,))
    assert len(draw(node)) == 5_001
