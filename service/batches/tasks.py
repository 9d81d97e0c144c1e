"""The runs of batches: production (tokens, files, documents, ZIP) and delivery of the plates."""

from collections.abc import Callable
from functools import partial
from typing import Any

from address_model.lifecycle import BatchStatus, PlateStatus
from qr.fonts import Fonts
from service.batches import documents
from service.batches.commands import batches, delivery, production
from service.batches.commands.approval import require_approved
from service.batches.commands.states import hold_batch, set_status
from service.batches.commands.unmade_plates import hold_unmade
from service.batches.queries import batches as queries
from service.batches.queries import print_rows
from service.batches.queries.batch_list import list_elements_beside
from service.batches.rendered_file import BatchTexts, fonts_of, measure_batch, render_file
from service.batches.request import PrintOptions
from service.batches.verification import require_sound, verify_batch
from service.core.actor import Actor
from service.core.database import Session, after_commit
from service.core.errors import Conflict, DeadHost
from service.core.files import FileStore, open_files
from service.core.settings import Settings
from service.divisions.queries import Imprints
from service.plates.commands import note_printed
from service.plates.faces import face_text
from service.plates.payload_host import require_public_host
from service.plates.queries import PlateRow
from service.runs.commands import Chunk, RunBlocked
from service.runs.queries import RunRow, list_results

SHOWN = 200
"""How many plates of each design are searched for samples of the proof sheet."""


class BatchHandler:
    """Produces a batch; a phase begins when the one before has finished for all plates.

    The settings are read anew for each chunk: whoever started the run may have changed them since.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """Read the place of files, and the font, from ``settings`` when they are needed."""
        self._settings = settings

    def _open_files(self) -> FileStore:
        return open_files(self._settings())

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Do one chunk; blocks a batch whose QR codes the public could not open."""
        batch_id = _batch_of(chunk.run)
        batch = queries.get_batch(session, batch_id)
        try:
            require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
        except DeadHost as fault:
            raise RunBlocked(fault.zh) from fault
        if chunk.phase == batches.ISSUE:
            try:  # only the list that was approved
                require_approved(session, batch)
            except Conflict as fault:
                raise RunBlocked(fault.zh) from fault
            first, last = int(str(chunk.parameters["first"])), int(str(chunk.parameters["last"]))
            actor = Actor.parse(chunk.run.actor)
            return {"issued": production.issue_listed(session, batch_id, first, last, actor)}
        if chunk.phase == batches.PLAN:
            return {"files": production.plan_volumes(session, chunk, batch_id)}
        if chunk.phase == batches.RENDER:
            return _render(session, chunk, batch_id, self._settings())
        files = _files(session, chunk.run.id)
        if chunk.phase == batches.DOCUMENTS:
            return _write_documents(session, batch_id, files, self._settings())
        return documents.write_package(self._open_files(), batch_id, files)

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Lock the batch; with ``whole``, first the plates that cancelling voids."""
        if whole:
            hold_unmade(session, _batch_of(run))
        hold_batch(session, _batch_of(run))

    def discard(self, chunk: Chunk) -> None:
        """Remove the folder of a cancelled batch."""
        self._open_files().remove_folder(documents.folder_of(_batch_of(chunk.run)))

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """Mark the batch as ready."""
        batch_id = _batch_of(run)
        set_status(session, batch_id, BatchStatus.READY)
        left_out = len(queries.list_left_out(session, batch_id, limit=1_000_000))
        return {
            "plates": sum(int(file["plates"]) for file in _files(session, run.id)),
            "left_out": left_out,
            "zip": documents.zip_name(batch_id),
        }

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Block the batch, with the reason."""
        set_status(session, _batch_of(run), BatchStatus.BLOCKED, reason)

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: the batch keeps its state while its run is paused."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Mark the batch as running again."""
        set_status(session, _batch_of(run), BatchStatus.RUNNING)

    def cancel(self, session: Session, run: RunRow) -> None:
        """Void the plates, and remove the files once that is committed."""
        batch_id = _batch_of(run)
        batches.withdraw(session, batch_id, "批次已取消")
        store, folder = self._open_files(), documents.folder_of(batch_id)
        after_commit(session, partial(store.remove_folder, folder))


class DeliveryHandler:
    """Moves the plates of a batch on when it is handed over or received.

    Plates that have moved stay moved, whatever happens to the run.
    """

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Move the plates of one chunk."""
        parameters = chunk.parameters
        bounds = str(parameters["first"]), str(parameters["last"])
        after = PlateStatus(str(parameters["after"]))
        actor = Actor.parse(chunk.run.actor)
        moved = delivery.move_plates(session, _batch_of(chunk.run), bounds, after, actor)
        return {"moved": moved}

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing: only plates change, and each chunk locks its own."""

    def discard(self, chunk: Chunk) -> None:
        """Nothing: it writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """All plates have moved."""
        return dict(run.parameters)

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Nothing: the run keeps the reason, the batch its state."""

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining plates wait."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining plates are moved by their chunks."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """Nothing: plates that have moved stay moved."""


def _render(session: Session, chunk: Chunk, batch_id: int, settings: Settings) -> dict[str, object]:
    parameters = chunk.parameters
    design = str(parameters["design"])
    first, last = int(str(parameters["first"])), int(str(parameters["last"]))
    production.leave_out_gone(session, batch_id, design, first, last)
    plates = print_rows.list_plates_between(session, batch_id, design, first, last)
    if not plates:
        return {}
    batch = queries.get_batch(session, batch_id)
    make = PrintOptions(**batch.print_options)  # type: ignore[arg-type]
    name = f"{documents.folder_of(batch_id)}/{parameters['file']}"
    texts = _texts_of(session, batch_id, design, plates, fonts_of(settings.font))
    done = render_file(plates, make, open_files(settings), name, texts)
    production.note_spots(session, batch_id, done.name, done.tokens, done.spots)
    note_printed(session, {plate.token: face_text(plate.elements) for plate in plates})
    return {
        "name": done.name,
        "plates": len(done.tokens),
        "pages": done.pages,
        "bytes": done.size,
        "sha256": done.sha256,
        "read": dict(zip(done.tokens, done.read, strict=True)),
        "worn": {one.plate_id: list(one.unread) for one in done.worn},
        "borrowed": done.borrowed,
    }


def _write_documents(
    session: Session, batch_id: int, files: list[dict[str, Any]], settings: Settings
) -> dict[str, object]:
    store, batch = open_files(settings), queries.get_batch(session, batch_id)
    found = verify_batch(batch, list(queries.iterate_items(session, batch_id)), files)
    require_sound(found)
    documents.write_lists(store, batch, files, found)
    make = PrintOptions(**batch.print_options)  # type: ignore[arg-type]
    samples, fonts = [], fonts_of(settings.font)
    for design, _ in print_rows.count_by_design(session, batch_id):
        places = print_rows.list_places(session, batch_id, design)[:SHOWN]
        some = print_rows.list_plates_between(session, batch_id, design, places[0], places[-1])
        texts = _texts_of(session, batch_id, design, some, fonts)
        samples.append((texts.specs_of(some, make.authority), texts.series))
    documents.write_proof(store, batch, samples, files, found, fonts=fonts)
    set_status(session, batch_id, BatchStatus.PROVEN)
    return {"plates": len(found.checks)}


def _texts_of(
    session: Session, batch_id: int, design: str, plates: list[PlateRow], fonts: Fonts
) -> BatchTexts:
    """The texts, measured over all numbers of the batch on the streets of these plates."""
    codes = [plate.code for plate in plates]
    listed = list_elements_beside(session, batch_id, design, codes)
    return BatchTexts(design, fonts, Imprints(session).of, measure_batch(listed, design, fonts))


def _files(session: Session, run_id: int) -> list[dict[str, Any]]:
    """The results of the chunks that rendered files, in order."""
    return [result for result in list_results(session, run_id, batches.RENDER) if result]


def _batch_of(run: RunRow) -> int:
    return int(str(run.parameters["batch"]))
