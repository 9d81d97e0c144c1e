"""What a production service refuses: an unreachable host, remains of a demo, a superuser role."""

from collections.abc import Callable
from dataclasses import dataclass

from qr.public_host import EXAMPLE, find_host_fault
from service.auth.queries import list_active_samples
from service.cli.standby import ask_either, find_foreign_register
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.settings import Settings
from service.integrity.queries import has_samples, is_superuser
from service.plates.payload_host import HOST_FAULTS

_DISTINCT = 10
"""A random secret has at least this many different characters; a repeated word has fewer."""

_DEMO_WORDS = ("changeme", "example", "password", "secret")


@dataclass(frozen=True, slots=True)
class ProductionRefusal:
    """One condition of a production service: its title, its hint, and its check.

    The title follows "ok" or "FAIL" in ``menpai check``.
    """

    title: str
    hint: str
    find: Callable[[Settings, Database], str]

    def ask(self, settings: Settings, database: Database) -> str:
        """What is wrong, or ""; never anything in a demo."""
        return "" if settings.env == "demo" else self.find(settings, database)


def find_url_fault(settings: Settings, _: Database) -> str:
    """Why the public URL cannot be printed on real plates, or ""."""
    fault = find_host_fault(settings.public_url)
    if fault is None:
        return ""
    written = f" {settings.public_url}" if settings.public_url else ""
    return f"MENPAI_PUBLIC_URL{written}: {HOST_FAULTS[fault][0]}"


def find_account_fault(_: Settings, database: Database) -> str:
    """Active accounts of a demo, or ""."""
    with database.reading() as session:
        names = list_active_samples(session)
    return f"accounts of a demo are active: {', '.join(names)}" if names else ""


def find_data_fault(_: Settings, database: Database) -> str:
    """Whether example data is in the register."""
    with database.reading() as session:
        return "the register holds example data (示例数据)" if has_samples(session) else ""


def find_secret_fault(settings: Settings, _: Database) -> str:
    """Whether the secret is a known or guessable one."""
    secret = settings.secret_key.get_secret_value().lower() if settings.secret_key else ""
    weak = len(set(secret)) < _DISTINCT or any(word in secret for word in _DEMO_WORDS)
    return "MENPAI_SECRET_KEY is that of a demo" if secret and weak else ""


def find_role_fault(_: Settings, database: Database) -> str:
    """Whether the service is a superuser of its database."""
    with database.reading() as session:
        return "the database role is a superuser" if is_superuser(session) else ""


REFUSALS = (
    ProductionRefusal(
        "Every phone can open what the QR codes begin with",
        f"set MENPAI_PUBLIC_URL to the address of this service, such as {EXAMPLE}; "
        "to try it in your own network: MENPAI_ENV=demo MENPAI_PUBLIC_URL=http://192.168.1.5:8000",
        find_url_fault,
    ),
    ProductionRefusal(
        "Nobody can sign in with a demo's account",
        "end each with `menpai accounts disable NAME`, or set MENPAI_ENV=demo",
        find_account_fault,
    ),
    ProductionRefusal(
        "No example data is in the register",
        "make a register of your own (MENPAI_HOME, `menpai db init`), or set MENPAI_ENV=demo",
        find_data_fault,
    ),
    ProductionRefusal(
        "The secret is no demo's",
        "draw one: export MENPAI_SECRET_KEY=$(openssl rand -base64 32)",
        find_secret_fault,
    ),
    ProductionRefusal(
        "What is read as the standby is this register",
        "let MENPAI_READ_DATABASE_URL name a streaming standby of MENPAI_DATABASE_URL, or unset it",
        find_foreign_register,
    ),
    ProductionRefusal(
        "The service is no superuser of its database",
        "give MENPAI_DATABASE_URL the role menpai_app; docs/operator.en.md makes it",
        find_role_fault,
    ),
)


def require_production(settings: Settings, database: Database) -> None:
    """Refuse to start in production under conditions that only a demo may have.

    If the primary is away, the standby is asked.

    Raises:
        EnvironmentFault: listing everything that is wrong, each with its hint.
        DatabaseUnreachable: neither answers.
    """

    def find_refused(asked: Database) -> list[tuple[str, str]]:
        faults = ((refusal.ask(settings, asked), refusal.hint) for refusal in REFUSALS)
        return [(fault, hint) for fault, hint in faults if fault]

    found = ask_either(settings, database, find_refused)
    if found:
        raise EnvironmentFault(
            "; ".join(fault for fault, _ in found), hint="\n      ".join(hint for _, hint in found)
        )
