"""Import and first parse, in fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

__all__ = ["share_of_odata_query"]

_PROGRAM = """
import time
start = time.perf_counter()
{}
print(time.perf_counter() - start)
"""
_RE = "import re; re.compile('[a-z]+').match('a')"
_OURS = "import querykit; querykit.parse_filter(\"name eq 'Warner' and revenue gt 5\", 'odata')"
_THEIRS = """
from odata_query.grammar import ODataLexer, ODataParser
ODataParser().parse(ODataLexer().tokenize("name eq 'Warner' and revenue gt 5"))
"""


def share_of_odata_query(rounds: int = 15) -> tuple[float, float]:
    """Median seconds beyond `import re` in fresh processes: ours and odata-query's."""
    found: dict[str, list[float]] = {_RE: [], _OURS: [], _THEIRS: []}
    for program in found:
        _run(program)  # compiles what is not compiled yet, as an installation does
    for _ in range(rounds):
        for program, seconds in found.items():
            seconds.append(_run(program))
    bare, ours, theirs = (statistics.median(seconds) for seconds in found.values())
    return ours - bare, theirs - bare


def _run(program: str) -> float:
    command = [sys.executable, "-c", _PROGRAM.format(program)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
