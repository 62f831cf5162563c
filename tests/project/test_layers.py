"""The import graph holds the layers, and a light import stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "querykit"
RULES = tomllib.loads(Path(__file__).with_name("layers.toml").read_text(encoding="utf-8"))
RANK = {name: rank for rank, names in enumerate(RULES["layers"]) for name in names}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """`ast.nodes` for src/querykit/ast/nodes.py; `querykit` for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or "querykit"


NAMES = {name_of(path) for path in MODULES}


def imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports when it runs, inside functions too."""
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending += node.orelse
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            pending += ast.iter_child_nodes(node)


def inside(name: str) -> str | None:
    """The module of the package that a full name lies in; None if it lies elsewhere."""
    first, _, rest = name.partition(".")
    if first != "querykit":
        return None
    while rest and rest not in NAMES:
        rest = rest.rpartition(".")[0]
    return rest or "querykit"


def layer(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=map(name_of, MODULES))
def test_imports_go_down(path: Path) -> None:
    module = name_of(path)
    assert layer(module) in RANK, f"which layer is {module} of?"
    allowed = RULES["upwards"].get(module, [])
    for name in imports(path):
        used = inside(name)
        if used is None or used in allowed or layer(used) == layer(module):
            continue
        assert RANK[layer(used)] < RANK[layer(module)], (
            f"{module} imports {used} from a layer above or beside it"
        )
        assert layer(used) not in RULES["never"].get(layer(module), []), f"{module} must not know {used}"


@pytest.mark.parametrize("path", MODULES, ids=map(name_of, MODULES))
def test_libraries_have_one_place(path: Path) -> None:
    module = name_of(path)
    for library in {name.partition(".")[0] for name in imports(path)} & RULES["libraries"].keys():
        places = RULES["libraries"][library]
        assert any(module == place or module.startswith(f"{place}.") for place in places), (
            f"{module} imports {library}"
        )


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import querykit", ["lark", "sqlalchemy", "sqlglot", "dataclasses", "inspect"]),
        ("import querykit; querykit.parse('$filter=a eq 1', 'odata')", ["lark", "sqlalchemy", "sqlglot"]),
        (
            "import querykit; querykit.translate('a eq 1', 'odata', 'criteria')",
            ["lark", "sqlalchemy", "sqlglot"],
        ),
        (
            "import querykit; querykit.evaluate(querykit.parse('a = 1', 'criteria'), [])",
            ["sqlalchemy", "sqlglot"],
        ),
        ("import querykit.cli.main", ["lark", "sqlalchemy", "sqlglot"]),
    ],
)
def test_what_is_not_needed_is_not_imported(code: str, absent: list[str]) -> None:
    check = f"{code}\nimport sys\nprint(*(name for name in {absent} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
