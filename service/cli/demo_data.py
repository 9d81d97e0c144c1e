"""Fills the demo's register: divisions, areas, duties, example addresses, codes, plates, a key."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from address_model.coordinates import CoordinateSystem
from address_model.shipped import data_folder
from migrations import run as migrations
from qr.fonts import find_fonts
from service.addresses import commands as addresses
from service.addresses.queries import count_addresses
from service.areas.commands.duties import load_duties
from service.areas.features import read_features
from service.areas.files import read_duties
from service.areas.rows import read_area_features
from service.auth import commands as auth
from service.auth.grants import GRANTABLE, Grant
from service.auth.permissions import PROGRAM_PERMISSIONS
from service.auth.queries import get_client
from service.batches.direct_issue import IssueRequest, issue_missing
from service.cli.options import make_database
from service.cluster.database_urls import get_database_urls
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.core.database import Database
from service.core.errors import Conflict
from service.core.folder_lock import hold_lock
from service.core.homes import make_home
from service.core.settings import Settings
from service.core.sheets import open_rows
from service.datasets.commands import load_datasets, push_rows
from service.datasets.definition_file import read_definitions
from service.datasets.queries.named_rows import read_named_rows
from service.divisions import commands as divisions
from service.divisions.queries import Imprints
from service.heritage.commands import load_catalogue
from service.heritage.seed import read_seed
from service.imports.commands import ImportOptions, import_addresses
from service.imports.rows import open_reader
from service.linking import commands as linking
from service.plates import commands as plates
from service.plates import printed_files
from service.plates.payload_host import payload_host_of
from service.plates.print_content import AUTO
from service.plates.queries import find_plate, find_showcase_token, iterate_plates
from service.service_items.commands import load_facilities, load_service_items
from service.service_items.facility_rows import read_facilities
from service.service_items.item_file import read_services

SOURCE = "示例数据"
SHOWN_PLATES = 24
DIVISION = "330000000000"
"""The division of the demo's accounts and of its program: Zhejiang."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoRegister:
    """A demo that is ready: its database, its URL, one plate, one API key.

    ``password`` is that of the accounts ``auth.SAMPLES``.
    """

    database: Database
    public_url: str
    token: str
    api_key: str
    password: str


def prepare(settings: Settings, say: Say) -> DemoRegister:
    """Fill the demo's register; what is there already stays."""
    make_home(settings.home)
    with hold_lock(settings.home / "demo.lock"):
        say("starting the private database …")
        urls = get_database_urls(settings)
        migrations.upgrade(urls.owner)
        database = make_database(settings, urls.app)
        _load_registers(database, settings, say)
        _load_addresses(database, say)
        prefix = payload_host_of(settings).prefix
        order = IssueRequest(
            name=SOURCE, design=AUTO, payload_prefix=prefix, status="in_use", is_trial=True
        )
        count, _ = issue_missing(database, order, COMMAND_LINE)
        with database.session() as session:
            moved = plates.move_trial_batches(session, prefix, COMMAND_LINE)
        if count:
            say(f"{count} trial plates (试印) issued")
        if moved:
            say(f"the trial plates now say {prefix}…: print them again")
        folder = settings.home / "plates"
        _print_plates(database, settings, folder, say)
        with database.session() as session:
            try:
                key = auth.create_client(session, "demo", COMMAND_LINE, division=DIVISION)
            except Conflict:  # of the previous time, whose key is known to nobody
                auth.revoke_keys_of(session, "demo", COMMAND_LINE)
                key = auth.add_key(session, "demo", COMMAND_LINE)
            if not get_client(session, "demo").grants:
                everything = Grant(0, DIVISION, PROGRAM_PERMISSIONS, GRANTABLE, is_deep=True)
                auth.give_grant(session, "demo", everything, COMMAND_LINE)
        with database.session() as session:
            password = auth.renew_sample_accounts(session, DIVISION, COMMAND_LINE)
            token = find_showcase_token(session)
    return DemoRegister(database, settings.public_url, token, str(key), password)


def _load_registers(database: Database, settings: Settings, say: Say) -> None:
    say("loading divisions, boundaries, areas and duties …")
    demo = data_folder() / "demo"
    with database.session() as session:
        divisions.load_shipped(session, data_folder(), COMMAND_LINE)
        addresses.open_code_spaces(session)
        seed = read_seed(data_folder() / "heritage")
        load_catalogue(session, seed.entries, seed.schemes, COMMAND_LINE)
    listed, _ = read_area_features(read_features(demo / "areas.geojson"))
    linking.load_and_link(database, listed, COMMAND_LINE, today=today())
    with open_rows(demo / "duties.csv") as rows:
        held, _ = read_duties(rows)
    with database.session() as session:
        load_duties(session, held, COMMAND_LINE)
        services = read_services(demo / "services.toml", is_sample=True)
        load_service_items(session, services, COMMAND_LINE, today())


def _load_addresses(database: Database, say: Say) -> None:
    file = data_folder() / "demo" / "addresses.csv"
    options = ImportOptions(source=SOURCE, system=CoordinateSystem.CGCS2000, is_sample=True)
    with open_rows(file) as rows:
        report = import_addresses(
            database, rows, open_reader(rows.headings, []), options, COMMAND_LINE
        )
    linking.link_register(database, COMMAND_LINE)
    with open_rows(file.with_name("facilities.csv")) as rows:
        facilities = read_facilities(rows, is_sample=True)
    with database.session() as session:
        load_facilities(session, facilities.listed, COMMAND_LINE, today())
    datasets = read_definitions(file.with_name("datasets.toml"), is_sample=True)
    with database.session() as session:
        numbers = load_datasets(
            session, [(one.division, one.definition) for one in datasets], COMMAND_LINE
        )
        for one in datasets:
            if one.rows is not None:
                with open_rows(one.rows) as rows:
                    read = read_named_rows(session, rows, one.definition.fields)
                push_rows(session, numbers[one.definition.name], read, COMMAND_LINE)
    with database.reading() as session:
        total = count_addresses(session)
    say(f"{report.new} example addresses taken in, {total} in the register, each with its code")


def _print_plates(database: Database, settings: Settings, folder: Path, say: Say) -> None:
    fonts = find_fonts(settings.font)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    with database.reading() as session:
        first = find_plate(session, find_showcase_token(session))
        others = (p for p in iterate_plates(session, limit=SHOWN_PLATES) if p != first)
        shown = [*([first] if first else []), *others][:SHOWN_PLATES]
        order = printed_files.PrintOrder(
            folder,
            fonts,
            settings.operator,
            imprint_of=Imprints(session).of,
            series=printed_files.measure_numbers(shown, fonts),
        )
        done = printed_files.print_pdf(shown, order)
    say(f"{len(done.tokens)} plates printed to {folder}, every QR code read back")
