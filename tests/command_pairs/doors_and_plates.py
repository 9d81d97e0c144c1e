"""Pairs of commands over doors, their plates, batches, work and areas."""

from datetime import date

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.inspections import Finding
from address_model.tables import Area, Duty
from address_model.work import WorkKind
from service.addresses import commands as addresses
from service.addresses.commands.names import NameDraft
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, get_address
from service.areas.commands.duties import DutyFilter, hide_duties
from service.batches.commands import approval, batches
from service.batches.request import Selection
from service.changes.commands import Action, Subject, announce
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.divisions import commands as divisions
from service.divisions.commands import DecisionNotice
from service.linking.commands import assign_area
from service.plates import commands as plates
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_duty
from tests.factories.batches import make_batch_request
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit
from tests.interleaving import Step
from tests.town import Town, correct, followed, issue, merge, replace, retire

HERE = Point(120.166, 30.241)
NOTICE = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))


def corrected_and_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    town.hang(code)
    return correct(code, town.draft()), retire(code)


def merged_both_ways(town: Town) -> tuple[Step, Step]:
    one, other = town.enter(2)
    for code in (one, other):
        town.hang(code)
    return merge([one], other), merge([other], one)


def corrected_and_merged(town: Town) -> tuple[Step, Step]:
    one, other = town.enter(2)
    town.hang(other)
    return correct(other, town.draft()), merge([other], one)


def divided_and_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    town.hang(code)
    parts = [town.draft(), town.draft()]

    def split(session: Session) -> AddressRow:
        before = get_address(session, code)
        addresses.split_address(session, code, parts, ME, reason="分户")
        return before

    return followed(split), retire(code)


def building_corrected_and_flat_merged(town: Town) -> tuple[Step, Step]:
    number = str(next(town.numbers))
    building = make_elements(number, building=Numbered("2", "幢"))
    parts = [building, building._replace(room=Numbered("101", "室"))]
    with town.database.session() as session:
        drafts = [make_draft(town.place, elements=one) for one in parts]
        whole, flat = map(str, addresses.enter_addresses(session, drafts, ME))
    other = make_draft(town.place, elements=building._replace(building=Numbered("3", "幢")))
    return correct(whole, other), merge([flat], whole)


def two_corrected_to_one_text(town: Town) -> tuple[Step, Step]:
    one, other = town.enter(2)
    draft = town.draft()
    return correct(one, draft), correct(other, draft)


def named_and_identified(town: Town) -> tuple[Step, Step]:
    one, other = town.enter(2)
    value = f"p-{next(town.numbers)}"
    return (
        lambda s: addresses.add_identifier(s, one, ("police", value), ME),
        lambda s: addresses.add_identifier(s, other, ("police", value), ME),
    )


def moved_and_frozen(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    town.hang(code)
    return (
        followed(lambda s: addresses.move_address(s, code, HERE, ME)),
        lambda s: addresses.freeze_address(s, code, ME, reason="核查"),
    )


def renamed_and_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    name = NameDraft(f"330102|别名|{code}", "老门牌", "alias")
    return lambda s: addresses.add_name(s, code, name, ME), retire(code)


def installed_and_replaced(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code, "to_install")
    visit = make_visit()
    return lambda s: plates.install_plate(s, token, visit, ME), replace(token)


def replaced_twice(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code)
    return replace(token), replace(token)


def replaced_and_reported(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code)
    visit = make_visit()
    return (
        replace(token),
        lambda s: plates.report_plate(s, token, Finding.BROKEN, visit, ME),
    )


def replaced_and_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    return replace(town.hang(code)), retire(code)


def voided_and_hung(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    token = town.hang(code, "to_install")
    visits = make_visit(), make_visit()
    return (
        lambda s: plates.void_plate(s, token, "印错", visits[0], ME),
        lambda s: plates.install_plate(s, token, visits[1], ME),
    )


def issued_twice(town: Town) -> tuple[Step, Step]:
    codes = town.enter(2)
    return issue(town, codes), issue(town, codes[::-1])


def issued_and_merged(town: Town) -> tuple[Step, Step]:
    codes = town.enter(2)
    return issue(town, codes), merge([codes[0]], codes[1])


def cancelled_and_approved(town: Town) -> tuple[Step, Step]:
    number = town.choose(town.enter(2))
    with town.database.session() as session:
        approval.submit_batch(session, number, town.officer, approval_above=0)
    return (
        lambda s: batches.cancel_batch(s, number, town.officer),
        lambda s: approval.approve_batch(s, number, town.approver),
    )


def decided_by_two(town: Town) -> tuple[Step, Step]:
    number = town.choose(town.enter(2))
    with town.database.session() as session:
        approval.submit_batch(session, number, town.officer, approval_above=0)
    return (
        lambda s: approval.approve_batch(s, number, town.approver),
        lambda s: approval.send_back_batch(s, number, "少一户", town.approver),
    )


def submitted_and_replaced(town: Town) -> tuple[Step, Step]:
    codes = town.enter(2)
    number, token = town.choose(codes[:1]), town.hang(codes[1])
    order, visit = plates.ReplacementRequest("破损", PREFIX, approval_above=10**6), make_visit(None)
    return (
        lambda s: approval.submit_batch(s, number, town.officer, approval_above=10**6),
        lambda s: plates.replace_plate(s, token, order, visit, town.officer.actor),
    )


def left_out_and_submitted(town: Town) -> tuple[Step, Step]:
    codes = town.enter(2)
    number = town.choose(codes)
    return (
        lambda s: batches.leave_out(s, number, codes[0], "拆除", town.officer),
        lambda s: approval.submit_batch(s, number, town.officer, approval_above=10**6),
    )


def chosen_twice(town: Town) -> tuple[Step, Step]:
    codes = tuple(town.enter(2))

    def choose(session: Session) -> int:
        order = make_batch_request(choice=Selection(codes=codes))
        return batches.choose_batch(session, order, town.officer).batch.id

    return choose, choose


def finished_and_cancelled(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()
    with town.database.session() as session:
        number = worklists.open_item(session, WorkDraft(WorkKind.INSPECT, code), ME)
    return (
        lambda s: worklists.finish_item(s, number, "完好", ME),
        lambda s: worklists.cancel_item(s, number, "重复", ME),
    )


def assigned_and_retired(town: Town) -> tuple[Step, Step]:
    (code,) = town.enter()

    def assign(session: Session) -> None:
        grid, day = "示例网格 1", date(2026, 12, 1)
        assign_area(session, code, grid, reason="跨界", actor=ME, today=day)

    return assign, retire(code)


def hidden_twice(town: Town) -> tuple[Step, Step]:
    with town.database.session() as session:
        area = session.query(Area).first()
        assert area is not None
        duty: Duty = make_duty(session, area)
        announce(session, Subject.DUTY, Action.NEW, [duty.id])
        wanted = DutyFilter(ids=(duty.id,))
    return lambda s: hide_duties(s, wanted, ME), lambda s: hide_duties(s, wanted, ME)


def division_renamed_twice(town: Town) -> tuple[Step, Step]:
    names = [f"示例{next(town.numbers)}街道" for _ in range(2)]

    def rename(name: str) -> Step:
        return lambda s: divisions.rename_division(s, "330106001000", name, NOTICE, ME)

    return rename(names[0]), rename(names[1])


def streets_entered_twice(town: Town) -> tuple[Step, Step]:
    street = f"示例{next(town.numbers)}街"
    drafts = [
        make_draft(town.place, elements=make_elements(str(n), thoroughfare=street)) for n in (1, 2)
    ]

    def enter(draft: AddressDraft) -> Step:
        return lambda s: addresses.enter_addresses(s, [draft], ME)

    return enter(drafts[0]), enter(drafts[1])
