"""What is refused, with its picture; and texts that are meant to hurt."""

from __future__ import annotations

import pytest
from fetchxml_tables import blocks
from hypothesis import given, settings
from hypothesis import strategies as st

from querykit.ast.nodes import Call, Literal, Path
from querykit.errors import LimitExceeded, NotExpressible, QueryError
from querykit.languages import fetchxml
from querykit.limits import Limits

WIDE = Limits(text_length=10_000_000, tokens=1_000_000, nodes=1_000_000, list_items=1_000_000)


def rejected() -> list[tuple[str, str]]:
    return [
        (text.removesuffix("\n"), f"error[{picture}")
        for text, _, picture in (block.partition("error[") for block in blocks("errors.txt"))
    ]


@pytest.mark.parametrize(("text", "picture"), rejected())
def test_pictures(text: str, picture: str) -> None:
    with pytest.raises(QueryError) as caught:
        fetchxml.parse(text)
    assert caught.value.render() == picture


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "xml"),
        ("name eq 5", "xml"),
        ("<filter/>", "filter"),
        ("<filter><filter/></filter>", "filter"),
        ('<fetch><entity name="a"/></fetch>', "element"),
        ('<value a="1"/>', "element"),
        ('<condition attribute="a" operator="null" entityname="b"/>', "alias"),
        ('<filter><link-entity name="a" from="b" to="c" link-type="all"/></filter>', "link"),
        ('<filter><link-entity name="a" link-type="any"/></filter>', "link"),
    ],
)
def test_no_condition(text: str, code: str) -> None:
    with pytest.raises(QueryError) as caught:
        fetchxml.parse_filter(text)
    assert caught.value.code == code
    assert caught.value.position is not None


TEST = '<condition attribute="a" operator="eq" value="1"/>'


def entity(inside: str) -> str:
    return f'<fetch><entity name="x">{inside}</entity></fetch>'


def laughs(declared: str) -> str:
    return f'<!DOCTYPE fetch [{declared}]><fetch><entity name="&z;"/></fetch>'


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (laughs('<!ENTITY a "ha">' + LAUGHS + '<!ENTITY z "&j;">'), "doctype"),
        (laughs('<!ENTITY z SYSTEM "file:///etc/passwd">'), "doctype"),
        (laughs('<!ENTITY % p SYSTEM "http://localhost/x.dtd"> %p;'), "doctype"),
        ('<!DOCTYPE fetch SYSTEM "http://localhost/x.dtd"><fetch/>', "doctype"),
        ('<!DOCTYPE fetch PUBLIC "a" "b"><fetch/>', "doctype"),
        ("<!DOCTYPE", "xml"),
        ('<?xml version="1.0"?><?xml-stylesheet href="x"?><fetch/>', "xml"),
        ("<fetch>&z;</fetch>", "xml"),
        ("<fetch>&#0;</fetch>", "xml"),
        ("<fetch>&#xD800;</fetch>", "xml"),
        ("<fetch>&#xFFFFFFFFFF;</fetch>", "xml"),
        ("<fetch>\0</fetch>", "character"),
        ("<fetch>\ud800</fetch>", "character"),
        ("<fetch>\x01</fetch>", "xml"),
        ("<fetch>\uffff</fetch>", "xml"),
        ("<" * 50_000, "xml"),
        ("<a>" * 33_000, "depth"),
        ("<!--" * 20_000, "xml"),
        ("<![CDATA[" * 10_000, "xml"),
        ("&amp;" * 20_000, "xml"),
        ("]]>" * 30_000, "xml"),
        ("<fetch " + 'a="1" ' * 10_000 + "/>", "xml"),
        ("<fetch " + " ".join(f'a{number}="1"' for number in range(9_000)) + "/>", "attribute"),
        ("<fetch " + " ".join(f'a{number}=""' for number in range(10_500)) + "/>", "tokens"),
        (entity("<filter>" * 4_000 + TEST + "</filter>" * 4_000), "depth"),
        (entity("<link-entity name='a' from='id' to='b'>" * 100 + "</link-entity>" * 100), "depth"),
        (entity("<link-entity name='a' from='id' to='b'>" * 10 + "</link-entity>" * 10), "collection_depth"),
        (entity(f"<filter>{TEST * 1_500}</filter>"), "nodes"),
        (entity(f"<filter>{TEST * 1_900}</filter>"), "nodes"),
        (entity("<filter/>" * 9_000), None),
        (entity("<filter/>" * 10_500), "tokens"),
        (
            entity(
                '<filter><condition attribute="a" operator="in">'
                + "<value/>" * 2_000
                + "</condition></filter>"
            ),
            "list_items",
        ),
        (entity(f'<attribute name="{"a" * 99_000}"/>'), None),
        (entity(f'<attribute name="{"&amp;" * 19_000}"/>'), None),
        (entity(f'<attribute name="{"a" * 100_000}"/>'), "text_length"),
        (entity("<filter type='or'>" + "é" * 50_000 + "</filter>"), "text"),
        (entity("<!-- \U0001f600 -->" * 7_000), None),
    ],
    ids=lambda value: str(value)[:40].encode("unicode_escape").decode(),
)
def test_hostile_texts(text: str, code: str | None) -> None:
    try:
        fetchxml.parse(text)
    except QueryError as refusal:
        error: QueryError | None = refusal
    else:
        error = None
    assert (error and error.code) == code
    assert error is None or (error.position is not None and error.render())


@pytest.mark.parametrize("connective", ["and", "or"])
def test_large_texts_come_back_or_are_refused_by_a_limit(connective: str) -> None:
    tests = "".join(
        f'<condition attribute="f{number}" operator="ne" value="{number}"/>' for number in range(10_000)
    )
    text = f'<filter type="{connective}">{tests}</filter>'
    expr = fetchxml.parse_filter(text, None, WIDE)
    assert fetchxml.parse_filter(fetchxml.render_filter(expr), None, WIDE) == expr
    with pytest.raises(LimitExceeded):
        fetchxml.parse_filter(text)


def test_as_deep_as_the_limits_allow() -> None:
    limits = Limits(depth=128)
    depth = 126
    text = TEST
    for level in range(depth):
        text = f'<filter type="{("and", "or")[level % 2]}">{TEST}{text}</filter>'
    expr = fetchxml.parse_filter(text, None, limits)
    assert fetchxml.parse_filter(fetchxml.render_filter(expr), None, limits) == expr


@pytest.mark.parametrize(
    "text", ['"/><evil a="', "a&b", "]]>", "<!--", "&#0;", "\r\n\t", " a ", "'", "&lt;", "\u2028\x85"]
)
def test_no_value_leaves_its_place(text: str) -> None:
    for expr in (
        Call("cmp.eq", (Path((text,)), Literal("string", text))),
        Call("cmp.in", (Path(("a",)), Call("list", (Literal("string", text), Literal("string", "b"))))),
    ):
        assert fetchxml.parse_filter(fetchxml.render_filter(expr)) == expr


@pytest.mark.parametrize("text", ["\0", "\x01", "\ud800", "\ufffe", "\x0b"])
def test_what_xml_cannot_hold(text: str) -> None:
    with pytest.raises(NotExpressible):
        fetchxml.render_filter(Call("cmp.eq", (Path(("a",)), Literal("string", text))))


_pieces = st.sampled_from(
    [
        *(
            "<fetch>",
            "</fetch>",
            "<entity name='a'>",
            "</entity>",
            "<filter type='or'>",
            "<filter>",
            "</filter>",
        ),
        *("<condition attribute='b' operator='ne' value='5'/>", "<condition attribute='b' operator='null'/>"),
        *(
            "<condition attribute='b' operator='in'>",
            "<value>1</value>",
            "</condition>",
            "<attribute name='c'/>",
        ),
        *(
            "<condition attribute='b' operator='next-x-days' value='5'/>",
            "<order attribute='c'/>",
            "<link-entity ",
        ),
        *(
            "name='b' from='id' to='c'",
            " link-type='any'",
            "/>",
            ">",
            "</link-entity>",
            "&amp;",
            "&",
            "<!-- x -->",
        ),
        *(
            "<![CDATA[",
            "]]>",
            "<?x?>",
            "<!DOCTYPE a>",
            "é",
            "\n",
            "distinct='true'",
            "<condition entityname='b' ",
        ),
        *("attribute='id' operator='null'/>", "<link-entity name='b' from='id' to='c' link-type='outer'/>"),
    ]
)
_texts = st.lists(_pieces, max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(_texts | st.text(max_size=20), st.booleans())
def test_any_text_is_read_or_refused(text: str, framed: bool) -> None:
    try:
        query = fetchxml.parse(entity(text) if framed else text)
    except QueryError as refusal:
        error = refusal
    else:
        again = fetchxml.render(query)
        assert fetchxml.render(fetchxml.parse(again)) == again
        return
    assert error.position is not None
    assert error.render()
