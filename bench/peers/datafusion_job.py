"""The job in DataFusion's CSV reader: datafusion_job.py REPORT SHARES RECORDINGS OUT."""

import os
import sys

from datafusion import SessionConfig, SessionContext

report, shares, recordings, out = sys.argv[1:]
config = SessionConfig().with_target_partitions(os.cpu_count())
config = config.set("datafusion.sql_parser.parse_float_as_decimal", "true")
db = SessionContext(config)
names = [f"c{at:02}" for at in range(22)]
columns = ", ".join(f"{name} VARCHAR" for name in names)
# Quoting cannot be switched off; a sign that no title holds comes close.
db.sql(f"""
    CREATE EXTERNAL TABLE rows ({columns}) STORED AS CSV LOCATION '{report}' OPTIONS (
        'format.has_header' 'false', 'format.delimiter' '\t', 'format.quote' '\x01',
        'format.truncated_rows' 'true')
""").collect()
db.sql(f"""
    CREATE EXTERNAL TABLE shares (isrc VARCHAR, payee VARCHAR, share DECIMAL(9, 6))
    STORED AS CSV LOCATION '{shares}' OPTIONS ('format.has_header' 'true')
""").collect()
db.sql(f"""
    CREATE EXTERNAL TABLE recordings (isrc VARCHAR, recording VARCHAR, repertoire VARCHAR)
    STORED AS CSV LOCATION '{recordings}' OPTIONS ('format.has_header' 'true')
""").collect()
# Read once and keep the cells that are needed, rather than read the file for every kind of record.
cells = db.sql("""
    SELECT substr(c00, 1, 4) AS kind, c01, c03, c04, c05, c06 FROM rows
    WHERE substr(c00, 1, 4) IN ('SU03', 'AS02', 'SY02')
""").cache()
db.register_view("cells", cells)
sums = db.sql("""
    WITH summary AS (SELECT c01 AS id, c06 AS territory FROM cells WHERE kind = 'SY02'),
         block AS (SELECT c01 AS id, c04 AS isrc FROM cells WHERE kind = 'AS02'),
         sale AS (SELECT c01 AS block, c03 AS summary, CAST(c05 AS BIGINT) AS usages,
                         CAST(c06 AS DECIMAL(18, 8)) AS revenue
                  FROM cells WHERE kind = 'SU03')
    SELECT block.isrc, summary.territory, sum(revenue) AS revenue, sum(usages) AS usages
    FROM sale JOIN block ON sale.block = block.id JOIN summary ON sale.summary = summary.id
    GROUP BY block.isrc, summary.territory
""").cache()
db.register_view("sums", sums)
db.sql("""
    SELECT payee, territory, CAST(sum(CAST(revenue AS DECIMAL(22, 8)) * share) AS VARCHAR) AS amount
    FROM sums JOIN shares ON sums.isrc = shares.isrc GROUP BY payee, territory
""").write_csv(out, with_header=True)
whole = db.sql("""
    SELECT sum(revenue), sum(usages), sum(revenue) FILTER (WHERE repertoire = 'soundtrack'),
           sum(usages) FILTER (WHERE repertoire = 'soundtrack')
    FROM sums LEFT JOIN recordings ON sums.isrc = recordings.isrc
""").to_pylist()[0]
for name, value in zip(
    ["revenue", "usages", "soundtrack revenue", "soundtrack usages"], whole.values(), strict=True
):
    print(f"{name},{value}")
