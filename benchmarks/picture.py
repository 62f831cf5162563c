"""The comparisons as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

__all__ = ["picture"]

_LEFT, _WIDTH, _ROW, _TOP = 470, 360, 26, 44
_LEAST = 0.5  # where the scale begins
_TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)


def picture(bars: Sequence[tuple[str, float]]) -> str:
    """An SVG: a bar for each figure on a logarithmic scale, with a line at 1, as fast as the other.

    Parameters
    ----------
    bars: name and how many times as fast.
    """
    height = _TOP + _ROW * len(bars) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 90} {height}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        "<style>text{fill:#24292f}.tick{fill:#6e7781;font-size:11px}.grid{stroke:#d0d7de}.bar{fill:#2f81f7}"
        "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.tick{fill:#8b949e}.grid{stroke:#30363d}}</style>",
        '<text x="8" y="18" font-weight="600">querykit: times as fast, logarithmic scale</text>',
    ]
    for tick in _TICKS:
        x = _x(tick)
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP - 6}" y2="{height - 10}"/>')
        parts.append(f'<text class="tick" x="{x:.0f}" y="{_TOP - 10}" text-anchor="middle">{tick:g}</text>')
    for index, (name, figure) in enumerate(bars):
        y = _TOP + _ROW * index
        start, end = sorted((_x(1), _x(figure)))
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(
            f'<rect class="bar" x="{start:.0f}" y="{y + 2}" width="{max(end - start, 1):.0f}" height="16" rx="2"/>'
        )
        parts.append(f'<text x="{max(end, _x(1)) + 6:.0f}" y="{y + 14}">{figure:.1f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _x(figure: float) -> float:
    return _LEFT + _WIDTH * math.log(max(figure, _LEAST) / _LEAST) / math.log(_TICKS[-1] / _LEAST)
