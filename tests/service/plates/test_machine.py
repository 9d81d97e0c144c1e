"""Whatever happens to plates in whatever order: no illegal state, and the dead stay dead."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import Finding, PlateEventKind
from address_model.lifecycle import (
    ENDED,
    MAKING_WALK,
    PlateStatus,
    may_plate_become,
)
from service.core.actor import COMMAND_LINE, Actor
from service.core.errors import BadRequest, Conflict
from service.plates.commands import (
    ReplacementRequest,
    bind_blank_plate,
    issue_blank_plates,
    open_batch,
    record_visit,
    replace_plate,
    void_plate,
)
from service.scans.queries.cards import find_card
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_plates, make_visit

CREW = Actor("staff", "crew")
DOORS = 3
BLANKS = 2
ENGINE: list[Session] = []
STEPS = {"taken": 0}
VISITED = st.sampled_from(
    [
        PlateEventKind.INSTALLED,
        PlateEventKind.WELL,
        PlateEventKind.REPAIRED,
        *(PlateEventKind(str(finding)) for finding in Finding),
    ]
)
PICK = st.integers(0, 10_000)


class LifeOfPlates(RuleBasedStateMachine):
    """A street of three doors with plates ordered, hung, found, voided and bound at random."""

    def __init__(self) -> None:
        super().__init__()
        self.session = ENGINE[0]
        self.nested = self.session.begin_nested()
        self.tokens = make_plates(self.session, DOORS)
        self.codes = [self.row(token)[1] for token in self.tokens]
        batch = open_batch(
            self.session, name="b", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        self.tokens += issue_blank_plates(self.session, batch, "330102", BLANKS, COMMAND_LINE)
        self.seen = self.states()

    def teardown(self) -> None:
        self.nested.rollback()
        self.session.info.clear()

    def row(self, token: str) -> tuple[str, str]:
        found = self.session.execute(
            text("select status, code from plate where token = :t"), {"t": token}
        ).one()
        return found.status, found.code

    def states(self) -> dict[str, PlateStatus]:
        rows = self.session.execute(text("select token, status from plate")).all()
        return {row.token: PlateStatus(row.status) for row in rows}

    def attempt(self, command: object, *arguments: object) -> None:
        STEPS["taken"] += 1
        try:
            with self.session.begin_nested():
                event = command(self.session, *arguments, CREW)  # type: ignore[operator]
        except (Conflict, BadRequest):
            assert self.states() == self.seen, "a refused step must change nothing"
            return
        if event.successor and event.successor not in self.tokens:
            self.tokens.append(event.successor)

    def pick(self, number: int) -> str:
        return self.tokens[number % len(self.tokens)]

    @rule(number=PICK, kind=VISITED)
    def visit(self, number: int, kind: PlateEventKind) -> None:
        self.attempt(record_visit, self.pick(number), kind, make_visit(None))

    @rule(number=PICK)
    def order(self, number: int) -> None:
        what = ReplacementRequest("褪色", PREFIX, approval_above=100)
        self.attempt(replace_plate, self.pick(number), what, make_visit(None))

    @rule(number=PICK)
    def void(self, number: int) -> None:
        self.attempt(void_plate, self.pick(number), "作废", make_visit(None))

    @rule(number=PICK, door=st.integers(0, DOORS - 1))
    def bind(self, number: int, door: int) -> None:
        self.attempt(bind_blank_plate, self.pick(number), self.codes[door], make_visit(None))

    @precondition(lambda self: any(self.seen[t] is PlateStatus.TO_MAKE for t in self.tokens))
    @rule(number=PICK, after=st.sampled_from(["making", "to_install"]))
    def make(self, number: int, after: str) -> None:
        STEPS["taken"] += 1
        waiting = [t for t in self.tokens if self.seen[t] is PlateStatus.TO_MAKE]
        token = waiting[number % len(waiting)]
        for status in ["making", "to_install"][: 1 if after == "making" else 2]:
            statement = text("update plate set status = :s where token = :t")
            self.session.execute(statement, {"s": status, "t": token})

    @invariant()
    def every_step_is_legal(self) -> None:
        now = self.states()
        for token, before in self.seen.items():
            after = now[token]
            walked = before in MAKING_WALK and after in MAKING_WALK[MAKING_WALK.index(before) :]
            assert after is before or may_plate_become(before, after) or walked
            assert before not in ENDED or after is before
        self.seen = now

    @invariant()
    def nothing_is_lost_and_every_old_plate_leads_somewhere(self) -> None:
        bad = self.session.execute(
            text(
                "select p.token from plate p where "
                "(p.status = 'in_use' and (p.code is null or p.installed_at is null)) or "
                "(p.status = 'replaced' and p.replaced_by is null) or "
                "p.replaced_by = p.token or "
                "exists (select 1 from plate o where o.token = p.replaced_by "
                "and o.code is distinct from p.code) or "
                "(p.code is not null and exists (select 1 from plate o where o.code = p.code "
                "and o.generation = p.generation and o.token <> p.token))"
            )
        ).scalars()
        assert list(bad) == []
        work = self.session.execute(
            text(
                "select w.id from work_item w join plate p on p.token = w.key "
                "where w.state = 'open' and p.status in ('void', 'replaced') "
                "and w.kind <> 'repair'"
            )
        ).scalars()
        assert list(work) == []

    @invariant()
    def a_scan_of_a_replaced_plate_ends_at_a_plate_of_its_door(self) -> None:
        replaced = [t for t, status in self.states().items() if status is PlateStatus.REPLACED]
        for token in sorted(replaced)[:2]:
            card = find_card(self.session, token)
            assert card
            assert card.successor
            assert self.row(card.successor.path.lstrip("/"))[1] == self.row(token)[1]


def run(session: Session, examples: int, steps: int) -> None:
    ENGINE[:] = [session]
    STEPS["taken"] = 0
    machine = LifeOfPlates.TestCase
    machine.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],  # a failure is told with its steps; shrinking takes minutes
        suppress_health_check=list(HealthCheck),
        derandomize=examples < 10,
    )
    machine().runTest()


def test_whatever_happens_to_plates_no_state_is_illegal(session: Session) -> None:
    run(session, examples=4, steps=40)
    assert STEPS["taken"] >= 50


@pytest.mark.drill
def test_in_ten_thousand_steps_no_plate_comes_back_and_no_state_is_illegal(
    session: Session,
) -> None:
    taken = 0
    while taken < 10_000:
        run(session, examples=60, steps=60)
        taken += STEPS["taken"]
    assert taken >= 10_000
