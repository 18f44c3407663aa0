"""django-music-publisher's royalty calculation, without its web server.

    dmp_job.py statement TO             its own statement of 200,000 rows, as it is shipped
    dmp_job.py works TO                 the works of its own test data, with writers and shares
    dmp_job.py divide MODE STATEMENT TO the calculation (MODE: fee or share); prints its wall and CPU seconds
    dmp_job.py cases MODE STATEMENT WORKS TO
                                        made-up works, each row of the statement by itself
"""

import csv
import json
import os
import shutil
import sys
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

os.environ["DATABASE_URL"] = ""

import django  # noqa: E402
from django.conf import settings  # noqa: E402

PUBLISHER = "MK"
DEFAULT_FEE = 10
APPS = ["auth", "contenttypes", "sessions", "messages"]


def start():
    """Configures it for this process, with an empty database in memory."""
    settings.configure(
        SECRET_KEY="bench",
        INSTALLED_APPS=[
            "music_publisher.apps.MusicPublisherConfig",
            *(f"django.contrib.{app}" for app in APPS),
            "django.contrib.admin.apps.SimpleAdminConfig",
            "taggit",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PUBLISHER_NAME="Publisher",
        PUBLISHER_CODE=PUBLISHER,
        PUBLISHER_IPI_NAME="00000000199",
        PUBLISHER_IPI_BASE=None,
        PUBLISHER_SOCIETY_PR="52",
        PUBLISHER_SOCIETY_MR="44",
        PUBLISHER_SOCIETY_SR="44",
        REQUIRE_SAAN=False,
        REQUIRE_PUBLISHER_FEE=False,
        PUBLISHING_AGREEMENT_PUBLISHER_PR=Decimal("0.5"),
        PUBLISHING_AGREEMENT_PUBLISHER_MR=Decimal("1.0"),
        PUBLISHING_AGREEMENT_PUBLISHER_SR=Decimal("1.0"),
        OPTION_FILES=False,
        OPTION_FORCE_CASE=None,
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def shipped(name):
    """A file of its tests."""
    import music_publisher

    return Path(music_publisher.__file__).parent / "tests" / name


def import_own_works():
    from music_publisher.data_import import DataImporter
    from music_publisher.models import Work

    with open(shipped("dataimport.csv"), encoding="utf-8") as file:
        for _ in DataImporter(file).run():
            pass
    for work in Work.objects.all():
        work._work_id = work.work_id
        work.save()


def made_up_works(path):
    """Works as `WORKS` says: one row for each controlled writer; the rest belongs to others."""
    from music_publisher.models import Work, Writer, WriterInWork

    works = {}
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            work = works.get(row["work"])
            if work is None:
                work = Work.objects.create(title=row["title"], _work_id=row["work"])
                works[row["work"]] = work
            fee = Decimal(row["fee"]) if row["fee"] else None
            writer = Writer.objects.create(last_name=row["writer"])
            WriterInWork.objects.create(
                work=work,
                writer=writer,
                capacity="C",
                controlled=True,
                relative_share=Decimal(row["share"]),
                publisher_fee=fee,
            )


def calculate(mode, statement):
    """Runs it as its form would; the path of what it wrote."""
    from music_publisher.royalty_calculation import RoyaltyCalculation

    with open(statement, encoding="utf-8", newline="") as file:
        data = {
            "in_file": SimpleNamespace(name="statement.csv"),
            "work_id_column": "0",
            "work_id_source": PUBLISHER,
            "amount_column": "5",
            "right_type_column": "4",
            "algo": mode,
            "default_fee": Decimal(DEFAULT_FEE),
        }
        return RoyaltyCalculation(SimpleNamespace(file=file, cleaned_data=data)).out_file_path


def works(to):
    """Controlled writers of every work, with the fee that is meant to be taken."""
    from music_publisher.models import WriterInWork

    with open(to, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["work", "title", "writer", "share", "fee"])
        lines = WriterInWork.objects.filter(controlled=True).order_by("work___work_id", "id")
        for it in lines:
            fee = it.publisher_fee if it.publisher_fee is not None else it.writer.publisher_fee
            name = it.writer.last_name
            out.writerow([it.work._work_id, it.work.title, name, it.relative_share, "" if fee is None else fee])


def cases(mode, statement, to):
    """Each row by itself: what it wrote, or how it ended."""
    with open(statement, encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    one = Path(to).with_suffix(".one")
    answers = []
    for row in rows:
        with open(one, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, row])
        try:
            path = calculate(mode, one)
        except Exception as error:  # what a person would see as a failed page
            answers.append({"failed": type(error).__name__})
            continue
        with open(path, encoding="utf-8", newline="") as file:
            answers.append({"rows": list(csv.reader(file))[1:]})
        os.remove(path)
    one.unlink()
    Path(to).write_text(json.dumps(answers), encoding="utf-8")


def main(words):
    match words:
        case ["statement", to]:
            shutil.copyfile(shipped("royaltystatement_200k_rows.csv"), to)
        case ["works", to]:
            start()
            import_own_works()
            works(to)
        case ["divide", mode, statement, to]:
            start()
            import_own_works()
            wall, cpu = time.perf_counter(), time.process_time()
            path = calculate(mode, statement)
            print(f"{time.perf_counter() - wall:.2f} {time.process_time() - cpu:.2f}")
            shutil.move(path, to)
        case ["cases", mode, statement, made_up, to]:
            start()
            made_up_works(made_up)
            cases(mode, statement, to)
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
