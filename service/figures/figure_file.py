"""The public figures as a CSV file, one figure to a row."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from address_model.public_figures import LEAST, Figure, Subject
from service.core.sheets.rows import safe_cell
from service.core.words import Words, mark

HEADINGS = (
    mark("月份"),
    mark("指标"),
    mark("区划代码"),
    mark("县（市、区）"),
    mark("分项"),
    mark("数值"),
)
SUBJECT_NAMES = {
    Subject.PLATES: mark("在用门牌"),
    Subject.DOORS: mark("应挂牌地址"),
    Subject.HUNG: mark("已挂牌地址"),
    Subject.SCANS: mark("扫码次数"),
    Subject.SCANS_BY_DAY: mark("每日扫码次数"),
    Subject.REPORTS: mark("居民报告"),
    Subject.REPORTS_BY_KIND: mark("居民报告（按类）"),
    Subject.ANSWER_DAYS: mark("答复天数（中位数）"),
}
HIDDEN = f"<{LEAST}"


def write_figures(
    figures: Iterable[tuple[date, Figure]],
    names: Mapping[str, str],
    kinds: Mapping[str, str],
    words: Words,
) -> str:
    """The file with its headings; ``names`` of counties are by code, ``kinds`` are words."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(words, HEADINGS))
    for month, figure in figures:
        item = words(kinds[figure.item]) if figure.item in kinds else figure.item
        if figure.subject is Subject.SCANS_BY_DAY:
            item = f"{month:%Y-%m}-{figure.item}"
        value = HIDDEN if figure.value is None else str(figure.value)
        name = names.get(figure.county, "")
        subject = words(SUBJECT_NAMES[figure.subject])
        cells = (f"{month:%Y-%m}", subject, figure.county, name, item, value)
        writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + text.getvalue()
