"""Officers at work on streets of one name: whatever their order, one house has one code."""

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from service.addresses.commands import correct_address, merge_addresses
from service.addresses.drafts import draft_of
from service.addresses.queries import find_successors, get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict
from service.divisions.queries import list_divisions
from service.imports.commands import answer_question, list_questions
from service.integrity import queries
from service.naming import tasks  # noqa: F401 - registers the run of a renaming
from service.naming.commands import (
    DoorsUndecided,
    divide_place,
    merge_places,
    rename_place,
    undo_decision,
)
from service.naming.queries import list_decisions
from service.placenames.queries import PlaceRow, list_places
from service.runs.worker_loop import run_chunks
from tests.factories.lists import ask, import_texts
from tests.service.naming.houses import (
    COUNTY,
    TOWNS_MERGED,
    YUYAO,
    merge_towns,
    with_two_towns,
)

TOWNS = ("凤山街道", "兰江街道", "临山镇", "泗门镇")
ROW = st.tuples(st.sampled_from(TOWNS), st.integers(1, 4))


def text_of(town: str, number: int) -> str:
    return f"{YUYAO}{town}人民路{number}号"


class StreetsOfOneName(RuleBasedStateMachine):
    """人民路 in two 街道 and two 镇, with few numbers, so that everything meets."""

    database: Database
    folder: Path
    lists = count()

    @initialize()
    def begin(self) -> None:
        with_two_towns(self.database)
        self.led: dict[str, set[str]] = {}
        """Whose a text was: who had it first, and each house that was given it since."""
        self.merged_towns = False

    def places(self) -> list[PlaceRow]:
        with self.database.reading() as session:
            return list_places(session, COUNTY)

    def learn(self) -> None:
        """Whose each text is; it stays so, or leads to what followed that address."""
        with self.database.reading() as session:
            for said, code, kind in session.execute(text(_NAMES)):
                if said not in self.led or kind in ("standard", "former"):
                    self.led.setdefault(said, set()).add(code)

    @rule(rows=st.lists(ROW, min_size=1, max_size=5))
    def import_list(self, rows: list[tuple[str, int]]) -> None:
        name = f"{next(self.lists)}.csv"
        import_texts(self.database, self.folder, [text_of(*row) for row in rows], name=name)
        self.learn()

    @rule(at=st.integers(0, 3), is_one=st.booleans())
    def answer(self, at: int, is_one: bool) -> None:
        with self.database.session() as session:
            found = list_questions(session)
            if not found:
                return
            one = found[at % len(found)]
            answer_question(session, one.place.number, one.township, ME, is_one=is_one)
        self.learn()

    @rule(at=st.integers(0, 30), row=ROW)
    def correct(self, at: int, row: tuple[str, int]) -> None:
        living = self.living()
        if not living:
            return
        town, number = row
        try:
            with self.database.session() as session:
                held = get_address(session, living[at % len(living)])
                numbered = held.elements.number
                assert numbered
                elements = held.elements._replace(number=numbered._replace(number=str(number)))
                if not self.merged_towns:
                    elements = elements._replace(township=town)
                draft = draft_of(held)
                division = self.division_of(elements.township)
                made = type(draft)(
                    county=COUNTY,
                    division_id=division[0],
                    division_code=division[1],
                    elements=elements,
                )
                correct_address(session, held, made, ME)
        except Conflict:
            return
        self.learn()

    @rule(at=st.integers(0, 3), into=st.integers(0, 3))
    def merge(self, at: int, into: int) -> None:
        places = self.places()
        if len(places) < 2:
            return
        here, there = places[at % len(places)], places[into % len(places)]
        for _ in range(2):
            try:
                with self.database.session() as session:
                    merge_places(session, here.number, there.number, ME, reason="r")
            except DoorsUndecided as undecided:
                with self.database.session() as session:
                    for pair in undecided.pairs:
                        merge_addresses(session, [pair.code], pair.other, ME, reason="r")
            except Conflict:
                assert here.id == there.id or here.key != there.key
                return
            else:
                return
        raise AssertionError("the pairs were decided")

    @rule(at=st.integers(0, 3), town=st.integers(0, 3))
    def divide(self, at: int, town: int) -> None:
        places = [one for one in self.places() if len({t.code for t in one.townships}) > 1]
        if not places:
            return
        place = places[at % len(places)]
        lies = sorted({one.code for one in place.townships})
        with self.database.session() as session:
            divide_place(session, place.number, [lies[town % len(lies)]], ME, reason="r")

    @rule(at=st.integers(0, 5))
    def undo(self, at: int) -> None:
        with self.database.reading() as session:
            found = list_decisions(session)
        if not found:
            return
        try:
            with self.database.session() as session:
                undo_decision(session, found[at % len(found)].number, ME, reason="r")
        except DoorsUndecided:
            return
        except Conflict:
            return

    @rule(at=st.integers(0, 3), name=st.sampled_from(("人民路", "解放路")))
    def rename(self, at: int, name: str) -> None:
        places = self.places()
        if not places:
            return
        number = places[at % len(places)].number
        try:
            with self.database.session() as session:
                done = rename_place(session, number, name, TOWNS_MERGED, ME)
        except Conflict:
            return
        run_chunks(self.database, done.run_id)
        self.learn()

    @precondition(lambda self: not self.merged_towns)
    @rule()
    def merge_towns(self) -> None:
        self.merged_towns = True
        merge_towns(self.database)
        self.learn()

    def division_of(self, town: str) -> tuple[int, str]:
        with self.database.reading() as session:
            (row,) = [d for d in list_divisions(session, parent="330281000000") if d.name == town]
        return row.id, row.code

    def living(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.execute(text(_LIVING)).scalars())

    @invariant()
    def the_register_is_whole(self) -> None:
        if not hasattr(self, "led"):
            return
        with self.database.reading() as session:
            assert queries.find_place_fault(session) == ""
            doubles = session.execute(text(_TWO_CODES)).all()
        assert doubles == []

    @invariant()
    def every_text_leads_to_its_house(self) -> None:
        if not getattr(self, "led", None):
            return
        with self.database.reading() as session:
            ends = find_successors(session, sorted(set().union(*self.led.values())))
        for (said, codes), found in zip(
            self.led.items(), ask(self.database, *self.led), strict=True
        ):
            expected = set(codes)
            for code in codes & ends.keys():
                expected = expected - {code} | {row.code for row in ends[code]}
            shown = {one.address.code for one in found.candidates}
            shown |= {found.address.code} if found.address else set()
            assert shown & expected, (said, codes, found)

    def teardown(self) -> None:
        """Lists that were taken in before give nobody a second code."""
        if not getattr(self, "led", None):
            return
        before = self.living()
        import_texts(self.database, self.folder, list(self.led), name="again.csv")
        after = self.living()
        assert len(after) == len(before), (before, after)


_LIVING = (
    "select code from address where status = 'active' "
    "order by place_id, elements -> 'number', standard_text"
)
"""In an order that the random codes have no part in, so that a life can be lived again."""
_NAMES = "select text, code, kind from address_name order by kind = 'department', text"
_TWO_CODES = (
    "select p.number, a.elements -> 'number', count(*) from address a "
    "join place_name p on p.id = a.place_id where a.status = 'active' "
    "group by 1, 2 having count(*) > 1"
)
"""Two living codes at one number of one place."""


def live(database: Database, folder: Path, lives: int, steps: int) -> None:
    StreetsOfOneName.database, StreetsOfOneName.folder = database, folder
    try:
        run_state_machine_as_test(
            StreetsOfOneName,
            settings=settings(
                max_examples=lives,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        with_two_towns(database)


def test_one_house_keeps_one_code(register: Database, tmp_path: Path) -> None:
    live(register, tmp_path, lives=6, steps=10)


@pytest.mark.drill
def test_a_thousand_decisions_lose_no_text(register: Database, tmp_path: Path) -> None:
    """Short lives of many kinds find more than long ones, and are shrunk in a minute."""
    live(register, tmp_path, lives=200, steps=14)
