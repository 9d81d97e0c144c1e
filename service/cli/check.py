"""menpai check: checks the system; every failure comes with its correction."""

import atexit
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from migrations.run import find_current, head
from qr.errors import PlateError
from qr.fonts import find_fonts
from qr.public_host import readable_address
from service.addresses import commands as addresses
from service.addresses.commands import high_water
from service.audit.queries import verify_chain
from service.auth.policies import find_clash
from service.auth.queries import list_several_roles
from service.batches.queries.dead_batches import list_dead_batches
from service.changes.queries import find_partition_fault
from service.cli.options import Json, make_database
from service.cli.production import REFUSALS, ProductionRefusal
from service.cli.standby import find_standby_lag
from service.cluster.database_urls import DatabaseUrls, get_database_urls
from service.core.actor import COMMAND_LINE
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import MenpaiError
from service.core.faults import EnvironmentFault
from service.core.output import ENVIRONMENT, result, say
from service.core.settings import Settings, get_settings
from service.integrity import queries
from service.plates.queries.locked_plates import find_unsettled_plate

MIN_FREE_BYTES = 1_000_000_000
NAMED = 20


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the checks look at."""

    settings: Settings
    urls: DatabaseUrls
    database: Database


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One check of the system: its title, and what corrects a failure."""

    title: str
    hint: str
    ask: Callable[[CheckContext], str]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """The answer to one check; ``fault`` is empty when all is well."""

    title: str
    fault: str
    hint: str


CHECKS: list[HealthCheck] = []
Question = Callable[[CheckContext], str]


def health(hint: str) -> Callable[[Question], Question]:
    """Register a check: its docstring is the title; it returns what is wrong, or ""."""

    def register(question: Question) -> Question:
        title = (question.__doc__ or "").strip().splitlines()[0].rstrip(".")
        CHECKS.append(HealthCheck(title, hint, question))
        return question

    return register


@health("run `menpai db init` for a new database, `menpai db upgrade` for an old one")
def _schema(ground: CheckContext) -> str:
    """The schema is this version's."""
    current = find_current(ground.urls.app)
    return "" if current == head() else f"it stands at {current or 'nothing'}, not {head()}"


@health("give MENPAI_DATABASE_URL the role menpai_app, which is no superuser")
def _role(ground: CheckContext) -> str:
    """The application's role is no superuser and cannot rewrite history."""
    with ground.database.reading() as session:
        return queries.find_role_fault(session)


@health(
    "`menpai audit verify` says it in full; docs/operator.en.md (The audit chain) says what to do; "
    "a chain without a key gets one by MENPAI_SECRET_KEY=$(openssl rand -base64 32)"
)
def _audit(ground: CheckContext) -> str:
    """The audit chain is whole and has a key."""
    database = ground.database
    with database.reading() as session:
        verdict = verify_chain(session, database.audit_keys, database.audit_heads)
    keyless = database.audit_keys is None and ground.settings.env == "production"
    return verdict.fault or ("MENPAI_SECRET_KEY is unset" if keyless else "")


@health("run `menpai divisions load`")
def _divisions(ground: CheckContext) -> str:
    """The divisions are loaded."""
    with ground.database.reading() as session:
        return "" if queries.count_divisions(session) else "there are none"


@health("start a worker (`menpai worker`): it opens the months ahead")
def _feed(ground: CheckContext) -> str:
    """The change feed has room for this month and the next."""
    with ground.database.reading() as session:
        return find_partition_fault(session)


@health("look at the log of the standby and at pg_stat_replication; docs/operator.en.md, 热备")
def _standby(ground: CheckContext) -> str:
    """The standby, if one is set, keeps up."""
    return find_standby_lag(ground.settings, ground.database)


@health("restore the newest backup with `menpai db restore`, which moves the counters forward")
def _counters(ground: CheckContext) -> str:
    """Every county's counter stands behind all codes it has given out."""
    with ground.database.reading() as session:
        return queries.find_counter_fault(session)


@health("run `menpai check --raise-counters`, which moves the counters past every printed code")
def _age(ground: CheckContext) -> str:
    """The database is not older than the codes that were given out."""
    if ground.settings.database_url:
        return ""
    with ground.database.reading() as session:
        counters = high_water.read_counters(session)
    older = high_water.find_older(high_water.path_for(ground.settings.home), counters)
    return (
        f"behind for {', '.join(sorted(older)[:5])}: it was put back from a copy" if older else ""
    )


@health(
    "make them again: `menpai plates batch create NAME --division CODE --reprint 二维码打不开`; "
    "void blank ones with `menpai plates void` and issue new ones; take down what hangs"
)
def _dead_hosts(ground: CheckContext) -> str:
    """No living plate has a QR code that nobody can open."""
    with ground.database.reading() as session:
        dead = list_dead_batches(session)
    listed = "; ".join(
        f"batch {row.id} ({row.name}): {row.plates:,} plates say {readable_address(row.prefix)}"
        for row in dead[:NAMED]
    )
    return f"{listed}; and {len(dead) - NAMED} more batches" if dead[NAMED:] else listed


@health("run `menpai plates settle`, which opens and ends the work of every such plate")
def _plates(ground: CheckContext) -> str:
    """No plate is to be hung whose address has ended, and what hangs is to be taken down."""
    with ground.database.reading() as session:
        token = find_unsettled_plate(session)
    return f"plate {token} is not so" if token else ""


@health("run `menpai heritage load` and `menpai placenames link`; they write all of it anew")
def _places(ground: CheckContext) -> str:
    """Place names, heritage entries and the addresses at them belong together."""
    with ground.database.reading() as session:
        return queries.find_place_fault(session)


@health("look at the doors, then `menpai plates void` what hangs nowhere")
def _doubles(ground: CheckContext) -> str:
    """No address has two plates that live side by side."""
    with ground.database.reading() as session:
        return queries.find_double_plates(session)


@health(
    "install the font of plates (apt install fonts-noto-cjk fonts-hanazono), or set MENPAI_FONT"
)
def _fonts(ground: CheckContext) -> str:
    """A font for plates is installed."""
    try:
        find_fonts(ground.settings.font)
    except PlateError as error:
        return str(error)
    return ""


@health(
    "give one of the two roles to another person's account, then `menpai accounts withdraw`; "
    "what a post gives goes with `menpai units relieve`"
)
def _separated(ground: CheckContext) -> str:
    """Nobody combines administration, audit and work in the register."""
    with ground.database.reading() as session:
        rows = list_several_roles(session)
    mixed = [name for name, roles in rows if any(find_clash(role, roles) for role in roles)]
    more = f" and {len(mixed) - NAMED} more" if mixed[NAMED:] else ""
    return f"these accounts do: {', '.join(mixed[:NAMED])}{more}" if mixed else ""


@health("make room, or move MENPAI_HOME to a larger disk")
def _disk(ground: CheckContext) -> str:
    """There is room on the disk."""
    if not ground.settings.home.exists():
        return ""
    free = shutil.disk_usage(ground.settings.home).free
    return "" if free > MIN_FREE_BYTES else f"only {free // 1_000_000} MB are free"


def _ask_refusal(refusal: ProductionRefusal, ground: CheckContext) -> str:
    """A condition of `menpai serve`."""
    return refusal.ask(ground.settings, ground.database)


CHECKS += [HealthCheck(one.title, one.hint, partial(_ask_refusal, one)) for one in REFUSALS]


def check(
    *,
    raise_counters: Annotated[
        bool,
        typer.Option(
            "--raise-counters",
            help="If the database was put back from a copy, move every county's counter past the "
            "codes once given out, by a further 1,000,000.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check the system; every failure says what corrects it."""
    settings = get_settings()
    urls = get_database_urls(settings)
    ground = CheckContext(settings, urls, make_database(settings, urls.app))
    atexit.register(ground.database.dispose)
    if raise_counters and _age(ground):
        seen = high_water.read(high_water.path_for(settings.home))
        with ground.database.session() as session:
            high_water.lift_counters(session, seen)
            count = addresses.raise_counters(session, high_water.MARGIN, COMMAND_LINE)
        say(f"the counters of {count} counties were moved forward by {high_water.MARGIN:,}")
    findings = [_ask(item, ground) for item in CHECKS]
    bad = [finding for finding in findings if finding.fault]
    values, lines = [], []
    for f in findings:
        values.append({"title": f.title, "ok": not f.fault, "fault": f.fault, "hint": f.hint})
        lines.append(f"{'FAIL' if f.fault else 'ok':<5} {f.title}")
        if f.fault:
            lines += [f"      {f.fault}", f"      Hint: {f.hint}"]
    result({"healthy": not bad, "checks": values}, lines, as_json=as_json)
    if bad:
        raise typer.Exit(ENVIRONMENT)


def _ask(item: HealthCheck, ground: CheckContext) -> CheckFinding:
    try:
        fault = item.ask(ground)
    except (EnvironmentFault, MenpaiError) as error:
        fault = str(error)
    except DATABASE_ERRORS as error:
        fault = str(error).splitlines()[0]
    return CheckFinding(item.title, fault, item.hint)
