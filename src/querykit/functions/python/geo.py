"""Points, lines and polygons as OData writes them: `SRID=4326;Point(16.37 48.2)` (OData ABNF, 7).

With SRID 4326 distances are metres on a sphere of the Earth's mean radius (within 0.6 % of the ellipsoid);
with every other they are those of the plane. Engines with a spatial library will differ in the last digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

__all__ = ["GEO"]

_EARTH_RADIUS = 6_371_008.8
_TEXT = re.compile(
    r"SRID=(?P<srid>[0-9]{1,5});(?P<kind>Point|LineString|Polygon)\((?P<body>[-+0-9.eE ,()]*)\)", re.I
)

_Point = tuple[float, float]


def _read(text: str, kind: str) -> tuple[str, list[list[_Point]]]:
    """The SRID and the runs of points; a polygon has one run for each ring."""
    match = _TEXT.fullmatch(text)
    if match is None or match["kind"].lower() != kind.lower():
        raise TypeError(f"not a {kind}")
    runs = match["body"].strip().strip("()").split(")")
    return match["srid"], [[_point(pair) for pair in run.strip(" ,(").split(",")] for run in runs]


def _point(text: str) -> _Point:
    numbers = [float(part) for part in text.split()]
    if len(numbers) < 2:
        raise TypeError("a position has two numbers")
    return numbers[0], numbers[1]


def _measure(srid: str) -> Callable[[_Point, _Point], float]:
    return _on_sphere if srid == "4326" else math.dist


def _on_sphere(start: _Point, end: _Point) -> float:
    """The haversine formula; positions are longitude, latitude."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, point)) for point in (start, end))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _distance(left: str, right: str) -> float | None:
    """Null between positions of two systems: they have no distance."""
    (srid, ((start,),)), (other, ((end,),)) = _read(left, "Point"), _read(right, "Point")
    return _measure(srid)(start, end) if srid == other else None


def _length(line: str) -> float:
    srid, (points,) = _read(line, "LineString")
    measure = _measure(srid)
    return sum((measure(start, end) for start, end in pairwise(points)), 0.0)


def _intersects(point: str, polygon: str) -> bool | None:
    """Inside the outer ring and in no hole, counted by crossings of a ray to the east."""
    (srid, ((position,),)), (other, rings) = _read(point, "Point"), _read(polygon, "Polygon")
    if srid != other:
        return None
    return sum(_crossings(position, ring) for ring in rings) % 2 == 1


def _crossings(point: _Point, ring: Sequence[_Point]) -> int:
    x, y = point
    crossed = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossed += 1
    return crossed


GEO: dict[str, Callable[..., Any]] = {
    "geo.distance": _distance,
    "geo.length": _length,
    "geo.intersects": _intersects,
}
