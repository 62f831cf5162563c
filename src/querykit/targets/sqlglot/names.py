"""Identifiers: they come from the schema, and are quoted wherever they are no plain word."""

from __future__ import annotations

import re

from sqlglot import exp

from querykit.errors import NotExpressible
from querykit.functions.sql import Dialect

__all__ = ["identifier"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
#: A backslash inside a quoted identifier begins an escape there.
_ESCAPING = ("bigquery", "clickhouse")

_WORDS = """
access accessible account add after all alter analyse analyze and anti any array as asc asensitive
assert_rows_modified asymmetric at audit authorization autoincrement backup before begin between bigint
binary blob body both break browse bulk by call cascade case cast change char character check checkpoint
close cluster clustered coalesce collate collation column comment commit compress compute concurrently
condition connect connection constraint contains containstable continue convert create cross cube
cume_dist current current_catalog current_date current_role current_schema current_time current_timestamp
current_user cursor database databases date day_hour day_microsecond day_minute day_second dbcc deallocate
dec decimal declare default deferrable define delayed delete dense_rank deny desc describe deterministic
disk distinct distinctrow distributed div do double drop dual dump each else elseif empty enclosed end
enum errlvl escape escaped event except exception exclusive exec execute exists exit explain extend
external extract false fetch file fillfactor final first_value float float4 float8 following for force
foreign freetext freetexttable freeze from full fulltext function functions generated get glob global goto
grant group grouping groups gscluster hash having high_priority holdlock hour_microsecond hour_minute
hour_second identified identity identity_insert identitycol if ignore ilike immediate in increment index
infile initial initially inner inout insensitive insert instead int int1 int2 int3 int4 int8 integer
intersect interval into io_after_gtids io_before_gtids is isnull issue iterate join json_table key keys
kill lag last_value lateral lead leading leave left level like limit linear lineno lines listagg load
local localtime localtimestamp lock long longblob longtext lookup loop low_priority match materialized
maxextents maxvalue mediumblob mediumint mediumtext merge middleint minus minute_microsecond minute_second
mlslabel mod mode modifies modify national natural nchar new no no_write_to_binlog noaudit nocheck
nocompress nonclustered not nothing notnull nowait nth_value ntile null nullif nulls number numeric of off
offline offset offsets old on online only open opendatasource openquery openrowset openxml optimize option
optionally or order organization others out outer outfile over overlaps partition pctfree percent
percent_rank pivot placing plan pragma preceding precision prepare primary print prior privileges proc
procedure proto public purge qualify raise raiserror range rank raw read read_write reads readtext real
reconfigure recursive references regexp reindex release rename repeat replace replication require resignal
resource respect restore restrict return returning revert revoke right rlike rollback rollup row
row_number rowcount rowguidcol rowid rownum rows rule sample save schema schemas second_microsecond
securityaudit select semanticsimilaritytable semi sensitive separator session session_user set setuser
share show shutdown signal similar size smallint some spatial specific sql sql_big_result
sql_calc_found_rows sql_small_result sqlexception sqlstate sqlwarning ssl start starting statistics stored
straight_join struct successful symmetric synonym sysdate system system_user table tablesample temp
temporary terminated textsize then timestamp tinyblob tinyint tinytext to top trailing tran transaction
treat trigger true truncate try_cast try_convert tsequal uid unbounded undo union unique unlock unnest
unpivot unsigned update updatetext usage use user using utc_date utc_time utc_timestamp vacuum validate
values varbinary varchar varchar2 varcharacter variadic varying verbose view virtual waitfor when whenever
where while window with within without write writetext xor year_month zerofill
"""
#: Words that some dialect takes for its own where a column or a table may stand.
_RESERVED = frozenset(_WORDS.split())


def identifier(name: str, dialect: Dialect) -> exp.Identifier:
    """
    Raises
    ------
    NotExpressible: the dialect has no way to write this name.
    """
    if "\0" in name or not name or ("\\" in name and dialect.name in _ESCAPING):
        raise NotExpressible(f"{dialect.name} has no identifier {name[:64]!r}", code="identifier")
    plain = _PLAIN.fullmatch(name) is not None and name not in _RESERVED
    return exp.Identifier(this=name, quoted=not plain)
