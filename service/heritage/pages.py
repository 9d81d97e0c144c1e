"""The public pages of the heritage of place names: search, sketch, ages, and every entry."""

import re
from collections.abc import Callable
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from address_model.heritage.catalogue import CatalogueEntry
from service.core import html
from service.core.clock import today
from service.core.settings import Settings
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
"""What every page of the site may ask for: words, view, language, operator; given by the roof."""

STYLE = html.STYLE + html.compact_css(html.read_static("heritage.css"))
HEADERS = html.PUBLIC | {"Content-Security-Policy": html.security_policy(STYLE)}
_ENTRY = re.compile(r"[A-Za-z]{2,6}-?[A-Za-z0-9-]{1,16}")


def make_router(context_of: ContextOf) -> APIRouter:
    """Return the routes of the catalogue over the frame that all pages of the site share."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/heritage", methods=["GET", "HEAD"])
    def catalogue(request: Request, session: StandbySession) -> Response:
        """The catalogue: searched, narrowed, as a list, a sketch or the ages."""
        context = context_of(request)
        asked = _inquiry(request, context)
        shown = _SHOWN[asked.show](session, asked, cast(Words, context["words"]))
        page = _render(f"heritage/{asked.show}.html", context, asked, shown)
        return html.page(request, page, headers=HEADERS)

    @router.api_route("/heritage/{entry_id}", methods=["GET", "HEAD"])
    def entry(request: Request, session: StandbySession, entry_id: str) -> Response:
        """One entry with all that is known and who says so."""
        context = context_of(request)
        asked = _inquiry(request, context)
        if entry_id != entry_id.upper() and _ENTRY.fullmatch(entry_id):
            return RedirectResponse(f"/heritage/{entry_id.upper()}{asked.carried}", 308)
        found = find_entry(session, entry_id) if _ENTRY.fullmatch(entry_id) else None
        if found is None:
            now = _find_now(session, entry_id)
            if now:
                return RedirectResponse(f"/heritage/{now}{asked.carried}", 308)
            page = _render("heritage/missing.html", context, asked, {})
            return html.page(request, page, status=404, headers=HEADERS | html.NOT_INDEXED)
        words = cast(Words, context["words"])
        shown = entry_context(session, found, asked, words, today().year)
        shown["linked_data"] = _linked_data(settings_of(request), shown, entry_id)
        page = _render("heritage/entry.html", context, asked, shown)
        return html.page(request, page, headers=HEADERS)

    return router


def _find_now(session: StandbySession, asked: str) -> str | None:
    """Where an entry stands that was merged, or whose division has or had the code asked for."""
    if asked.isascii() and asked.isdigit():
        return find_entry_id_of_code(session, asked)
    return find_entry_id_now(session, asked) if _ENTRY.fullmatch(asked) else None


def _inquiry(request: Request, context: dict[str, object]) -> CatalogueFilter:
    elder, english = bool(context["elder"]), context["tag"] == "en"
    return read_filter(request.query_params, elder=elder, english=english)


def _render(
    template: str, context: dict[str, object], asked: CatalogueFilter, shown: dict[str, object]
) -> str:
    ways = {
        "other_view": asked.link(v="" if asked.v else "elder"),
        "other_language": asked.link(lang="" if asked.lang else "en"),
    }
    if "entry" in shown:
        ways = {name: link.replace("/heritage", "", 1) or "?" for name, link in ways.items()}
    style = Markup(STYLE)  # noqa: S704 - our own files
    values = context | ways | {"style": style, "asked": asked, "Show": Show} | shown
    return html.render(template, **values)


def _list(session: StandbySession, asked: CatalogueFilter, words: Words) -> dict[str, object]:
    cards, further = search_page.list_cards(session, asked, words)
    shown = _frame(session, asked, words) | {"cards": cards, "further": further}
    if not asked.is_narrowed and not asked.after and not asked.v:
        shown["peek"] = search_page.draw_peek(session, asked)
    return shown


def _map(session: StandbySession, asked: CatalogueFilter, words: Words) -> dict[str, object]:
    entries = search_page.list_all(session, asked)
    drawn = [search_page.draw(entries, asked), search_page.draw_small(entries, asked)]
    links = [[search_page.narrower(mark.entries, asked) for mark in one.marks] for one in drawn]
    shown = {"sketch": drawn[0], "links": links[0], "small": drawn[1], "small_links": links[1]}
    return _frame(session, asked, words) | shown | {"entries": entries}


def _ages(session: StandbySession, asked: CatalogueFilter, words: Words) -> dict[str, object]:
    entries = search_page.list_all(session, asked)
    return _frame(session, asked, words) | {
        "ages": search_page.list_ages(entries, asked, words),
        "bars": search_page.list_bars(entries, today().year, words),
    }


def _frame(session: StandbySession, asked: CatalogueFilter, words: Words) -> dict[str, object]:
    """What the three ways share: how many were found, and the facets to narrow them."""
    return {
        "total": count_entries(session, asked.wanted),
        "facets": search_page.list_choices(session, asked, words),
    }


_SHOWN = {Show.LIST: _list, Show.MAP: _map, Show.TIME: _ages}


def _linked_data(settings: Settings, shown: dict[str, object], entry_id: str) -> Markup:
    summary = cast(EntrySummary, shown["summary"])
    entry = cast(CatalogueEntry, shown["entry"])
    address = f"{str(settings.public_url).rstrip('/')}/heritage/{entry_id}"
    return write_json_ld(entry, address, f"{summary.city}{summary.county}", summary.point)
