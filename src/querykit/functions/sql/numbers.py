"""Arithmetic and mathematics.

What an engine refuses (division by zero, the root of a negative number) is null everywhere: a row cannot
stop a query. Rounding goes half away from zero, integer division toward zero, a remainder has the sign of
the left operand.
"""

from __future__ import annotations

from collections.abc import Callable

from querykit.functions.sql.shape import Row, Sql, row

__all__ = ["EXACT_MYSQL", "NUMBERS_CLICKHOUSE", "ROWS", "fold"]


def fold(template: str) -> Callable[[int], str]:
    """A form for any number of arguments, from one of two: the result so far is its left operand."""

    def form(arity: int) -> str:
        text = "{0}"
        for index in range(1, arity):
            text = template.replace("{1}", f"{{{index}}}").replace("{0}", text)
        return text

    return form


_SAFE = "{0} / NULLIF({1}, 0)"
_SAFE_MOD = fold("MOD({0}, NULLIF({1}, 0))")
_SAFE_PERCENT = fold("{0} % NULLIF({1}, 0)")
_DECIMAL_TSQL = "DECIMAL(38, 10)"
EXACT_MYSQL = "DECIMAL(65, 30)"
#: Kind -> what makes a number of it: a choice between decimals of two scales stops the statement in ClickHouse,
#: one between numbers of other types, as counts and integers are, is of a type of its own without an order.
NUMBERS_CLICKHOUSE = {"int": "toInt64({})", "decimal": "toDecimal256({}, 20)", "float": "toFloat64({})"}

_DIVISION = (
    # Between integers: truncated. sqlglot and people write `/`; three engines divide exactly with it.
    row(
        "math.idiv",
        fold(_SAFE),
        sqlite="{* / }",
        mysql="{* DIV }",
        duckdb=fold("{0} // NULLIF({1}, 0)"),
        oracle=fold("TRUNC({0} / NULLIF({1}, 0))"),
        snowflake=fold("({0} - MOD({0}, NULLIF({1}, 0))) / {1}"),
        bigquery=fold("DIV({0}, NULLIF({1}, 0))"),
        clickhouse=fold("intDiv({0}, NULLIF({1}, 0))"),
        spark=fold("{0} DIV NULLIF({1}, 0)"),
    ),
    # Never truncated, whatever the operands.
    row(
        "math.div",
        fold(_SAFE),
        sqlite="CAST({0} AS REAL) / {1* / }",
        postgres=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DECIMAL)"),
        # Its quotient of decimals has six digits after the point.
        spark=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DOUBLE)"),
        clickhouse=fold("toFloat64({0}) / NULLIF(toFloat64({1}), 0)"),  # decimals of two scales stop it
        mysql=f"CAST({{0}} AS {EXACT_MYSQL}) / {{1* / }}",  # else only four digits more than the left operand
        tsql=lambda n: fold(_SAFE)(n).replace("{0}", f"CAST({{0}} AS {_DECIMAL_TSQL})"),
        trino=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DOUBLE)"),
    ),
    row(
        "math.div",
        fold(_SAFE),
        sqlite="CAST({0} AS REAL) / {1* / }",
        # The first two of three may be integers, whose quotient would be cut.
        postgres=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DOUBLE PRECISION)"),
        mysql="CAST({0} AS DOUBLE) / {1* / }",
        spark=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DOUBLE)"),
        clickhouse=fold("toFloat64({0}) / NULLIF(toFloat64({1}), 0)"),
        tsql=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS FLOAT)"),
        trino=lambda n: fold(_SAFE)(n).replace("{0}", "CAST({0} AS DOUBLE)"),
    ).of(kind="float"),
    row(
        "math.mod",
        _SAFE_MOD,
        sqlite=fold("MOD({0}, {1})"),
        mysql=fold("MOD({0}, {1})"),
        duckdb=_SAFE_PERCENT,
        tsql=_SAFE_PERCENT,
        clickhouse=fold("toDecimal256({0}, 20) % NULLIF(toDecimal256({1}, 20), 0)"),
    ),
    row(
        "math.mod",
        _SAFE_MOD,
        sqlite="{* % }",
        mysql=fold("MOD({0}, {1})"),
        duckdb=_SAFE_PERCENT,
        tsql=_SAFE_PERCENT,
        clickhouse=_SAFE_PERCENT,
    ).of(kind="int"),
    # MOD and % are for exact numbers only in three engines.
    row(
        "math.mod",
        _SAFE_MOD,
        sqlite=fold("MOD({0}, {1})"),
        postgres=fold("MOD(CAST({0} AS DECIMAL), NULLIF(CAST({1} AS DECIMAL), 0))"),
        mysql=fold("MOD({0}, {1})"),
        duckdb=_SAFE_PERCENT,
        tsql=fold(f"CAST({{0}} AS {_DECIMAL_TSQL}) % NULLIF(CAST({{1}} AS {_DECIMAL_TSQL}), 0)"),
        bigquery=fold("MOD(CAST({0} AS NUMERIC), NULLIF(CAST({1} AS NUMERIC), 0))"),
        clickhouse=fold("toFloat64({0}) % NULLIF(toFloat64({1}), 0)"),
    ).of(kind="float"),
)

_ARITHMETIC = (
    row("math.add", "{* + }"),
    row("math.sub", "{* - }"),
    row("math.mul", "{* * }"),
    row("math.neg", "-{0}"),
    row(
        "math.bigmul",
        "{0} * {1}",
        **dict.fromkeys(("postgres", "duckdb", "tsql", "trino", "spark"), "CAST({0} AS BIGINT) * {1}"),
    ),
)

# MySQL's bit operators give unsigned numbers.
_BITS = (
    row(
        "bit.and",
        "{* & }",
        mysql="CAST({* & } AS SIGNED)",
        oracle=fold("BITAND({0}, {1})"),
        snowflake=fold("BITAND({0}, {1})"),
        clickhouse=fold("bitAnd({0}, {1})"),
        trino=fold("BITWISE_AND({0}, {1})"),
    ),
    row(
        "bit.or",
        "{* | }",
        mysql="CAST({* | } AS SIGNED)",
        oracle=fold("({0} + {1} - BITAND({0}, {1}))"),
        snowflake=fold("BITOR({0}, {1})"),
        clickhouse=fold("bitOr({0}, {1})"),
        trino=fold("BITWISE_OR({0}, {1})"),
    ),
    row(
        "bit.xor",
        "{* ^ }",
        sqlite=fold("(({0} | {1}) - ({0} & {1}))"),
        postgres="{* # }",
        mysql="CAST({* ^ } AS SIGNED)",
        duckdb=fold("XOR({0}, {1})"),
        oracle=fold("({0} + {1} - 2 * BITAND({0}, {1}))"),
        snowflake=fold("BITXOR({0}, {1})"),
        clickhouse=fold("bitXor({0}, {1})"),
        trino=fold("BITWISE_XOR({0}, {1})"),
    ),
    row(
        "bit.not",
        "~{0}",
        mysql="CAST(~{0} AS SIGNED)",
        oracle="-1 - {0}",
        snowflake="BITNOT({0})",
        clickhouse="bitNot({0})",
        trino="BITWISE_NOT({0})",
    ),
)

_ROUND_TO = (Sql("ROUND({0}, {1})", ((1, "places"),)), "ROUND({0}, {1})")
#: LEAST and GREATEST leave nulls out.
_FEW = "CASE WHEN {1} > 40 THEN 40 WHEN {1} < -40 THEN -40 ELSE {1} END"
_POSTGRES_ROUND_TO = (
    Sql("ROUND(CAST({0} AS DECIMAL), {1})", ((1, "places"),)),
    f"ROUND(CAST({{0}} AS DECIMAL), CAST({_FEW} AS INT))",
)
# Of an exact number the digits must be known beforehand.
_DUCKDB_ROUND_TO = (
    Sql("ROUND({0}, CAST({1} AS INT))", ((1, "places"),)),
    f"ROUND(CAST({{0}} AS DOUBLE), CAST({_FEW} AS INT))",
)
# SQLite takes a negative number of digits for 0.
_SQLITE_ROUND_TO = (
    Sql("ROUND({0}, {1})", ((1, "digits"),)),
    "CASE WHEN {1} < 0 THEN ROUND({0} * POWER(10, {1})) / POWER(10, {1}) ELSE ROUND({0}, {1}) END",
)

# Doubles round half to even in PostgreSQL, MySQL, Oracle and ClickHouse; exact numbers half away from zero.
_ROUNDING = (
    row("math.round", "ROUND({0})", tsql="ROUND({0}, 0)"),
    row(
        "math.round",
        "{0}",
    ).of(kind="int"),
    row(
        "math.round",
        "ROUND({0})",
        postgres="ROUND(CAST({0} AS DECIMAL))",
        mysql=f"ROUND(CAST({{0}} AS {EXACT_MYSQL}))",
        oracle="ROUND(CAST({0} AS NUMBER))",
        tsql="ROUND({0}, 0)",
        clickhouse="TRUNC({0} + SIGN({0}) * 0.5)",
    ).of(kind="float"),
    row(
        "math.round_to",
        _ROUND_TO,
        sqlite=_SQLITE_ROUND_TO,
        postgres=_POSTGRES_ROUND_TO,
        duckdb=_DUCKDB_ROUND_TO,
        spark=_ROUND_TO[0],  # no column for the digits
    ),
    row(
        "math.round_to",
        _ROUND_TO,
        sqlite=_SQLITE_ROUND_TO,
        postgres=_POSTGRES_ROUND_TO,
        duckdb=_DUCKDB_ROUND_TO,
        spark=_ROUND_TO[0],  # no column for the digits
        mysql=f"ROUND(CAST({{0}} AS {EXACT_MYSQL}), {{1}})",
        oracle="ROUND(CAST({0} AS NUMBER), {1})",
        clickhouse=None,
    ).of(kind="float"),
    # SQLAlchemy puts Python's math.floor, which fails on null, in the place of SQLite's own function.
    row("math.floor", "FLOOR({0})", sqlite="-CEIL(0 - {0})"),
    row("math.ceiling", "CEIL({0})", tsql="CEILING({0})"),
    # Some make doubles of large integers.
    *(row(f"math.{name}", "{0}").of(kind="int") for name in ("floor", "ceiling")),
    row("math.abs", "ABS({0})"),
    row("math.sign", "SIGN({0})"),
)


def _guarded(name: str, guard: str) -> dict[str, str]:
    """SQLite and MySQL answer null outside the domain; the others refuse or say NaN."""
    return {"sqlite": f"{name}({{0}})", "mysql": f"{name}({{0}})", "postgres": _float(f"{name}({guard})")}


def _float(template: str) -> str:
    """PostgreSQL computes with exact numbers where it is given them: the results are doubles here."""
    return template.replace("THEN {0}", "THEN CAST({0} AS DOUBLE PRECISION)")


_NOT_NEGATIVE = "CASE WHEN {0} >= 0 THEN {0} END"
_POSITIVE = "CASE WHEN {0} > 0 THEN {0} END"
_SINE = "CASE WHEN {0} BETWEEN -1 AND 1 THEN {0} END"
_LN = f"LN({_POSITIVE})"
_LN_BASE = _LN.replace("{0}", "{1}")

# What is larger has no double.
_EXP = "CASE WHEN {0} <= 709.782712893384 THEN {0} END"
_SINH_RANGE = "{0} BETWEEN -710.4758600739439 AND 710.4758600739439"
_SINH = f"CASE WHEN {_SINH_RANGE} THEN {{0}} END"
_LN_2 = "0.6931471805599453"


def _of_halves(sign: str) -> str:
    """sinh and cosh as a sum of halves: EXP(x) may be too large where half of it is not."""
    halves = f"EXP({{0}} - {_LN_2}) {sign} EXP(-{{0}} - {_LN_2})"
    return f"CASE WHEN {_SINH_RANGE} THEN {halves} END"


# 1 to the last digit from 20 on, and no overflow.
_TANH = "1 - 2 / (EXP(2 * CASE WHEN {0} > 20 THEN 20 ELSE {0} END) + 1)"

_HAS_POWER = "{0} > 0 OR {0} = 0 AND {1} >= 0 OR {0} < 0 AND {1} = FLOOR({1})"

_ANALYSIS = (
    row(
        "math.power",
        f"CASE WHEN {_HAS_POWER} THEN POWER({{0}}, {{1}}) END",
        sqlite="CASE WHEN {0} <> 0 OR {1} >= 0 THEN POWER({0}, {1}) END",
        postgres=f"CASE WHEN {_HAS_POWER} THEN POWER(CAST({{0}} AS DOUBLE PRECISION), {{1}}) END",
        tsql=f"CASE WHEN {_HAS_POWER} THEN POWER(CAST({{0}} AS FLOAT), {{1}}) END",
    ),
    row("math.sqrt", f"SQRT({_NOT_NEGATIVE})", **_guarded("SQRT", _NOT_NEGATIVE)),
    row(
        "math.exp",
        f"EXP({_EXP})",
        # What is too small for a double is too large for PostgreSQL: it stops the statement as well.
        postgres=f"CASE WHEN {{0}} < -745 THEN 0 ELSE {_float(f'EXP({_EXP})')} END",
    ),
    row("math.log", _LN, **{**_guarded("LN", _POSITIVE), "tsql": f"LOG({_POSITIVE})"}),
    row(
        "math.log_base",
        f"{_LN} / NULLIF({_LN_BASE}, 0)",
        sqlite="LN({0}) / LN({1})",
        mysql="LN({0}) / LN({1})",
        postgres=_float(
            f"{_LN} / NULLIF(LN(CASE WHEN {{1}} > 0 THEN CAST({{1}} AS DOUBLE PRECISION) END), 0)"
        ),
        tsql=f"LOG({_POSITIVE}) / NULLIF(LOG({_POSITIVE.replace('{0}', '{1}')}), 0)",
    ),
    row(
        "math.log10",
        f"LOG10({_POSITIVE})",
        **{
            **_guarded("LOG10", _POSITIVE),
            "oracle": f"LOG(10, {_POSITIVE})",
            "snowflake": f"LOG(10, {_POSITIVE})",
        },
    ),
    *(row(f"math.{name}", f"{name.upper()}({{0}})") for name in ("sin", "cos", "tan", "atan")),
    *(
        row(f"math.{name}", f"{name.upper()}({_SINE})", **_guarded(name.upper(), _SINE))
        for name in ("asin", "acos")
    ),
    *(
        row(
            f"math.{name}",
            f"{name.upper()}({_SINH})",
            clickhouse=f"{name}({_SINH})",
            **dict.fromkeys(without, _of_halves(sign)),
        )
        for name, sign, without in (
            ("sinh", "-", ("mysql", "tsql", "trino")),
            ("cosh", "+", ("mysql", "tsql")),
        )
    ),
    row("math.tanh", "TANH({0})", mysql=_TANH, tsql=_TANH),
    row("math.atan2", "ATAN2({0}, {1})", tsql="ATN2({0}, {1})"),
)


def _larger(symbol: str, number: str = "{}") -> str:
    """GREATEST and LEAST leave nulls out in some engines: here null wins."""
    left, right = (number.replace("{}", hole) for hole in ("{0}", "{1}"))
    return f"CASE WHEN {{0}} {symbol}= {{1}} THEN {left} WHEN NOT {{0}} {symbol}= {{1}} THEN {right} END"


_EXTREMES = (("GREATEST", "MAX", ">"), ("LEAST", "MIN", "<"))

_CHOICE = (
    *(
        row(
            f"math.{name.lower()}",
            f"{name}({{0}}, {{1}})",
            sqlite=f"{sqlite}({{0}}, {{1}})",
            **dict.fromkeys(("postgres", "duckdb", "tsql", "clickhouse", "spark"), _larger(symbol)),
        )
        for name, sqlite, symbol in _EXTREMES
    ),
    *(
        row(
            f"math.{name.lower()}",
            f"{name}({{0}}, {{1}})",
            sqlite=f"{sqlite}({{0}}, {{1}})",
            clickhouse=_larger(symbol, number),
            **dict.fromkeys(("postgres", "duckdb", "tsql", "spark"), _larger(symbol)),
        ).of(kind=kind)
        for name, sqlite, symbol in _EXTREMES
        for kind, number in NUMBERS_CLICKHOUSE.items()
    ),
    row(
        "math.random",
        "RANDOM()",
        sqlite="ABS(RANDOM() % 9007199254740992) / 9007199254740992.0",
        mysql="RAND()",
        tsql="RAND(CHECKSUM(NEWID()))",
        oracle="DBMS_RANDOM.VALUE()",
        snowflake="UNIFORM(CAST(0 AS DOUBLE), CAST(1 AS DOUBLE), RANDOM())",
        bigquery="RAND()",
        clickhouse="randCanonical()",
        spark="RAND()",
    ),
)

ROWS: tuple[Row, ...] = (*_DIVISION, *_ARITHMETIC, *_BITS, *_ROUNDING, *_ANALYSIS, *_CHOICE)
