"""The public page of figures and its file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from address_model.pinyin import spell_name
from address_model.public_figures import LEAST, Shown, Subject, add_shown, percent_of
from address_model.reports import KIND_NAMES
from service.core import html
from service.core.web import StandbySession
from service.core.words import Language, Words
from service.divisions.queries import find_names
from service.figures.coverage_map import CLASSES, draw_coverage
from service.figures.figure_file import HIDDEN, write_figures
from service.figures.queries.published import (
    MonthFigures,
    find_centres,
    list_figures,
    list_months,
    read_months,
)

ContextOf = Callable[[Request], dict[str, object]]
"""Supplies the shared template context: words, view, language, operator. Passed in by the app."""

STYLE = html.STYLE + html.compact_css(html.read_static("figures.css"))
HEADERS = html.PUBLIC | {"Content-Security-Policy": html.security_policy(STYLE)}
MOST_MONTHS = 13
"""How many months the page compares."""

KINDS = {str(kind): name for kind, name in KIND_NAMES.items()}
"""The words for kinds of reports, which the reporting page marks for translation."""

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


Month = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of a county, or of all of a month together; ``share`` is in percent."""

    name: str
    spelled: str
    figures: Mapping[Subject, Shown]
    share: int | None

    def has(self, subject: Subject) -> bool:
        """Whether it was counted; a figure that was and is None is hidden."""
        return subject in self.figures


def make_router(context_of: ContextOf) -> APIRouter:
    """Create the router; ``context_of`` gives the context of the shared page frame."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/figures", methods=["GET", "HEAD"])
    def figures(request: Request, session: StandbySession, month: Month = "") -> Response:
        """The figures of a month by county, on a map too, and the months before."""
        months = list_months(session)
        shown = _find_month(months, month)
        context = context_of(request) | {"style": Markup(STYLE)}  # noqa: S704 - our own files
        if shown is None:
            page = html.render("figures/none.html", **context)
            return html.page(request, page, headers=HEADERS)
        values = _read_values(session, months, shown, cast(Words, context["words"]))
        page = html.render("figures/figures.html", **context, **values)
        return html.page(request, page, headers=HEADERS)

    @router.api_route("/figures.csv", methods=["GET", "HEAD"])
    def file(request: Request, session: StandbySession, month: Month = "") -> Response:
        """All figures as a file; of one ``month`` with its days."""
        months = list_months(session)
        only = _find_month(months, month) if month else None
        first, last = (only, only) if only else (date.min, date.max)
        found = list(list_figures(session, first, last, with_days=only is not None))
        names = find_names(session, {f"{one.county}000000" for _, one in found})
        words = cast(Words, context_of(request)["words"])
        body = write_figures(found, {code[:6]: name for code, name in names.items()}, KINDS, words)
        name = f"menpai-figures{f'-{only:%Y-%m}' if only else ''}.csv"
        headers = html.PUBLIC | {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

    return router


def _find_month(months: list[date], asked: str) -> date | None:
    """The published month that is asked for, by default the newest; None if there is none at all.

    Raises:
        HTTPException: 404, what is asked for is no published month.
    """
    if not asked:
        return months[0] if months else None
    month = date.fromisoformat(f"{asked}-01") if _MONTH.fullmatch(asked) else None
    if month not in months:
        raise HTTPException(404)
    return month


def _read_values(
    session: StandbySession, months: list[date], shown: date, words: Words
) -> dict[str, object]:
    """What the template shows of a month and of those before it."""
    first = months[min(months.index(shown) + MOST_MONTHS - 1, len(months) - 1)]
    told = read_months(session, first, shown)
    now = told[0]
    names = find_names(session, [f"{county}000000" for county in now.counties])
    return {
        "now": now,
        "rows": _rows_of(now, names, words),
        "total": _total_of(now),
        "earlier": [(one.month, _total_of(one)) for one in told],
        "chart": draw_coverage(_shares_of(now), find_centres(session)),
        "names": {code[:6]: name for code, name in names.items()},
        "classes": CLASSES,
        "least": LEAST,
        "hidden": HIDDEN,
        "kinds": KINDS,
        "Subject": Subject,
    }


def _share_of(figures: Mapping[Subject, Shown]) -> int | None:
    return percent_of(figures.get(Subject.HUNG), figures.get(Subject.DOORS))


def _shares_of(month: MonthFigures) -> dict[str, int | None]:
    return {county: _share_of(figures) for county, figures in month.counties.items()}


def _rows_of(month: MonthFigures, names: Mapping[str, str], words: Words) -> list[FigureRow]:
    """A row for each county, in order of code; in English its name is spelled too."""
    rows = []
    for county, figures in month.counties.items():
        name = names.get(f"{county}000000", county)
        spelled = spell_name(name) if words.language is Language.EN else ""
        rows.append(FigureRow(name, spelled, figures, _share_of(figures)))
    return rows


def _total_of(month: MonthFigures) -> FigureRow:
    """The sums of what is shown of the counties: what is hidden is in no sum."""
    subjects = {subject for figures in month.counties.values() for subject in figures}
    subjects -= {Subject.ANSWER_DAYS}  # a median has no sum
    figures = {
        subject: add_shown(one.get(subject) for one in month.counties.values())
        for subject in subjects
    }
    return FigureRow("", "", figures, _share_of(figures))
