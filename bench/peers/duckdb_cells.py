"""The bare aggregation in DuckDB: duckdb_cells.py LAKE. Sums usage lines by all a settlement looks at."""

import sys

import duckdb

[lake] = sys.argv[1:]
db = duckdb.connect()
db.execute("SET preserve_insertion_order = false")
db.execute(f"""
    CREATE TEMP TABLE cells AS
    SELECT report, sender, service, territory, use_type, commercial_model, rights_type, basis,
           date_trunc('month', "from") AS month, currency, isrc, icpn, title, artist,
           sum(usages) AS usages, sum(amount) AS amount, count(*) AS lines,
           min(line) AS first_line, max(line) AS last_line
    FROM read_parquet('{lake}/**/*.parquet', hive_partitioning = false)
    GROUP BY ALL
""")
print(db.execute("SELECT count(*), sum(lines), sum(amount) FROM cells").fetchone())
