"""The job in Polars, streaming: polars_job.py REPORT SHARES RECORDINGS OUT."""

import sys

import polars as pl

report, shares, recordings, out = sys.argv[1:]
names = [f"c{at:02}" for at in range(22)]
kind = pl.col("c00").str.slice(0, 4)
rows = pl.scan_csv(
    report,
    separator="\t",
    has_header=False,
    schema={name: pl.String for name in names},
    quote_char=None,
    truncate_ragged_lines=True,
    missing_columns="insert",
).select("c00", "c01", "c03", "c04", "c05", "c06").filter(kind.is_in(["SY02", "AS02", "SU03"])).collect(engine="streaming").lazy()
summary = rows.filter(kind == "SY02").select(
    summary="c01", territory="c06"
)
block = rows.filter(kind == "AS02").select(block="c01", isrc="c04")
sale = rows.filter(kind == "SU03").select(
    block="c01",
    summary="c03",
    usages=pl.col("c05").cast(pl.Int64),
    revenue=pl.col("c06").cast(pl.Decimal(38, 8)),
)
sums = (
    sale.join(block, on="block")
    .join(summary, on="summary")
    .group_by("isrc", "territory")
    .agg(pl.col("revenue").sum(), pl.col("usages").sum())
    .collect(engine="streaming")
)
right = pl.scan_csv(shares, schema={"isrc": pl.String, "payee": pl.String, "share": pl.String})
right = right.with_columns(pl.col("share").cast(pl.Decimal(9, 6)))
(
    sums.lazy()
    .join(right, on="isrc")
    .with_columns(amount=pl.col("revenue") * pl.col("share"))
    .group_by("payee", "territory")
    .agg(pl.col("amount").sum())
    .collect(engine="streaming")
    .write_csv(out)
)
tags = pl.read_csv(recordings, infer_schema_length=0)
known = sums.join(tags, on="isrc", how="left")
tagged = known.filter(pl.col("repertoire") == "soundtrack")
print(f"revenue,{known['revenue'].sum()}")
print(f"usages,{known['usages'].sum()}")
print(f"soundtrack revenue,{tagged['revenue'].sum()}")
print(f"soundtrack usages,{tagged['usages'].sum()}")
