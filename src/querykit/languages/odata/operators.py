"""The operators of OData by rank: the one precedence table, P2 (OData 4.01 Part 2) 5.1.1.17, read by the renderer.

The grammar has a rule per rank; a test holds both together.
"""

# No postponed annotations: a named tuple that has texts for them takes longer to make than a filter to read.
from typing import NamedTuple

__all__ = ["BINARY", "OPERAND", "OPERATORS", "PRIMARY", "UNARY", "Operator"]


class Operator(NamedTuple):
    """An infix operator.

    Parameters
    ----------
    word: as it is written, which is also the name of its terminal in the grammar.
    id: of the catalog row.
    rank: the higher, the tighter.
    """

    word: str
    id: str
    rank: int


#: P2 5.1.1.17 counts from the top (grouping is 1); here a higher rank binds tighter.
UNARY, PRIMARY, OPERAND = 7, 8, 9

OPERATORS = (
    Operator("or", "bool.or", 1),
    Operator("and", "bool.and", 2),
    Operator("eq", "total.eq", 3),
    Operator("ne", "total.ne", 3),
    Operator("gt", "total.gt", 4),
    Operator("ge", "total.ge", 4),
    Operator("lt", "total.lt", 4),
    Operator("le", "total.le", 4),
    Operator("add", "math.add", 5),
    Operator("sub", "math.sub", 5),
    Operator("mul", "math.mul", 6),
    Operator("div", "math.div", 6),
    Operator("divby", "math.divby", 6),
    Operator("mod", "math.mod", 6),
    Operator("has", "enum.has", PRIMARY),
    Operator("in", "total.in", PRIMARY),
)

#: Id -> operator.
BINARY = {operator.id: operator for operator in OPERATORS}
