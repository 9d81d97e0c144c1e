from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.lifecycle import GONE, AddressStatus, may_address_become
from service.addresses.commands import (
    add_name,
    correct_address,
    enter_addresses,
    freeze_address,
    merge_addresses,
    move_address,
    retire_address,
    split_address,
    unfreeze_address,
)
from service.addresses.commands.names import NameDraft
from service.addresses.drafts import AddressDraft
from service.addresses.queries import (
    find_addresses,
    find_names,
    find_successors,
    get_address,
)
from service.audit.queries import verify_chain
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import Conflict
from service.matching.queries import ResolveOptions, resolve_many
from tests.factories import Place, make_draft, make_place
from tests.factories.addresses import placed


def enter(session: Session, *numbers: str) -> list[str]:
    place = make_place(session)
    return [
        str(code) for code in enter_addresses(session, [make_draft(place, n) for n in numbers], ME)
    ]


def test_a_retired_code_answers_with_reason_and_successor(session: Session) -> None:
    old, middle, new = enter(session, "1", "2", "3")
    retire_address(session, old, ME, reason="门牌重编", successor=middle)
    retire_address(session, middle, ME, reason="拆迁", successor=new)
    held = get_address(session, old)
    assert (held.status, held.status_reason) == ("replaced", "门牌重编")
    assert [row.code for row in find_successors(session, [old])[old]] == [new]


def test_a_divided_address_leads_to_all_its_parts_and_one_may_keep_the_text(
    session: Session,
) -> None:
    place = make_place(session)
    draft = placed(session, make_draft(place, "88"))
    (old,) = enter_addresses(session, [draft], ME)
    parts = [draft, make_draft(place, "90")]
    codes = split_address(session, str(old), parts, ME, reason="分户").codes
    found = find_successors(session, [str(old)])[str(old)]
    assert [row.code for row in found] == sorted(map(str, codes))
    names = find_names(session, [draft.key])[draft.key]
    assert [(name.kind, name.code) for name in names] == [
        ("standard", str(codes[0])),
        ("former", str(old)),
    ]


def test_merged_addresses_lead_to_the_one_that_stays(session: Session) -> None:
    one, two, stays = enter(session, "1", "2", "3")
    merge_addresses(session, [one, two, one], stays, ME, reason="并户")
    assert {row.code for c in (one, two) for row in find_successors(session, [c])[c]} == {stays}
    assert get_address(session, stays).status == "active"


def test_a_frozen_address_takes_no_change_until_it_is_unfrozen(session: Session) -> None:
    (code,) = enter(session, "1")
    freeze_address(session, code, ME, reason="争议")
    with pytest.raises(Conflict, match="冻结"):
        move_address(session, code, Point(120.1, 30.1), ME)
    unfreeze_address(session, code, ME)
    move_address(session, code, Point(120.1, 30.1), ME)
    assert get_address(session, code).point == Point(120.1, 30.1)
    with pytest.raises(Conflict, match="not frozen"):
        unfreeze_address(session, code, ME)


def test_an_ended_address_neither_changes_nor_succeeds(session: Session) -> None:
    gone, lives = enter(session, "1", "2")
    retire_address(session, gone, ME, reason="拆除")
    for step in (
        lambda: retire_address(session, lives, ME, reason="x", successor=gone),
        lambda: retire_address(session, lives, ME, reason="x", successor=lives),
        lambda: retire_address(session, gone, ME, reason="x"),
        lambda: freeze_address(session, gone, ME, reason="x"),
        lambda: move_address(session, gone, Point(120.1, 30.1), ME),
    ):
        with pytest.raises(Conflict):
            step()
    assert get_address(session, lives).status == "active"


def test_a_text_that_another_address_has_is_refused(session: Session) -> None:
    place = make_place(session)
    one, two = make_draft(place, "1"), make_draft(place, "2")
    (first, _) = enter_addresses(session, [one, two], ME)
    with pytest.raises(Conflict, match="河坊街2号"):
        correct_address(session, get_address(session, str(first)), two, ME)


def test_an_added_name_leads_to_the_address_with_its_source_and_dates(session: Session) -> None:
    (code,) = enter(session, "1")
    add_name(session, code, NameDraft("330102|x某大厦", "某大厦", "alias", "街道办"), ME)
    names = find_names(session, ["330102|x某大厦"])["330102|x某大厦"]
    assert [(name.code, name.kind, name.text) for name in names] == [(code, "alias", "某大厦")]
    with pytest.raises(Conflict, match="standard"):
        add_name(session, code, NameDraft("k", "t", "standard"), ME)


class AddressLife(RuleBasedStateMachine):
    """Officers at work: whatever order they work in, no rule of the register breaks."""

    session: Session
    codes: Bundle[str] = Bundle("codes")

    @initialize()
    def begin(self) -> None:
        self.outer = self.session.begin_nested()
        self.place: Place = make_place(self.session)
        self.seen: dict[str, AddressStatus] = {}
        self.keys: dict[str, set[str]] = {}
        self.texts: dict[str, str] = {}
        self.number = 0

    def draft(self) -> AddressDraft:
        self.number += 1
        return placed(self.session, make_draft(self.place, str(self.number)))

    def know(self, codes: list[str], drafts: list[AddressDraft]) -> object:
        for code, draft in zip(codes, drafts, strict=True):
            assert code not in self.seen, "a code was issued twice"
            self.seen[code] = AddressStatus.ACTIVE
            self.keys[code] = {draft.key}
            self.texts[draft.text] = code
        return multiple(*codes)

    def attempt(self, step: object, *moves: tuple[str, AddressStatus]) -> bool:
        """Run a command; it must be refused exactly when the table has no such step."""
        legal = all(may_address_become(self.seen[code], after) for code, after in moves)
        try:
            step()  # type: ignore[operator]
        except Conflict:
            assert not legal
            return False
        for code, after in moves:
            assert may_address_become(self.seen[code], after)
            self.seen[code] = after
        return True

    @rule(target=codes)
    def enter(self) -> Any:
        draft = self.draft()
        made = [str(c) for c in enter_addresses(self.session, [draft], ME)]
        return self.know(made, [draft])

    @rule(code=codes)
    def freeze(self, code: str) -> None:
        step = lambda: freeze_address(self.session, code, ME, reason="r")  # noqa: E731
        self.attempt(step, (code, AddressStatus.FROZEN))

    @rule(code=codes)
    def unfreeze(self, code: str) -> None:
        if self.seen[code] is AddressStatus.FROZEN:
            unfreeze_address(self.session, code, ME)
            self.seen[code] = AddressStatus.ACTIVE

    @rule(code=codes)
    def correct(self, code: str) -> None:
        draft = self.draft()
        held = get_address(self.session, code)
        still = self.seen[code] in GONE or self.seen[code] is AddressStatus.FROZEN
        try:
            correct_address(self.session, held, draft, ME)
        except Conflict:
            assert still
        else:
            assert not still
            self.keys[code].add(draft.key)
            self.texts[draft.text] = code

    @rule(code=codes, east=st.integers(0, 99))
    def move(self, code: str, east: int) -> None:
        still = self.seen[code] in GONE or self.seen[code] is AddressStatus.FROZEN
        point = Point(120.16 + east / 10_000, 30.24)
        try:
            move_address(self.session, code, point, ME)
        except Conflict:
            assert still
        else:
            assert not still
            assert get_address(self.session, code).point == point

    @rule(code=codes, invalid=st.booleans())
    def retire(self, code: str, invalid: bool) -> None:
        after = AddressStatus.INVALID if invalid else AddressStatus.RETIRED
        step = lambda: retire_address(self.session, code, ME, reason="r", invalid=invalid)  # noqa: E731
        self.attempt(step, (code, after))

    @rule(code=codes, successor=codes)
    def replace_by(self, code: str, successor: str) -> None:
        if successor == code or self.seen[successor] in GONE:
            with pytest.raises(Conflict):
                retire_address(self.session, code, ME, reason="r", successor=successor)
            return
        step = lambda: merge_addresses(self.session, [code], successor, ME, reason="r")  # noqa: E731
        self.attempt(step, (code, AddressStatus.REPLACED))

    @rule(target=codes, code=codes)
    def split(self, code: str) -> Any:
        drafts = [self.draft(), self.draft()]
        made: list[str] = []

        def step() -> None:
            new = split_address(self.session, code, drafts, ME, reason="r").codes
            made.extend(map(str, new))

        if not self.attempt(step, (code, AddressStatus.REPLACED)):
            return multiple()
        return self.know(made, drafts)

    @invariant()
    def every_code_and_text_leads_on(self) -> None:
        if not getattr(self, "seen", None):
            return
        rows = find_addresses(self.session, list(self.seen))
        assert {code: row.status for code, row in rows.items()} == {
            code: str(status) for code, status in self.seen.items()
        }
        names = find_names(self.session, [key for keys in self.keys.values() for key in keys])
        for code, keys in self.keys.items():
            for key in keys:
                assert code in {name.code for name in names[key]}
        replaced = [c for c, status in self.seen.items() if status is AddressStatus.REPLACED]
        ends = find_successors(self.session, replaced)
        for code in replaced:
            assert all(self.seen[row.code] is not AddressStatus.REPLACED for row in ends[code])

    def teardown(self) -> None:
        if not hasattr(self, "outer"):
            return
        try:
            finish(self.session)
            assert verify_chain(self.session).is_whole
            self.every_code_and_text_resolves()
        finally:
            self.outer.rollback()

    def every_code_and_text_resolves(self) -> None:
        """To itself while it lives, else to what is at the end of its successors, or to itself."""
        asked = {**{code: code for code in self.seen}, **self.texts}
        answers = resolve_many(self.session, list(asked), ResolveOptions(limit=50))
        ends = find_successors(self.session, list(self.seen))
        for (text, code), found in zip(asked.items(), answers, strict=True):
            expected = [row.code for row in ends.get(code, ())] or [code]
            led = [found.address] if found.address else [c.address for c in found.candidates]
            assert sorted(row.code for row in led) == sorted(expected), text
            assert (found.historic is not None) is (self.seen[code] in GONE), text


def live(session: Session, lives: int, steps: int) -> None:
    AddressLife.session = session
    run_state_machine_as_test(
        AddressLife,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_commands_breaks_the_register(session: Session) -> None:
    live(session, lives=12, steps=15)


@pytest.mark.drill
def test_ten_thousand_commands_break_nothing(session: Session) -> None:
    live(session, lives=200, steps=60)
