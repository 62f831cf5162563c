"""How each SQL dialect says each operation: one table for every SQL target.

`shape` answers with a template and what it asks of its arguments, `dialects` says what a dialect can do
besides functions, `encode` makes of a Python value what the driver must be given. Nothing here knows a
library: targets put their own trees or texts into the holes of a template.
"""

from __future__ import annotations

from querykit.functions.sql.dialects import DIALECTS, Dialect, dialect
from querykit.functions.sql.nesting import check_nesting
from querykit.functions.sql.shape import Hole, Level, Shape, filling
from querykit.functions.sql.table import WEIGHT_CEILING, shape, weight
from querykit.functions.sql.values import encode, encoder

__all__ = [
    "DIALECTS",
    "WEIGHT_CEILING",
    "Dialect",
    "Hole",
    "Level",
    "Shape",
    "check_nesting",
    "dialect",
    "encode",
    "encoder",
    "filling",
    "shape",
    "weight",
]
