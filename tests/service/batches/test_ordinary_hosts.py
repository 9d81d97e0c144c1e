"""Batches of ordinary plates for hosts of every length that is taken, by the real way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.wear.drawing import lay_out_plates
from qr.designs import get_design, list_designs
from qr.fonts import find_fonts
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.batches.request import BatchRequest, PrintOptions, Selection
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest
from service.plates.commands import open_batch
from service.plates.host_length import require_host_fits
from tests.database import TestDatabase
from tests.factories.batches import (
    make_batch_request,
    make_member,
    make_street,
    read_batch,
    work_off,
)

HOSTS = ("x.exampl", "menp.example", "mp.hangzho.example", "mp.shangcheng.city.example")
DOORS = 600


@pytest.fixture
def street(fresh_database: TestDatabase, home: Path) -> Iterator[Database]:
    """Three hundred doors on each side."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, DOORS)
    yield database
    database.dispose()


def carry_out(street: Database, order: BatchRequest) -> tuple[str, str, int]:
    """Chosen, submitted, approved, started and made: the state, its reason, the plates."""
    with street.session() as session:
        officer = make_member(session, f"{order.name}经办", Role.OFFICER)
        approver = make_member(session, f"{order.name}审批", Role.APPROVER)
        batch = batches.choose_batch(session, order, officer).batch
        approval.submit_batch(session, batch.id, officer, approval_above=100)
        approval.approve_batch(session, batch.id, approver)
        batch = batches.start_batch(session, batch.id, officer)
    work_off(street, batch)
    done = read_batch(street, batch)
    return done.status, done.reason, done.plates


def test_six_hundred_plates_become_ready_on_hosts_of_every_length(
    street: Database, home: Path
) -> None:
    for place, host in enumerate(HOSTS):
        order = make_batch_request(
            name=host,
            payload_prefix=f"https://{host.upper()}/",
            make=PrintOptions(authority="示例市地名管理部门"),
            choice=Selection(division="330102", reprint=place > 0),
            reprint_reason="换域名" if place else "",
        )
        assert carry_out(street, order) == ("ready", "", DOORS), host


@pytest.mark.drill
@pytest.mark.parametrize("design", list_designs())
@pytest.mark.parametrize("host", HOSTS[::-1])
def test_six_hundred_plates_of_every_design_become_ready(
    street: Database, home: Path, design: str, host: str
) -> None:
    order = make_batch_request(
        payload_prefix=f"https://{host.upper()}/",
        design=design,
        make=PrintOptions(authority="示例市地名管理部门"),
    )
    assert carry_out(street, order) == ("ready", "", DOORS)


@pytest.mark.parametrize("design", ["auto", *list_designs()])
def test_hosts_of_up_to_26_characters_fit_every_design(design: str) -> None:
    for host in HOSTS:
        require_host_fits(f"https://{host.upper()}/", design)


@pytest.mark.parametrize("design", ["auto", *list_designs()])
def test_a_host_is_refused_with_the_reason_where_its_symbol_would_not_be_read(design: str) -> None:
    with pytest.raises(BadRequest, match=r"太长，.*放不下：.*每格 .* 毫米，.* 米内可读") as refused:
        require_host_fits(f"https://{'M' * 112}.EXAMPLE/", design)
    assert "MENPAI_PUBLIC_URL" in refused.value.hint


@pytest.mark.parametrize("design", list_designs())
def test_a_design_takes_the_hosts_whose_plates_can_be_laid_out(design: str) -> None:
    fonts = find_fonts()
    for length in (27, 38, 39, 61):
        host = "m" * (length - 8) + ".example"
        made = len(lay_out_plates(get_design(design), host, 1, fonts))
        try:
            require_host_fits(f"https://{host.upper()}/", design)
        except BadRequest:
            assert made == 0
        else:
            assert made == 1


def test_nothing_is_issued_for_a_host_that_is_too_long(street: Database) -> None:
    long = f"https://{'M' * 112}.EXAMPLE/"
    with pytest.raises(BadRequest, match="太长"):
        make_batch_request(payload_prefix=long)
    with street.session() as session:
        with pytest.raises(BadRequest, match="太长"):
            open_batch(session, name="长", design="small", payload_prefix=long, actor=COMMAND_LINE)
        assert session.scalar(text("select count(*) from plate_batch")) == 0
