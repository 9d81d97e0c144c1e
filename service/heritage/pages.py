"""The public pages of the place-name heritage: search, map sketch, timeline, entries."""

import re
from collections.abc import Callable
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from service.core import html
from service.core.clock import today
from service.core.web import StandbySession, settings_of
from service.core.words import Words
from service.heritage import search_page
from service.heritage.catalogue_filter import CatalogueFilter, Show, read_filter
from service.heritage.entry_page import entry_context
from service.heritage.linked_data import write_json_ld
from service.heritage.queries.codes import find_entry_id_now, find_entry_id_of_code
from service.heritage.queries.entries import find_entry
from service.heritage.queries.search import EntrySummary, count_entries

ContextOf = Callable[[Request], dict[str, object]]
"""Supplies the shared template context: words, view, language, operator. Passed in by the app."""

STYLE = html.STYLE + html.compact_css(html.read_static("heritage.css"))
HEADERS = html.PUBLIC | {"Content-Security-Policy": html.security_policy(STYLE)}
_ENTRY = re.compile(r"[A-Za-z]{2,6}-?[A-Za-z0-9-]{1,16}")


def make_router(context_of: ContextOf) -> APIRouter:
    """Create the router; ``context_of`` gives the context of the shared page frame."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/heritage", methods=["GET", "HEAD"])
    def catalogue(request: Request, session: StandbySession) -> Response:
        """The catalogue, filtered, as list, map sketch or timeline."""
        context = context_of(request)
        filters = _filter_of(request, context)
        shown = _VIEWS[filters.show](session, filters, cast(Words, context["words"]))
        page = _render(f"heritage/{filters.show}.html", context, filters, shown)
        return html.page(request, page, headers=HEADERS)

    @router.api_route("/heritage/{entry_id}", methods=["GET", "HEAD"])
    def entry(request: Request, session: StandbySession, entry_id: str) -> Response:
        """One entry with its evidence and sources."""
        context = context_of(request)
        filters = _filter_of(request, context)
        if entry_id != entry_id.upper() and _ENTRY.fullmatch(entry_id):
            return RedirectResponse(f"/heritage/{entry_id.upper()}{filters.carried}", 308)
        found = find_entry(session, entry_id) if _ENTRY.fullmatch(entry_id) else None
        if found is None:
            if entry_id.isascii() and entry_id.isdigit():
                now = find_entry_id_of_code(session, entry_id)
            else:
                now = find_entry_id_now(session, entry_id) if _ENTRY.fullmatch(entry_id) else None
            if now:
                return RedirectResponse(f"/heritage/{now}{filters.carried}", 308)
            page = _render("heritage/missing.html", context, filters, {})
            return html.page(request, page, status=404, headers=HEADERS | html.NOT_INDEXED)
        words = cast(Words, context["words"])
        shown = entry_context(session, found, filters, words, today().year)
        summary = cast(EntrySummary, shown["summary"])
        address = f"{str(settings_of(request).public_url).rstrip('/')}/heritage/{entry_id}"
        containing = f"{summary.city}{summary.county}"
        shown["linked_data"] = write_json_ld(found, address, containing, summary.point)
        page = _render("heritage/entry.html", context, filters, shown)
        return html.page(request, page, headers=HEADERS)

    return router


def _filter_of(request: Request, context: dict[str, object]) -> CatalogueFilter:
    elder, english = bool(context["elder"]), context["tag"] == "en"
    return read_filter(request.query_params, elder=elder, english=english)


def _render(
    template: str, context: dict[str, object], filters: CatalogueFilter, shown: dict[str, object]
) -> str:
    links = {
        "other_view": filters.link(v="" if filters.v else "elder"),
        "other_language": filters.link(lang="" if filters.lang else "en"),
    }
    if "entry" in shown:
        links = {name: link.replace("/heritage", "", 1) or "?" for name, link in links.items()}
    style = Markup(STYLE)  # noqa: S704 - our own files
    values = context | links | {"style": style, "asked": filters, "Show": Show} | shown
    return html.render(template, **values)


def _list(session: StandbySession, filters: CatalogueFilter, words: Words) -> dict[str, object]:
    cards, further = search_page.list_cards(session, filters, words)
    shown = _frame(session, filters, words) | {"cards": cards, "further": further}
    if not filters.is_narrowed and not filters.after and not filters.v:
        shown["peek"] = search_page.draw_overview(session, filters)
    return shown


def _map(session: StandbySession, filters: CatalogueFilter, words: Words) -> dict[str, object]:
    entries = search_page.list_all(session, filters)
    drawn = [search_page.draw(entries, filters), search_page.draw_small(entries, filters)]
    links = [
        [search_page.narrow_link(mark.entries, filters) for mark in one.marks] for one in drawn
    ]
    shown = {"sketch": drawn[0], "links": links[0], "small": drawn[1], "small_links": links[1]}
    return _frame(session, filters, words) | shown | {"entries": entries}


def _ages(session: StandbySession, filters: CatalogueFilter, words: Words) -> dict[str, object]:
    entries = search_page.list_all(session, filters)
    return _frame(session, filters, words) | {
        "ages": search_page.list_ages(entries, filters, words),
        "bars": search_page.list_bars(entries, today().year, words),
    }


def _frame(session: StandbySession, filters: CatalogueFilter, words: Words) -> dict[str, object]:
    """What the three views share: the total and the facets."""
    return {
        "total": count_entries(session, filters.wanted),
        "facets": search_page.list_choices(session, filters, words),
    }


_VIEWS = {Show.LIST: _list, Show.MAP: _map, Show.TIME: _ages}
