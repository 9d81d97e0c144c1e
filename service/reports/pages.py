"""The pages on which residents report a plate; two taps, no script, no login."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from service.auth.guards import require_same_origin
from service.core import html
from service.core.errors import TooOften
from service.core.files import open_files
from service.core.problems import headers_of
from service.core.web import (
    CodeLookup,
    StandbySession,
    WritingRoute,
    count_report,
    count_unknown_token,
    database_of,
    settings_of,
)
from service.core.words import Words, mark
from service.plates.photos import PhotoUnreadable
from service.reports.commands import file_report
from service.reports.drafts import FiledReport, ReportDraft, ReportLimits
from service.reports.form import ReportForm, SentForm, begin_form, read_form
from service.reports.page_frame import (
    HEADERS,
    KIND_TEXTS,
    add_to_query,
    language_of,
    words_of,
)
from service.reports.pages_follow import ContextOf, add_follow_pages
from service.reports.photos import (
    NoRoomForPhoto,
    PhotoGone,
    count_photo,
    keep_photo,
    measure_photo,
    take_photo,
)
from service.reports.policies import NotReportable
from service.reports.target import (
    CardFinder,
    ReportTarget,
    find_address_target,
    find_plate_target,
)

PHOTO_BROKEN = mark("这张照片打不开。请换一张 JPG 或 PNG 照片，或者不附照片。")
NO_PHOTO_NOW = mark("现在不能收照片。请不附照片发送，文字照样会有人看。")
PHOTO_OVER = mark("照片放得太久，已经删除。请再附一次，或者不附照片发送。")
TOO_MANY = mark("这里一小时内收到的报告太多了，这一件没有收下。请一小时后再报。")

TargetFinder = Callable[[StandbySession, str], ReportTarget | None]


def make_router(
    context_of: ContextOf, find_by_token: CardFinder, find_by_code: CardFinder
) -> APIRouter:
    """Create the router; ``context_of`` gives the context of the shared page frame."""
    router = APIRouter(include_in_schema=False)
    router.route_class = WritingRoute
    add_follow_pages(router, context_of)

    def plate(session: StandbySession, text: str) -> ReportTarget | None:
        return find_plate_target(session, find_by_token, text)

    def address(session: StandbySession, text: str) -> ReportTarget | None:
        return find_address_target(session, find_by_code, text)

    _add_forms(router, "/report/a/{text}", context_of, address, is_code=True)
    _add_forms(router, "/report/{text}", context_of, plate, is_code=False)
    return router


def _add_forms(
    router: APIRouter, path: str, context_of: ContextOf, find: TargetFinder, *, is_code: bool
) -> None:
    """Add the form about one kind of target: a code may be guessed, and is counted."""
    counted = [CodeLookup] if is_code else []

    @router.get(path, dependencies=counted)
    def see(request: Request, session: StandbySession, text: str, kind: str = "") -> Response:
        """The five kinds of problems; with ``kind``, the form of one."""
        page = _Page(request, context_of(request), find(session, text))
        return page.show(begin_form(kind))

    @router.post(path, dependencies=counted)
    def send(
        request: Request,
        session: StandbySession,
        text: str,
        *,
        kind: Annotated[str, Form()] = "",
        words: Annotated[str, Form()] = "",
        photo: Annotated[str, Form()] = "",
        once: Annotated[str, Form()] = "",
        step: Annotated[str, Form()] = "",
        picture: Annotated[UploadFile | None, File()] = None,
    ) -> Response:
        """The form again, what is to be sent, or the page to follow the report that was sent."""
        require_same_origin(request)
        target = find(session, text)
        session.rollback()
        page = _Page(request, context_of(request), target)
        # browsers send an empty field without a file name
        file = picture.file if picture is not None and picture.filename else None
        return page.send(SentForm(kind, words, photo, once, step, file))


class _Page:
    """One request to the form of a target."""

    def __init__(
        self, request: Request, context: dict[str, object], target: ReportTarget | None
    ) -> None:
        self.request, self.context, self.target = request, context, target
        self.words: Words = words_of(context)

    def show(self, form: ReportForm, *, status: int = 200, preview: bool = False) -> Response:
        """The form as it stands: kinds to choose from, one to fill in, or what is to be sent."""
        if self.target is None:
            count_unknown_token(self.request)
            page = html.render("scans/unknown.html", **self.context, typed="", fault="")
            return html.page(self.request, page, status=404, headers=HEADERS)
        name = "preview" if preview else "fill" if form.kind else "choose"
        if not self.target.is_open:
            name, status = "ended", 409
        chosen = {"kind": str(form.kind)} if form.kind else {}
        page = html.render(
            f"reports/{name}.html",
            **add_to_query(self.context, chosen),
            target=self.target,
            form=form,
            kinds=KIND_TEXTS,
        )
        return html.page(self.request, page, status=status, headers=HEADERS)

    def send(self, sent: SentForm) -> Response:
        """Take the report, or show what is missing or still to be looked at."""
        form = read_form(sent, self.words)
        if self.target is None or not self.target.is_open or sent.step == "change":
            return self.show(replace(form, faults=()))
        try:
            count_report(self.request)
            form = self._with_photo(form, sent, self.target)
            if form.faults or not form.is_ready:
                is_preview = not form.faults
                return self.show(form, status=200 if is_preview else 400, preview=is_preview)
            filed = self._file(form, self.target)
        except PhotoGone:
            form = replace(form, photo="", is_seen=False)
            return self.show(form.with_faults(self.words(PHOTO_OVER)), status=400)
        except NotReportable:
            self.target = replace(self.target, is_open=False)
            return self.show(form)
        except TooOften as error:
            answer = self.show(form.with_faults(self.words(TOO_MANY)), status=429)
            answer.headers.update(headers_of(error))
            return answer
        path = f"/reports/{filed.number}"
        shown = str(self.context["query"])
        query = f"{shown}{'&' if shown else '?'}t={filed.follow}&new=1"
        return RedirectResponse(path + query, 303, HEADERS)

    def _with_photo(self, form: ReportForm, sent: SentForm, target: ReportTarget) -> ReportForm:
        """The form with the name of its photo, stored anew or found again."""
        settings, database = settings_of(self.request), database_of(self.request)
        if sent.file is None:
            return form
        try:
            with database.session() as session:
                count_photo(session, target.token or target.code, settings)
            photo = take_photo(sent.file)
        except PhotoUnreadable:
            return form.with_faults(self.words(PHOTO_BROKEN))
        except NoRoomForPhoto:
            return form.with_faults(self.words(NO_PHOTO_NOW))
        if photo is None:
            return form
        kept = keep_photo(open_files(settings), photo)
        return replace(form, photo=kept, is_seen=False)

    def _file(self, form: ReportForm, target: ReportTarget) -> FiledReport:
        """Take the report of a form that is without faults."""
        assert form.kind is not None  # noqa: S101 - a form without faults has one
        settings = settings_of(self.request)
        limits = ReportLimits(
            settings.report_plate_limit, settings.report_grid_limit, settings.report_total_limit
        )
        language = language_of(self.context)
        with database_of(self.request).session() as session:
            draft = ReportDraft(
                form.kind, form.once, target.token, target.code, form.text, language=str(language)
            )
            if form.photo:
                files = open_files(settings)
                size = measure_photo(session, files, form.photo, draft.credentials().number)
                draft = replace(draft, photo=form.photo, photo_bytes=size)
            return file_report(session, draft, limits)
