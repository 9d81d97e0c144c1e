"""A few committed plates of 河坊街 in every state, with areas and duties, for whole servers."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.tables import Address, Plate
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, open_batch
from tests.factories.addresses import make_draft
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX

STATES = ("in_use", "to_install", "damaged", "lost", "void")


@dataclass(frozen=True, slots=True)
class Town:
    """Tokens by the state of their plates, and all tokens and codes in order."""

    tokens: dict[str, str]
    all_tokens: list[str]
    codes: list[str]
    grid_id: int
    duty_id: int


def make_town(session: Session, doors: int = 30) -> Town:
    """Twenty doors and more east and west of a grid's edge: the first lie within it."""
    place = make_place(session)
    drafts = [
        make_draft(place, str(n), point=Point(120.164 + n / 10_000, 30.24 + n % 2 / 5000))
        for n in range(1, doors)
    ]
    drafts += [make_draft(place, str(doors), point=Point(120.25, 30.24))]  # in no area
    drafts += [make_draft(place, str(doors + 1), point=None)]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    named = dict(zip(STATES, tokens, strict=False))
    for state, token in named.items():
        _set(session, Plate, token, status=state, status_reason="墙面改造")
    named |= {"alone": tokens[-2], "nowhere": tokens[-1], "renewed": tokens[6]}
    _set(session, Plate, tokens[6], status="replaced", replaced_by=tokens[7])
    for number, state in enumerate(("replaced", "retired", "invalid"), start=8):
        named[f"address {state}"] = tokens[number]
        _set(session, Address, codes[number], status=state)
    _set(session, Address, codes[8], successor_code=codes[12])
    grid = make_area(session)
    make_area(session, "community", "示例社区 1")
    duty = make_duty(session, grid)
    return Town(named, tokens, codes, grid.id, duty.id)


def _set(session: Session, table: type[Plate] | type[Address], key: str, **values: object) -> None:
    column = Plate.token if table is Plate else Address.code
    session.execute(update(table).where(column == key).values(**values))
