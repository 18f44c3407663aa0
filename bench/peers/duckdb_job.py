"""The job in DuckDB: duckdb_job.py REPORT SHARES RECORDINGS OUT."""

import sys

import duckdb

report, shares, recordings, out = sys.argv[1:]
db = duckdb.connect()
db.execute("SET preserve_insertion_order = false")
# Rows of the report have different lengths, and titles hold quotes that mean nothing.
columns = ", ".join(f"'c{at:02}': 'VARCHAR'" for at in range(22))
db.execute(f"""
    CREATE TEMP TABLE rows AS
    SELECT c00, c01, c03, c04, c05, c06 FROM read_csv('{report}', delim='\t', header=false,
        columns={{{columns}}}, auto_detect=false, null_padding=true, quote='', escape='',
        strict_mode=false)
    WHERE starts_with(c00, 'SU03') OR starts_with(c00, 'AS02') OR starts_with(c00, 'SY02')
""")
db.execute(f"""
    CREATE TEMP TABLE sums AS
    WITH summary AS (SELECT c01 AS id, c06 AS territory FROM rows WHERE starts_with(c00, 'SY02')),
         block AS (SELECT c01 AS id, c04 AS isrc FROM rows WHERE starts_with(c00, 'AS02')),
         sale AS (SELECT c01 AS block, c03 AS summary, c05::BIGINT AS usages,
                         c06::DECIMAL(18, 8) AS revenue
                  FROM rows WHERE starts_with(c00, 'SU03'))
    SELECT block.isrc, summary.territory, sum(revenue) AS revenue, sum(usages) AS usages
    FROM sale JOIN block ON sale.block = block.id JOIN summary ON sale.summary = summary.id
    GROUP BY ALL
""")
db.execute(f"""
    COPY (
        SELECT payee, territory, sum(revenue::DECIMAL(29, 8) * share) AS amount
        FROM sums JOIN read_csv('{shares}', header=true,
            columns={{'isrc': 'VARCHAR', 'payee': 'VARCHAR', 'share': 'DECIMAL(9, 6)'}}) USING (isrc)
        GROUP BY ALL
    ) TO '{out}' (HEADER, DELIMITER ',')
""")
whole = db.execute(f"""
    SELECT sum(revenue), sum(usages), sum(revenue) FILTER (repertoire = 'soundtrack'),
           sum(usages) FILTER (repertoire = 'soundtrack')
    FROM sums LEFT JOIN read_csv('{recordings}', header=true, all_varchar=true) USING (isrc)
""").fetchone()
for name, value in zip(
    ["revenue", "usages", "soundtrack revenue", "soundtrack usages"], whole, strict=True
):
    print(f"{name},{value}")
