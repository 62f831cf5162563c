"""What each SQL dialect can do besides functions: one row each."""

from __future__ import annotations

from typing import NamedTuple

from querykit.errors import UnknownName, suggest
from querykit.functions.sql.binding import Level

__all__ = ["DIALECTS", "Dialect", "dialect"]


class Dialect(NamedTuple):
    """A dialect.

    Parameters
    ----------
    name: ours.
    sqlglot, sqlalchemy: what these libraries call it.
    aliases: other names that users may give.
    bind: how a named parameter is written; ``?`` is positional.
    booleans: a condition is a value, true and false are literals.
    nulls: where nulls sort without a word: ``low`` (below every value), ``high``, ``last`` (always at the end).
    all_rows: what LIMIT says where only an OFFSET is wanted; empty where it may be missing.
    list_items: the longest list after IN.
    binds: the most parameters of a statement.
    parser_stack: symbols that its parser can hold (`nesting`); 0 is no bound.
    chain: the longest run of one operator, whose tree is as deep as it is long; 0 is no bound.
    storage: ``native``, or ``sqlite``: date-times are text (`YYYY-MM-DD HH:MM:SS.ffffff`), dates
        (`YYYY-MM-DD`), times (`HH:MM:SS.ffffff`), decimals are numbers.
    first_year: days and moments before it go to the driver as text, because it would change or refuse them.
    hex_uuids: UUIDs are stored as 32 hex digits, as SQLAlchemy does where there is no type for them.
    durations: there is a type for them; elsewhere they are stored as SQLAlchemy does, as so much after 1970-01-01.
    specials: which floats besides the finite ones it takes: ``all``, ``inf`` (no NaN), ``none``.
    nul: text may hold the character NUL.
    join_setting: without it an outer join gives zeros and empty texts in place of null.
    counts_nothing: a correlated subquery that counts no rows gives 0, not null.
    reach: how many subqueries further out a column may be; 0 is no bound.
    without_subqueries: clauses that take no correlated subquery: ``order``, ``group``, ``select`` (of a statement with
        a condition or joins), ``window`` (or beside one), ``aggregate`` (as its argument), ``in`` (as what is looked
        for), ``mixed`` (a condition of a subquery that asks about the rows around it as well; nor are there aggregates
        of such values).
    outer_nulls: a subquery may use a column of the rows around it that is null; else such rows have no related ones.
    loose_aliases: a table behind an alias answers to its own name too, and hides an outer one.
    long_names: a result that is a column of a join is called `table.column`, unless it is named.
    exists: how tightly EXISTS holds together.
    notes: where its functions differ from the catalog, for the documentation.
    """

    name: str
    sqlglot: str
    sqlalchemy: str
    aliases: tuple[str, ...] = ()
    bind: str = ":{}"
    booleans: bool = True
    nulls: str = "low"
    all_rows: str = ""
    list_items: int = 10_000
    binds: int = 65_535
    parser_stack: int = 0
    chain: int = 0
    storage: str = "native"
    first_year: int = 1
    hex_uuids: bool = False
    durations: bool = False
    specials: str = "all"
    nul: bool = True
    join_setting: str = ""
    counts_nothing: bool = True
    reach: int = 0
    without_subqueries: frozenset[str] = frozenset()
    outer_nulls: bool = True
    loose_aliases: bool = False
    long_names: bool = False
    exists: Level = Level.ATOM
    notes: tuple[str, ...] = ()


#: Every dialect by its name.
DIALECTS: dict[str, Dialect] = {
    row.name: row
    for row in (
        Dialect(
            "sqlite",
            "sqlite",
            "sqlite",
            ("pysqlite", "sqlite3", "aiosqlite"),
            all_rows="-1",
            binds=32_766,
            parser_stack=100,
            chain=900,
            storage="sqlite",
            specials="inf",
            hex_uuids=True,
            notes=(
                "lower and upper change ASCII letters only",
                "decimals are binary floating point numbers",
                "results that are too large are infinite, not null",
                "mathematical functions need a build with SQLITE_ENABLE_MATH_FUNCTIONS (3.35)",
            ),
        ),
        Dialect(
            "postgres",
            "postgres",
            "postgresql",
            ("postgresql", "pg", "psycopg", "psycopg2", "asyncpg"),
            bind="%({})s",
            nulls="high",
            durations=True,
            nul=False,
            notes=(
                "results that are too large stop the statement",
                "NaN equals itself and is above every number",
            ),
        ),
        Dialect(
            "mysql",
            "mysql",
            "mysql",
            ("mariadb", "pymysql"),
            bind="%({})s",
            all_rows="18446744073709551615",
            specials="none",
            hex_uuids=True,
            notes=(
                "comparisons and LIKE follow the collation of the column, the exact functions of text do not",
                "quotients of decimals have four more digits than the left operand",
            ),
        ),
        Dialect(
            "duckdb",
            "duckdb",
            "duckdb",
            bind="${}",
            nulls="last",
            durations=True,
            notes=(
                "results that are too large stop the statement or are infinite",
                "NaN equals itself and is above every number",
                "a quotient of decimals is a double",
            ),
        ),
        Dialect(
            "tsql",
            "tsql",
            "mssql",
            ("mssql", "sqlserver", "pyodbc", "pymssql"),
            bind="@{}",
            booleans=False,
            list_items=2_000,
            binds=2_000,
            specials="none",
            notes=(
                "a page of no rows cannot be skipped to",
                "lengths and places count UTF-16 units unless the collation is supplementary",
                "not run on an engine",
            ),
        ),
        Dialect(
            "oracle",
            "oracle",
            "oracle",
            ("oracledb", "cx_oracle"),
            booleans=False,
            nulls="high",
            list_items=1_000,
            durations=True,
            specials="none",
            hex_uuids=True,
            notes=("an empty text is null", "not run on an engine"),
        ),
        Dialect(
            "snowflake",
            "snowflake",
            "snowflake",
            bind="%({})s",
            nulls="high",
            all_rows="NULL",
            hex_uuids=True,
            notes=("not run on an engine",),
        ),
        Dialect(
            "bigquery",
            "bigquery",
            "bigquery",
            bind="@{}",
            binds=10_000,
            all_rows="9223372036854775807",
            hex_uuids=True,
            notes=("date-times are DATETIME, not TIMESTAMP", "not run on an engine"),
        ),
        Dialect(
            "clickhouse",
            "clickhouse",
            "clickhouse",
            ("clickhousedb", "chdb"),
            bind="{{{}:{}}}",
            nulls="last",
            join_setting="join_use_nulls = 1",
            counts_nothing=False,
            reach=1,
            without_subqueries=frozenset(("order", "group", "select", "window", "aggregate", "in")),
            outer_nulls=False,
            loose_aliases=True,
            long_names=True,
            notes=(
                "correlated subqueries need a version that has them (25.8, or a setting)",
                "integers wrap around instead of becoming too large",
            ),
        ),
        Dialect(
            "spark",
            "spark",
            "databricks",
            ("databricks", "sparksql", "pyspark", "hive"),
            first_year=1600,  # py4j counts in the Julian calendar before, and writes the year 1 as 1
            hex_uuids=True,
            reach=1,
            without_subqueries=frozenset(("order", "group", "aggregate", "mixed")),
            exists=Level.COMPARISON,  # no operand of a comparison without brackets
            notes=("not run on an engine",),
        ),
        Dialect(
            "trino",
            "trino",
            "trino",
            ("presto", "athena"),
            bind="?",
            nulls="last",
            notes=("milliseconds are the smallest unit of date arithmetic", "not run on an engine"),
        ),
    )
}

_NAMES = {alias: row for row in DIALECTS.values() for alias in (*row.aliases, row.name)}


def dialect(name: str) -> Dialect:
    """The row of a name or alias, in any case; a driver behind a plus sign is ignored.

    Raises
    ------
    UnknownName: there is none.

    >>> dialect("postgresql+psycopg").name, dialect("mssql").name
    ('postgres', 'tsql')
    """
    found = _NAMES.get(name.split("+")[0].strip().lower())
    if found is None:
        raise UnknownName(
            f"there is no dialect '{name[:64]}'",
            code="unknown_dialect",
            hint=suggest(name, DIALECTS) or f"the dialects are {', '.join(DIALECTS)}",
        )
    return found
