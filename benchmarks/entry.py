"""Measures the processor time of entering one address in a fresh process, excluding start-up.

The baseline inserts the same rows as finished COPY text in a separate process. Usage:
python -m benchmarks.entry [PROCESSES]
"""

import json
import subprocess
import sys
import time
from statistics import median

from address_model.elements import Elements, Numbered
from benchmarks.databases import bench_database
from service.addresses.commands import enter_addresses
from service.addresses.drafts import AddressDraft
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.core.settings import get_settings

BAR_MS = 20.0
BASE = Elements("浙江省", "杭州市", "上城区", "清波街道")
_DIVISION = (
    "insert into division (code, code_system, edition, level, name) "
    "values ('330102001000', 'nbs', '2023', 4, '清波街道') returning id"
)


def main(processes: int) -> None:
    """Print the median processor time of an entry and of the COPY of its rows, in ms."""
    with bench_database() as database:
        with database.session() as session:
            row = raw_connection(session).execute(_DIVISION).fetchone()
            division = int(str(row[0])) if row else 0
        ours, raw = [], []
        for number in range(processes):
            told = _run(database.url, division, number)
            ours.append(told["entry_ms"])
            raw.append(told["copy_ms"])
    print(f"one address in a fresh process, median of {processes}")
    print(f"entry     {median(ours):6.1f} ms of CPU   (bar: {BAR_MS:.0f})")
    print(f"raw COPY  {median(raw):6.1f} ms of CPU, ratio {median(ours) / median(raw):.1f}")


def _run(url: str, division: int, number: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.entry", "--one", url, str(division), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def enter_one(url: str, division: int, number: int) -> None:
    """Enter one address and say what it cost; settings and connecting are part of the start."""
    get_settings()
    database = Database(url, 1)
    with database.reading() as session:
        raw_connection(session).execute("select 1")
    draft = AddressDraft(
        county="330102",
        division_id=division,
        division_code="330102001000",
        elements=BASE._replace(thoroughfare="示例路", number=Numbered(str(number + 1), "号")),
        source="bench",
    )
    began = time.process_time()
    with database.session() as session:
        enter_addresses(session, [draft], COMMAND_LINE)
    entry = time.process_time() - began
    began = time.process_time()
    with database.session() as session, raw_connection(session).cursor() as cursor:
        cursor.execute("create temporary table copied (code text, text text) on commit drop")
        with cursor.copy("copy copied (code, text) from stdin") as copy:
            copy.write_row(("0" * 16, draft.text))
    raw = time.process_time() - began
    print(json.dumps({"entry_ms": entry * 1000, "copy_ms": raw * 1000}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        enter_one(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
