"""What is of OData 4.01 is refused where 4.0 is asked for."""

from __future__ import annotations

import pytest

from querykit.errors import ParseError
from querykit.languages.odata import parse, parse_filter

NEWER = [
    ("$filter=a in (1,2)", "a in (1,2)"),
    ("$filter=a EQ 1", "a EQ 1"),
    ("$filter=b and NOT a", "NOT a"),
    ("$filter=toLower(a) eq 'x'", "toLower(a)"),
    ("$filter=a/ANY(x:x eq 1)", "a/ANY(x:x eq 1)"),
    ("$filter=a/$count($filter=b) gt 1", "a/$count($filter=b)"),
    ("$filter=(a eq 1) eq true", "(a eq 1) eq true"),
    ("$orderby=a Desc", "a Desc"),
    ("$orderby=$this", "$this"),
    ("$Top=1", "$Top"),
    ("$top=1&$deltatoken=a", "$deltatoken"),
    ("$filter=a/ eq 1", "a"),
    ("$filter=a/$filter(b)(c=1)/d", "a/$filter(b)(c=1)/d"),
    ("$apply=groupby((a),top(1))", "top(1)"),
    ("$expand=a($apply=identity)", "a($apply=identity)"),
    ("$compute=a as b", "$compute"),
    ("$select=a($top=1)", "a($top=1)"),
    ("$expand=a(top=1)", "a(top=1)"),
    ("$expand=b,a($top=1;Skip=2;$count=true)", "a($top=1;Skip=2;$count=true)"),
    ("$expand=a($levels=MAX)", "a($levels=MAX)"),
    ("$expand=a($filter=b eq @p;@p=1)", "a($filter=b eq @p;@p=1)"),
    ("$search=a b1", "b1"),
    ("$filter=a eq @p&@p=case(b:1)", "case(b:1)"),
    ("$filter=%C3%A9 eq 1 and b divby 2 eq 1", "b divby 2"),
]


@pytest.mark.parametrize(("text", "part"), NEWER)
def test_version_4_0_has_not(text: str, part: str) -> None:
    parse(text)
    with pytest.raises(ParseError) as caught:
        parse(text, version="4.0")
    assert caught.value.code == "version"
    assert caught.value.position is not None
    assert text[slice(*caught.value.position)] == part


@pytest.mark.parametrize(
    "text",
    [
        "$filter=not contains(Name,'EQ') and A/B eq 'TRUE' or O/any(X:X/C gt 1) and Ns.F(A=1) eq null",
        "$expand=A($filter=B eq ';TOP=1';$orderby=C desc;$levels=max;$search=AB OR C),D/$ref,E/$count",
        "$search=NOT (a AND b)&$select=A,B/C,*&$count=true&@p='IN'&$filter=a has Ns.E'B' and (b eq 1)",
        "$filter=cast(A,Edm.String) eq 'B' and isof(Ns.T) and a eq duration'PT1S' and A ne -INF",
    ],
)
def test_version_4_0_has(text: str) -> None:
    assert parse(text, version="4.0") == parse(text)


def test_a_name_without_a_dollar_is_an_option_of_the_service() -> None:
    """P1 of 4.0, 11.2.5: a name without it belongs to the service, so that a `filter` there is none of ours."""
    assert parse("$top=1&skip=2&FILTER=a eq 1", version="4.0") == parse("$top=1")


def test_there_is_no_other_version() -> None:
    with pytest.raises(ValueError, match=r"4\.0"):
        parse_filter("a", version="3.0")
