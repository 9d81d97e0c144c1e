import sys

from tests.architecture.source_tree import Module, faults_of, source_modules
from tests.architecture.test_rooms import room_of

MODULES = source_modules()
MODEL_LIBRARIES = {
    "shapely",
    "numpy",
    "ahocorasick",
    "rapidfuzz",
    "pypinyin",
    "opencc",
    "pycrfsuite",
}
FORBIDDEN_IN_MODEL = {"os", "time", "random", "secrets", "socket", "subprocess"}
SQL_KINDS = {"queries", "commands", "policies", "guards"}
WEB_KINDS = {"routes", "pages", "guards", "answer", "refused_form"}
ROOF_AND_FLOOR = {"app", "api", "cli", "core", "page_process", "web_server"}
SQL_ROOMS = {"tables", "core", "cluster", "migrations"}


def top(target: str) -> str:
    return target.split(".", maxsplit=1)[0]


def is_standard(name: str) -> bool:
    return name in sys.stdlib_module_names


def libraries(module: Module) -> set[str]:
    """The first names of all that a module imports."""
    return {top(target) for target, _, _ in module.imports()}


def test_the_address_model_is_pure() -> None:
    """Its tables, which are for SQLAlchemy, excepted."""

    def rule(module: Module) -> list[str]:
        found = libraries(module) - {"address_model"}
        foreign = {name for name in found if not is_standard(name)} - MODEL_LIBRARIES
        return sorted(foreign | found & FORBIDDEN_IN_MODEL)

    model = [m for m in MODULES if m.name.startswith("address_model") and ".tables" not in m.name]
    assert faults_of(model, rule) == {}


def test_the_client_needs_the_standard_library_alone() -> None:
    client = [module for module in MODULES if module.name.startswith("menpai")]
    assert len(client) > 5
    found = faults_of(client, lambda m: {one for one in libraries(m) if not is_standard(one)})
    assert {name: libraries for name, libraries in found.items() if libraries != ["menpai"]} == {}


def test_fastapi_stays_with_routes_pages_guards_floor_and_roof() -> None:
    def rule(module: Module) -> set[str]:
        room = module.name.split(".")[1] if "." in module.name else ""
        is_web = module.path.stem in WEB_KINDS or module.path.stem.startswith("pages_")
        is_roof = room in ROOF_AND_FLOOR or is_web
        return set() if is_roof else libraries(module) & {"fastapi", "starlette"}

    assert faults_of(MODULES, rule) == {}


def test_sql_stays_with_tables_queries_commands_and_the_floor() -> None:
    def rule(module: Module) -> set[str]:
        parts = {*module.name.split("."), module.path.stem}
        is_allowed = parts & (SQL_ROOMS | SQL_KINDS)
        return set() if is_allowed else libraries(module) & {"sqlalchemy", "geoalchemy2", "psycopg"}

    assert faults_of(MODULES, rule) == {}


def test_drawing_libraries_stay_in_qr() -> None:
    drawing = {"PIL", "qrcode", "ezdxf", "zxingcpp", "fontTools"}
    others = [module for module in MODULES if not module.name.startswith("qr")]
    assert faults_of(others, lambda module: libraries(module) & drawing) == {}


def test_only_the_database_file_commits() -> None:
    found = [m.name for m in MODULES if ".commit(" in m.text]
    assert found == ["service.core.database"]


def test_procrastinate_is_known_to_runs_and_the_worker_only() -> None:
    known = [m.name for m in MODULES if "procrastinate" in libraries(m)]
    assert [name for name in known if not name.startswith(("service.runs", "service.worker"))] == []


def test_settings_are_read_on_the_roof() -> None:
    """Others take values; excepted is the clock, whose time zone all layers share."""
    readers = {"service.core.settings", "service.core.clock"}

    def rule(module: Module) -> list[str]:
        if module.name in readers or room_of(module.name) == "roof":
            return []
        return [target for target, _, _ in module.imports() if target.endswith(".get_settings")]

    ours = [module for module in MODULES if not module.name.startswith("migrations")]
    assert faults_of(ours, rule) == {}
