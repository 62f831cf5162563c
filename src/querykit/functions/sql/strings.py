"""Text made of text, and places in it.

Positions are zero-based here and one-based in SQL, and count code points.
"""

from __future__ import annotations

from querykit.functions.sql.matching import BINARY_MYSQL, BINARY_TSQL, EXACT_DUCKDB
from querykit.functions.sql.shape import Form, Forms, Row, Sql, row

__all__ = ["ROWS"]


def _within(position: str, part: str) -> str:
    """The place of the second text in a part of the first, counted in the whole, -1 if absent."""
    found = position.replace("{0}", part)
    return f"CASE {found} WHEN 0 THEN -1 ELSE {found} - 1 + {{2}} END"


def _up_to_end(position: str, part: str, length: str = "LENGTH") -> str:
    """The same where an empty text is found in what is beyond the end."""
    found = position.replace("{0}", part)
    beyond = f"{length}({{1}}) = 0 AND {{2}} > {length}({{0}})"
    return f"CASE WHEN {found} = 0 OR {beyond} THEN -1 ELSE {found} - 1 + {{2}} END"


_NOT_NEGATIVE = "CASE WHEN {} >= 0 THEN {} END"
_BOUNDED = "CASE WHEN {} >= 0 THEN LEAST({}, 1000000000) END"
#: Functions of text that take places of 32 bits: larger ones are cut, or stop the statement.
_GUARDS = {
    "sqlite": _BOUNDED.replace("LEAST", "MIN"),
    "postgres": f"CAST({_BOUNDED} AS INT)",
    "duckdb": _BOUNDED,
    "spark": f"CAST({_BOUNDED} AS INT)",
}


def _counted(template: str, *indexes: int, dialect: str = "") -> tuple[Form, ...]:
    """Numbers that make the result null where they are negative: the encoder sees to it, or the engine."""
    guard = _GUARDS.get(dialect, _NOT_NEGATIVE)
    guarded = template
    for index in indexes:
        hole = f"{{{index}}}"
        guarded = guarded.replace(hole, guard.format(hole, hole))
    return Sql(template, tuple((index, "count") for index in indexes)), guarded


_REST = "SUBSTRING({0}, {2} + 1)"
_WINDOW = "SUBSTRING({0}, {2} + 1, {3})"
_STRPOS = "STRPOS({0}, {1})"
_STRPOS_DUCKDB = "STRPOS({0}, {1} COLLATE C)"
_INSTR = "INSTR({0}, {1})"

# CHARINDEX finds an empty text nowhere.
_CHARINDEX_EMPTY = "CASE WHEN DATALENGTH({1}) = 0 AND {0} IS NOT NULL THEN "


def _indexof(arity: int, base: str, **overrides: str) -> Row:
    numbers = range(2, arity)
    overrides = {"postgres": base, **overrides}
    forms: dict[str, Forms] = {
        name: _counted(form, *numbers, dialect=name) for name, form in overrides.items()
    }
    return row("str.indexof", _counted(base, *numbers), **forms).of(arity=arity)


_POSITION = (
    row(
        "str.indexof",
        "STRPOS({0}, {1}) - 1",
        sqlite="INSTR({0}, {1}) - 1",
        mysql=f"INSTR({BINARY_MYSQL}, {{1}}) - 1",
        duckdb=(
            Sql(f"STRPOS({EXACT_DUCKDB}, {{1}}) - 1", ((1, "part"),)),
            f"{_STRPOS_DUCKDB.replace('{0}', EXACT_DUCKDB)} - 1",
        ),
        tsql=f"{_CHARINDEX_EMPTY}0 ELSE CHARINDEX({{1}}, {BINARY_TSQL}) - 1 END",
        oracle="INSTR({0}, {1}) - 1",
        snowflake="POSITION({1}, {0}) - 1",
        clickhouse="positionUTF8({0}, {1}) - 1",
        spark="INSTR({0}, {1}) - 1",
    ).of(arity=2),
    _indexof(
        3,
        _up_to_end(_STRPOS, _REST),
        sqlite=_up_to_end(_INSTR, "SUBSTR({0}, {2} + 1)"),
        duckdb=_up_to_end(_STRPOS_DUCKDB, _REST.replace("{0}", EXACT_DUCKDB)),
        mysql=_up_to_end(_INSTR, f"SUBSTRING({BINARY_MYSQL}, {{2}} + 1)", "CHAR_LENGTH"),
        tsql=f"{_CHARINDEX_EMPTY}{{2}} ELSE CHARINDEX({{1}}, {BINARY_TSQL}, {{2}} + 1) - 1 END",
        oracle="INSTR({0}, {1}, {2} + 1) - 1",
        snowflake="POSITION({1}, {0}, {2} + 1) - 1",
        clickhouse="positionUTF8({0}, {1}, toUInt64({2} + 1)) - 1",
        spark=_up_to_end(_INSTR, _REST),
    ),
    _indexof(
        4,
        _up_to_end(_STRPOS, _WINDOW),
        sqlite=_up_to_end(_INSTR, "SUBSTR({0}, {2} + 1, {3})"),
        duckdb=_up_to_end(_STRPOS_DUCKDB, _WINDOW.replace("{0}", EXACT_DUCKDB)),
        mysql=_up_to_end(_INSTR, f"SUBSTRING({BINARY_MYSQL}, {{2}} + 1, {{3}})", "CHAR_LENGTH"),
        tsql=_CHARINDEX_EMPTY
        + "{2} ELSE "
        + _within("CHARINDEX({1}, {0})", f"SUBSTRING({BINARY_TSQL}, {{2}} + 1, {{3}})")
        + " END",
        oracle=_within(_INSTR, "SUBSTR({0}, {2} + 1, {3})"),
        snowflake=_up_to_end("POSITION({1}, {0})", _WINDOW),
        clickhouse=_up_to_end("positionUTF8({0}, {1})", "substringUTF8({0}, {2} + 1, {3})", "lengthUTF8"),
        spark=_up_to_end(_INSTR, _WINDOW),
    ),
)

_CHARACTER = Sql("{0}", ((0, "character"),))

_FORMS = (
    row(
        "str.length",
        "LENGTH({0})",
        mysql="CHAR_LENGTH({0})",
        tsql="LEN({0} + 'x') - 1",
        bigquery="CHAR_LENGTH({0})",
        clickhouse="lengthUTF8({0})",
        spark="CHAR_LENGTH({0})",
    ),
    row(
        "binary.length",
        "OCTET_LENGTH({0})",
        sqlite="LENGTH({0})",
        tsql="DATALENGTH({0})",
        oracle=None,
        bigquery="BYTE_LENGTH({0})",
        clickhouse="length({0})",
        trino="LENGTH({0})",
    ),
    row("str.lower", "LOWER({0})", clickhouse="lowerUTF8({0})"),
    row("str.upper", "UPPER({0})", clickhouse="upperUTF8({0})"),
    row(
        "str.trim", "TRIM({0})", duckdb="TRIM({0}, ' ')", tsql="LTRIM(RTRIM({0}))", clickhouse="trimBoth({0})"
    ),
    row("str.reverse", "REVERSE({0})", sqlite=None, oracle=None, clickhouse="reverseUTF8({0})"),
    row(
        "str.ascii",
        "ASCII(NULLIF({0}, ''))",
        sqlite="UNICODE({0})",
        mysql="ORD(CONVERT(NULLIF({0}, '') USING utf32))",
        duckdb="UNICODE(NULLIF({0}, ''))",
        tsql="UNICODE({0})",
        oracle=None,
        snowflake="UNICODE(NULLIF({0}, ''))",
        bigquery="UNICODE(NULLIF({0}, ''))",
        clickhouse=None,
        trino="CODEPOINT(CAST(SUBSTRING(NULLIF({0}, ''), 1, 1) AS VARCHAR(1)))",
    ),
    # A literal code is made a character before it is sent.
    row(
        "str.char",
        (_CHARACTER, "CHR({0})"),
        duckdb=(
            _CHARACTER,
            "CASE WHEN {0} BETWEEN 0 AND 55295 OR {0} BETWEEN 57344 AND 1114111 THEN CHR(CAST({0} AS INT)) END",
        ),
        sqlite=(
            _CHARACTER,
            "CASE WHEN {0} BETWEEN 0 AND 55295 OR {0} BETWEEN 57344 AND 1114111 THEN CHAR({0}) END",
        ),
        postgres=(
            _CHARACTER,
            "CASE WHEN {0} BETWEEN 1 AND 55295 OR {0} BETWEEN 57344 AND 1114111 THEN CHR(CAST({0} AS INT)) END",
        ),
        mysql=_CHARACTER,
        tsql=(_CHARACTER, "NCHAR({0})"),
        oracle=_CHARACTER,
        clickhouse=_CHARACTER,
        spark=_CHARACTER,
    ),
    # A text of blanks equals an empty one where comparison pads.
    row(
        "str.is_null_or_empty",
        "{0} IS NULL OR {0} = ''",
        postgres="COALESCE({0}, '') = ''",
        mysql="COALESCE(CHAR_LENGTH({0}), 0) = 0",
        tsql="COALESCE(DATALENGTH({0}), 0) = 0",
        oracle="{0} IS NULL",
    ).of(predicate=True),
)


#: How each dialect cuts a text: `SUBSTRING(x, from, for)`, joins two with `||`, and takes the end of one.
_SUBSTRING = {"sqlite": "SUBSTR", "oracle": "SUBSTR", "bigquery": "SUBSTR", "clickhouse": "substringUTF8"}
_WRITERS = ("sqlite", "postgres", "mysql", "duckdb", "tsql", "oracle", "bigquery", "clickhouse", "spark")


def _written(template: str, dialect: str) -> str:
    """A template with SUBSTRING and `||`, as the dialect writes these; T-SQL's takes three arguments."""
    if dialect == "mysql" and " || " in template:
        template = f"CONCAT({template.replace(' || ', ', ')})"
    if dialect == "tsql":
        template = template.replace(" || ", " + ")
        for start in ("{1}", "{1} + 1", "{1} + {2} + 1"):
            template = template.replace(f"{{0}}, {start})", f"{{0}}, {start}, 2147483647)")
    return template.replace("SUBSTRING(", _SUBSTRING.get(dialect, "SUBSTRING") + "(")


def _cut(fn: str, arity: int, template: str, *numbers: int) -> Row:
    """A row whose `numbers` must not be negative."""
    forms: dict[str, Forms] = {
        name: _counted(_written(template, name), *numbers, dialect=name) for name in _WRITERS
    }
    return row(fn, _counted(template, *numbers), **forms).of(arity=arity)


_ENDS = {
    **dict.fromkeys(("postgres", "mysql", "duckdb", "tsql", "snowflake"), "RIGHT"),
    "clickhouse": "rightUTF8",
}
#: A place from the beginning and one from the end, where functions of text take only 32 bits.
_LEAST, _GREATEST = "LEAST({1}, 1000000000)", "GREATEST({1}, -1000000000)"
_PLACES = {
    "sqlite": (_LEAST.replace("LEAST", "MIN"), _GREATEST.replace("GREATEST", "MAX")),
    **dict.fromkeys(("postgres", "spark"), (f"CAST({_LEAST} AS INT)", f"CAST({_GREATEST} AS INT)")),
    **dict.fromkeys(("duckdb", "mysql"), (_LEAST, _GREATEST)),
}
#: SUBSTRING takes a negative place for one counted from the end, however long the text is.
_FROM_END = ("sqlite", "bigquery", "spark")


def _from_place(dialect: str) -> str:
    """From any place on, counted from the end where it is negative."""
    at, back = _PLACES.get(dialect, ("{1}", "{1}"))
    if dialect in _FROM_END:
        place = f"CASE WHEN {{1}} < 0 THEN {back} WHEN {{1}} >= 0 THEN {at} + 1 END"
        return _written(f"SUBSTRING({{0}}, {place})", dialect)
    if dialect in _ENDS:
        rest = _written(f"SUBSTRING({{0}}, {at} + 1)", dialect)
        return f"CASE WHEN {{1}} < 0 THEN {_ENDS[dialect]}({{0}}, -{back}) WHEN {{1}} >= 0 THEN {rest} END"
    place = "CASE WHEN {1} < 0 THEN GREATEST(LENGTH({0}) + {1}, 0) + 1 ELSE {1} + 1 END"
    return _written(f"SUBSTRING({{0}}, {place})", dialect)


def _substring(dialect: str) -> tuple[Form, ...]:
    place = "position_or_end" if dialect in _FROM_END else "position"
    return Sql(_written("SUBSTRING({0}, {1})", dialect), ((1, place),)), _from_place(dialect)


def _substring_within(dialect: str) -> tuple[Form, ...]:
    counted, guarded = _counted(
        _written(f"SUBSTRING({_from_place(dialect)}, 1, {{2}})", dialect), 2, dialect=dialect
    )
    simple = _written("SUBSTRING({0}, {1}, {2})", dialect)
    return Sql(simple, ((1, "position"), (2, "count"))), counted, guarded


_DIALECTS = (*_ENDS, *_FROM_END, "oracle", "trino")

_EDITING = (
    row("str.concat", "{* || }", mysql="CONCAT({*, })", tsql="{* + }"),
    row("str.substring", None, **{name: _substring(name) for name in _DIALECTS}).of(arity=2),
    row("str.substring", None, **{name: _substring_within(name) for name in _DIALECTS}).of(arity=3),
    _cut("str.insert", 3, "SUBSTRING({0}, 1, {1}) || {2} || SUBSTRING({0}, {1} + 1)", 1),
    _cut("str.remove", 2, "SUBSTRING({0}, 1, {1})", 1),
    _cut("str.remove", 3, "SUBSTRING({0}, 1, {1}) || SUBSTRING({0}, {1} + {2} + 1)", 1, 2),
    row(
        "str.replace",
        "REPLACE({0}, {1}, {2})",
        # MariaDB gives the text back where nothing is to be replaced, by null too.
        mysql="CASE WHEN {2} IS NOT NULL THEN REPLACE({0}, {1}, {2}) END",
        tsql=f"REPLACE({BINARY_TSQL}, {{1}}, {{2}})",
        clickhouse="replaceAll({0}, {1}, {2})",
        # Trino puts the third text between all characters where the second is empty.
        trino="CASE WHEN {1} = '' THEN {0} ELSE REPLACE({0}, {1}, {2}) END",
    ),
)


def _pad(side: str, char: str) -> dict[str, Form | tuple[Form, ...] | None]:
    """LPAD and RPAD cut a text that is too long. The width must be a literal, which the encoder bounds."""

    def wide(template: str) -> Sql:
        return Sql(template.replace("{2}", char), ((1, "width"),))

    def longer(length: str, pad: str) -> Sql:
        full = f"{length}({{0}}) >= {{1}}" if char == "' '" else f"{length}({{0}}) >= {{1}} OR {{2}} = ''"
        return wide(f"CASE WHEN {full} THEN {{0}} ELSE {pad}({{0}}, {{1}}, {{2}}) END")

    left = side == "L"
    zeros = "SUBSTR(REPLACE(HEX(ZEROBLOB({1})), '00', {2}), 1, {1} - LENGTH({0}))"
    filler = "REPLICATE({2}, {1} - LEN({0} + 'x') + 1)"
    filled = f"{filler} + {{0}}" if left else f"{{0}} + {filler}"
    return {
        "base": longer("LENGTH", f"{side}PAD"),
        "sqlite": wide(f"{zeros} || {{0}}" if left else f"{{0}} || {zeros}"),
        "mysql": longer("CHAR_LENGTH", f"{side}PAD"),
        "tsql": wide(f"CASE WHEN LEN({{0}} + 'x') > {{1}} THEN {{0}} ELSE {filled} END"),
        "bigquery": longer("CHAR_LENGTH", f"{side}PAD"),
        "clickhouse": longer("lengthUTF8", "leftPadUTF8" if left else "rightPadUTF8"),
        "spark": longer("CHAR_LENGTH", f"{side}PAD"),
    }


def _pad_rows(fn: str, side: str) -> tuple[Row, ...]:
    rows = []
    for arity, char in ((2, "' '"), (3, "{2}")):
        forms = _pad(side, char)
        rows.append(row(fn, forms.pop("base"), **forms).of(arity=arity))
    return tuple(rows)


ROWS: tuple[Row, ...] = (
    *_POSITION,
    *_FORMS,
    *_EDITING,
    *_pad_rows("str.pad_left", "L"),
    *_pad_rows("str.pad_right", "R"),
)
