"""Trial plates (试印) as they are read: lists, locks, checks, previews and scans."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.auth.members import StaffMember
from service.batches.queries.batch_list import find_listed
from service.integrity.queries import find_double_plates
from service.plates.commands import (
    hold_doors_without_plate,
)
from service.plates.print_content import spec_of
from service.plates.queries import (
    iterate_plates,
    list_doors_without_plate,
    list_plates_of,
)
from service.scans.card import CardState
from service.scans.queries.cards import find_card, find_public_card
from tests.factories.trials import LAN_PREFIX, choose, issue


def test_an_address_with_a_trial_plate_still_lacks_its_plate(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    issue(session, codes[:2], trial=True)
    issue(session, codes[2:3], trial=False)
    assert list_doors_without_plate(session) == sorted([*codes[:2], codes[3]])
    assert list_doors_without_plate(session, for_trial=True) == [codes[3]]
    assert choose(session, clerk).plates == 3


def test_the_lock_of_doors_and_the_check_of_doubles_count_by_the_same_rule(
    session: Session, codes: list[str]
) -> None:
    issue(session, codes[:2], trial=True)
    issue(session, codes[1:3], trial=False)
    issue(session, codes[1:2], trial=True)
    assert hold_doors_without_plate(session, codes) == [codes[0], codes[3]]
    assert hold_doors_without_plate(session, codes, for_trial=True) == [codes[3]]
    issue(session, codes[:1], trial=True)
    assert find_double_plates(session) == ""
    issue(session, codes[2:3], trial=False)
    assert find_double_plates(session) == f"1 addresses have several, such as {codes[2]}"


def test_what_is_printed_at_large_has_no_trial_plates(session: Session, codes: list[str]) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    (real,) = issue(session, codes[1:2], trial=False)
    assert [one.token for one in iterate_plates(session, with_trials=False)] == [real]
    assert {one.token for one in iterate_plates(session)} == {trial, real}


def test_a_preview_of_a_trial_says_so(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    assert codes
    batch = choose(session, clerk, payload_prefix=LAN_PREFIX, is_trial=True)
    plate = find_listed(session, batch, [1])[1]
    assert spec_of(plate, authority="").content.is_trial


def test_a_trial_plate_of_an_ended_address_says_both(session: Session, codes: list[str]) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    session.execute(
        text("update address set status = 'retired' where code = :code"), {"code": codes[0]}
    )
    card = find_card(session, trial)
    assert card is not None
    assert (card.is_trial, card.state) == (True, CardState.ADDRESS_RETIRED)


def test_a_scan_says_that_it_is_a_trial(session: Session, codes: list[str]) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    card = find_card(session, trial)
    assert card is not None
    assert card.is_trial
    public = find_public_card(session, codes[0])
    assert public is not None
    assert (public.is_trial, public.status) == (True, "in_use")
    (real,) = issue(session, codes[:1], trial=False, status="to_install")
    card, public = find_card(session, real), find_public_card(session, codes[0])
    assert card is not None
    assert public is not None
    assert (card.is_trial, public.is_trial, public.status) == (False, False, "not_yet")
    assert [plate.is_trial for plate in list_plates_of(session, codes[0])] == [False, True]
