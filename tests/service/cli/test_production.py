"""What `menpai serve` refuses outside a demo, and what `menpai check` tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from service.auth.commands import SAMPLES, disable_account, renew_sample_accounts
from service.cli.production import REFUSALS, require_production
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.settings import Settings
from tests.command_line import call, menpai
from tests.database import TestDatabase, migrated_database
from tests.factories.divisions import make_place
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates

ENVIRONMENT = 3
DRAWN = "q8Zr1V0yKxwT5mJd2Lh7Bn4PcGs9Ue3A"


@dataclass
class Register:
    """A register of two doors with plates, and how to set example data in it."""

    made: TestDatabase
    database: Database

    def mark_samples(self, *, are: bool) -> None:
        with self.database.session() as session:
            session.execute(text("update address set is_sample = :are"), {"are": are})


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_plates(session, 2)
        yield Register(made, database)
        database.dispose()


def faults(register: Register, **settings: object) -> list[str]:
    said = Settings(**({"public_url": PUBLIC_URL} | settings))  # type: ignore[arg-type]
    return [fault for one in REFUSALS if (fault := one.ask(said, register.database))]


def test_a_register_of_a_city_is_served(register: Register) -> None:
    assert faults(register) == []
    assert faults(register, secret_key=DRAWN) == []
    require_production(Settings(public_url=PUBLIC_URL), register.database)


@pytest.mark.parametrize(
    "url",
    ["", "http://127.0.0.1:8000", "http://192.168.1.5", "https://1.2.3.4", "https://mp.city.test"],
)
def test_no_dead_host_is_served_and_the_setting_is_named_with_an_example(
    register: Register, url: str
) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        require_production(Settings(public_url=url), register.database)
    assert "MENPAI_PUBLIC_URL" in caught.value.what
    assert "MENPAI_PUBLIC_URL" in caught.value.hint
    assert "https://mp.hangzhou.gov.cn" in caught.value.hint
    assert faults(register, env="demo", public_url=url) == []


def test_example_data_is_not_served(register: Register) -> None:
    register.mark_samples(are=True)
    try:
        assert faults(register) == ["the register holds example data (示例数据)"]
        assert faults(register, env="demo") == []
    finally:
        register.mark_samples(are=False)


@pytest.mark.parametrize("secret", ["geheim" * 8, "x" * 40, "this-is-my-secret-for-the-trial-run"])
def test_a_secret_that_nobody_drew_is_not_served(register: Register, secret: str) -> None:
    assert faults(register, secret_key=secret) == ["MENPAI_SECRET_KEY is that of a demo"]


def test_a_superuser_of_the_database_does_not_serve(register: Register) -> None:
    owner = Database(register.made.owner_url)
    with owner.reading() as session:
        named = session.scalar(text("select rolname from pg_roles where rolsuper limit 1"))
    owner.dispose()
    url = register.made.app_url.replace("menpai_app", str(named))
    above = Database(url)
    try:
        (fault,) = [one.ask(Settings(public_url=PUBLIC_URL), above) for one in REFUSALS[-1:]]
    finally:
        above.dispose()
    assert fault == "the database role is a superuser"


def test_accounts_of_a_demo_are_not_served(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    settings = Settings(public_url=PUBLIC_URL)
    with database.session() as session:
        make_place(session)
        renew_sample_accounts(session, "330000000000", COMMAND_LINE)
    with pytest.raises(EnvironmentFault, match="demo-approver, demo-auditor, demo-crew"):
        require_production(settings, database)
    with database.session() as session:
        for name in SAMPLES:
            disable_account(session, name, COMMAND_LINE)
    require_production(settings, database)
    database.dispose()


def test_a_newcomer_who_serves_before_setting_the_url_is_told_how(register: Register) -> None:
    done = menpai("serve", "--no-worker", database=register.made, public_url="")
    assert done.code == ENVIRONMENT
    assert "MENPAI_PUBLIC_URL: it is not set" in done.err
    assert "https://mp.hangzhou.gov.cn" in done.err
    assert "MENPAI_ENV=demo" in done.err
    assert "Traceback" not in done.err


def test_check_lists_real_plates_nobody_can_open_by_batch_with_the_remedy(
    register: Register,
) -> None:
    title = "No living plate has a QR code that nobody can open"

    def ask() -> tuple[str, str]:
        told = call("check", "--json", database=register.made).json["checks"]
        (found,) = [one for one in told if one["title"] == title]
        return found["fault"], found["hint"]

    assert ask()[0] == ""
    with register.database.session() as session:
        session.execute(text("update plate_batch set payload_prefix = 'http://127.0.0.1:8000/'"))
    fault, hint = ask()
    assert "(test): 2 plates say http://127.0.0.1:8000/…" in fault
    assert "--reprint" in hint
    with register.database.session() as session:
        session.execute(text("update plate_batch set is_trial = true"))
    assert ask()[0] == ""
