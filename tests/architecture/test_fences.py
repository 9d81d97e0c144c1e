import pytest

from tests.architecture.source_tree import Module, source_modules

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
WEB_KINDS = {"routes", "pages", "guards", "answer"}


def top(target: str) -> str:
    return target.split(".", maxsplit=1)[0]


def is_standard(name: str) -> bool:
    import sys

    return name in sys.stdlib_module_names


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_the_address_model_is_pure(module: Module) -> None:
    if not module.name.startswith("address_model") or ".tables" in module.name:
        pytest.skip("not of the pure address model")
    libraries = {top(target) for target, _, _ in module.imports()} - {"address_model"}
    foreign = {name for name in libraries if not is_standard(name)}
    assert foreign <= MODEL_LIBRARIES
    assert not libraries & FORBIDDEN_IN_MODEL


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_fastapi_stays_with_routes_pages_guards_floor_and_roof(module: Module) -> None:
    if not any(top(t) in ("fastapi", "starlette") for t, _, _ in module.imports()):
        return
    roof = module.name.split(".")[1] in ("app", "api", "cli", "core", "page_process", "web_server")
    assert roof or module.path.stem in WEB_KINDS


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_sql_stays_with_tables_queries_commands_and_the_floor(module: Module) -> None:
    if not any(top(t) in ("sqlalchemy", "geoalchemy2", "psycopg") for t, _, _ in module.imports()):
        return
    parts = set(module.name.split("."))
    assert parts & {"tables", "core", "migrations", *SQL_KINDS} or module.path.stem in SQL_KINDS


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_drawing_libraries_stay_in_qr(module: Module) -> None:
    drawing = {"PIL", "qrcode", "ezdxf", "zxingcpp", "fontTools"}
    if any(top(t) in drawing for t, _, _ in module.imports()):
        assert module.name.startswith("qr")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_only_the_database_file_commits(module: Module) -> None:
    text = module.path.read_text(encoding="utf-8")
    if module.name not in ("service.core.database",):
        assert ".commit(" not in text


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_procrastinate_is_known_to_runs_and_the_worker_only(module: Module) -> None:
    if any(top(t) == "procrastinate" for t, _, _ in module.imports()):
        assert module.name.startswith(("service.runs", "service.worker"))
