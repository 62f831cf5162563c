"""The tables of this folder: what is read, what is printed, what is refused."""

from __future__ import annotations

import pytest
from odata_tables import Row, printed, read, rows, shape

from querykit.errors import QueryError


@pytest.mark.parametrize("row", rows("identity.txt"), ids=lambda row: row.text)
def test_printed_as_read(row: Row) -> None:
    assert printed(row.read()) == row.text


@pytest.mark.parametrize("row", rows("canonical.txt"), ids=lambda row: row.text)
def test_canonical_form(row: Row) -> None:
    tree = row.read()
    assert printed(tree) == row.below
    assert read(row.below, row.is_query) == tree


@pytest.mark.parametrize("row", rows("shapes.txt"), ids=lambda row: row.text)
def test_shape(row: Row) -> None:
    tree = row.read()
    assert shape(tree) == row.below
    assert read(printed(tree), row.is_query) == tree


@pytest.mark.parametrize("row", rows("errors.txt"), ids=lambda row: row.text)
def test_refusal(row: Row) -> None:
    with pytest.raises(QueryError) as caught:
        row.read()
    error = caught.value
    assert error.position is not None
    start, end = error.position
    assert f"{start}-{end}\n{error.render()}" == row.below
