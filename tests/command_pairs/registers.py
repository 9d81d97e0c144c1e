"""Pairs of commands over divisions, areas and duties, lists of work, accounts and printed texts."""

from collections.abc import Sequence
from datetime import date, timedelta

from address_model.work import WorkKind
from service.areas.commands.areas import load_areas
from service.areas.commands.duties import DutyFilter, hide_duties, load_duties
from service.areas.commands.handovers import hand_over
from service.areas.rows import ListedDuty, ListedHandover
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import Session
from service.divisions import commands as divisions
from service.divisions.imprints import Imprint
from service.linking import commands as linking
from service.linking.commands import assign_area
from service.plates import commands as plates
from service.worklists import commands as worklists
from service.worklists.drafts import WorkAct, WorkDraft, WorkOrder
from service.worklists.queries import WorkFilter
from tests.factories.areas import box, make_listed
from tests.factories.plates import make_visit, metres_north
from tests.interleaving import Step
from tests.town import COUNTY, LAKE, Town, retire


def imprints_set_both_ways(town: Town) -> tuple[Step, Step]:
    def set_all(codes: Sequence[str]) -> Step:
        issuers = {code: Imprint(town.name("局")) for code in codes}
        return lambda s: [divisions.set_imprint(s, code, issuers[code], ME) for code in codes]

    return set_all((COUNTY, LAKE)), set_all((LAKE, COUNTY))


def areas_loaded_and_assigned(town: Town) -> tuple[Step, Step]:
    grid, (code,) = _grid(town), town.enter()

    def load(session: Session) -> None:
        done = load_areas(session, [make_listed(grid, box(10, 20, 19, 30))], ME, today())
        linking.relink_edits(session, done.edits, ME, today=today())

    return load, lambda s: assign_area(s, code, grid, reason="跨界", actor=ME, today=today())


def duties_handed_over_and_hidden(town: Town) -> tuple[Step, Step]:
    grid = _grid(town)
    return _hand_over(town, grid), lambda s: hide_duties(s, DutyFilter(area=grid), ME)


def work_given_out_and_door_retired(town: Town) -> tuple[Step, Step]:
    code, numbers = _work(town)
    return _assign(numbers), retire(code)


def work_given_out_and_plate_hung(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code, "to_install")
    with town.database.session() as session:
        numbers = [
            worklists.open_item(session, WorkDraft(kind, code, key), ME)
            for kind, key in ((WorkKind.INSTALL, token), (WorkKind.INSTALL, ""))
        ]
    visit = make_visit()
    return _assign(numbers), lambda s: plates.install_plate(s, token, visit, ME)


def work_put_off_in_bulk_and_plate_hung(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code, "to_install")
    with town.database.session() as session:
        number = worklists.open_item(session, WorkDraft(WorkKind.INSTALL, code, token), ME)
    order = WorkOrder(WorkAct.POSTPONE, due=today() + timedelta(days=9))
    visit = make_visit()
    return (
        lambda s: worklists.change_items(s, {number: 1}, order, ME, scopes=("",)),
        lambda s: plates.install_plate(s, token, visit, ME),
    )


def check_in_decided_about_twice(town: Town) -> tuple[Step, Step]:
    _, token, event = _hung_far_off(town)
    return (
        lambda s: plates.accept_check_in(s, token, event, ME),
        lambda s: plates.refuse_check_in(s, token, event, ME),
    )


def check_in_repeated_and_door_retired(town: Town) -> tuple[Step, Step]:
    code, token, event = _hung_far_off(town)
    return lambda s: plates.repeat_check_in(s, token, event, ME), retire(code)


def check_in_refused_and_plate_confirmed(town: Town) -> tuple[Step, Step]:
    _, token, event = _hung_far_off(town)
    visit = make_visit()
    return (
        lambda s: plates.refuse_check_in(s, token, event, ME),
        lambda s: plates.confirm_plate(s, token, visit, ME),
    )


def work_opened_and_door_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    town.hang(code)
    draft = WorkDraft(WorkKind.INSPECT, code, reason="查看")
    return lambda s: worklists.open_item(s, draft, ME), retire(code)


def work_opened_again_and_door_retired(town: Town) -> tuple[Step, Step]:
    code, (number, _) = _work(town)
    with town.database.session() as session:
        worklists.cancel_item(session, number, "重复", ME)
    return lambda s: worklists.reopen_item(s, number, "误销", ME), retire(code)


def texts_noted_in_two_orders(town: Town) -> tuple[Step, Step]:
    tokens = [town.hang(code, "to_make") for code in town.enter(2)]

    def note(order: Sequence[str], face: str) -> Step:
        return lambda s: plates.note_printed(s, dict.fromkeys(order, face))

    return note(tokens, "河坊街 1"), note(tokens[::-1], "河坊街 2")


def _grid(town: Town) -> str:
    """The code of a grid that covers the street, with a duty that somebody holds."""
    grid = town.name("网格")
    with town.database.session() as session:
        load_areas(session, [make_listed(grid, box(10, 20, 20, 30))], ME, date(2026, 1, 1))
        held = ListedDuty(1, grid, "grid_worker", "演示甲", "0571-00000001", date(2026, 1, 1))
        load_duties(session, [held], ME)
    return grid


def _hung_far_off(town: Town) -> tuple[str, str, str]:
    """A door, its plate, and the event by which it was hung 80 m off."""
    (code,) = town.enter()
    token, visit = town.hang(code, "to_install"), make_visit(metres_north(80))
    with town.database.session() as session:
        plates.install_plate(session, token, visit, ME)
    return code, token, visit.id


def _hand_over(town: Town, grid: str) -> Step:
    begins, name = today() + timedelta(days=1), town.name("")
    listed = [ListedHandover(1, grid, "grid_worker", name, begins)]
    return lambda s: hand_over(s, listed, ME, today())


def _work(town: Town) -> tuple[str, list[int]]:
    """A door with a plate, and work about both, that of the door first."""
    (code,) = town.enter()
    token = town.hang(code)
    with town.database.session() as session:
        numbers = [
            worklists.open_item(session, WorkDraft(kind, code, key), ME)
            for kind, key in ((WorkKind.INSPECT, ""), (WorkKind.INSPECT, token))
        ]
    return code, numbers


def _assign(numbers: Sequence[int]) -> Step:
    wanted = WorkFilter(numbers=tuple(numbers))
    return lambda s: worklists.assign_items(s, wanted, "crew-1", ME)
