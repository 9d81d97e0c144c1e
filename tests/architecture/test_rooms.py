import pytest

from tests.architecture.source_tree import Module, faults_of, source_modules

SLICES = [
    "audit",
    "auth",
    "changes",
    "runs",
    "approvals",
    "divisions",
    "organisations",
    "areas",
    "placenames",
    "addresses",
    "matching",
    "linking",
    "worklists",
    "plates",
    "batches",
    "naming",
    "bulk_changes",
    "heritage",
    "service_items",
    "datasets",
    "scans",
    "reports",
    "departments",
    "webhooks",
    "tiles",
    "alarms",
    "imports",
    "statistics",
    "figures",
    "integrity",
    "replication",
    "admin",
    "cluster",
]
ROOMS = [
    "menpai",
    "address_model",
    "address_model.tables",
    "qr",
    "service.core",
    *(f"service.{name}" for name in SLICES),
]
ROOF = (
    "service.app",
    "service.api",
    "service.passages",
    "service.worker",
    "service.run_kinds",
    "service.work_subscribers",
    "service.page_process",
    "service.web_server",
    "service.cli",
    "service.__main__",
)
ALONE = ("menpai", "qr")
OURS = ("address_model", "qr", "service", "migrations", "menpai")
MODULES = source_modules()


def room_of(name: str) -> str | None:
    """The longest room that a dotted name lies in; the roof is one room."""
    if name == "service" or any(name == roof or name.startswith(roof + ".") for roof in ROOF):
        return "roof"
    fits = [room for room in ROOMS if name == room or name.startswith(room + ".")]
    return max(fits, key=len) if fits else None


def faults(module: Module) -> list[str]:
    """Imports of a module that go up, sideways or hide inside a function."""
    own = room_of(module.name)
    order = [*ROOMS, "roof"]
    found = []
    for target, line, at_top in module.imports():
        if target.split(".")[0] not in OURS:
            continue
        if own == "roof" and target.startswith("migrations.run"):
            continue  # the roof runs the migrations; nobody else may know them
        other = room_of(target)
        where = f"{module.name}:{line} imports {target}"
        if not at_top:
            found.append(f"{where} below the top of the file")
        elif own in ALONE and other != own:
            found.append(f"{where}: {own} imports nothing of ours")
        elif other is None or own is None:
            found.append(f"{where}: no such room")
        elif order.index(other) > order.index(own):
            found.append(f"{where}: {own} may not look up to {other}")
    return found


def test_imports_run_one_way_down() -> None:
    ours = [module for module in MODULES if not module.name.startswith("migrations")]
    assert faults_of(ours, faults) == {}


def test_every_source_file_lies_in_a_room() -> None:
    lost = [m.name for m in MODULES if not m.name.startswith("migrations") and not room_of(m.name)]
    assert lost == []


def test_migrations_import_tables_and_the_floor_only() -> None:
    allowed = ("address_model", "service.core", "migrations")
    wrong = [
        (m.name, target)
        for m in MODULES
        if m.name.startswith("migrations")
        for target, _, _ in m.imports()
        if target.split(".")[0] in OURS and not target.startswith(allowed)
    ]
    assert wrong == []


def test_the_rule_finds_a_planted_upward_import(tmp_path: pytest.TempPathFactory) -> None:
    planted = Module(MODULES[0].path)
    object.__setattr__(planted, "name", "service.divisions.queries")
    object.__setattr__(
        planted, "tree", compile("import service.plates.commands", "x", "exec", flags=1024)
    )
    assert faults(planted) == [
        "service.divisions.queries:1 imports service.plates.commands: "
        "service.divisions may not look up to service.plates"
    ]
