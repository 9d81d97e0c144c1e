"""The day comes from the clock, and from a clock that is read when it counts.

The database and the machine count in UTC, the people do not. A moment read at import is an hour
old when the last test runs, and a day old when the server answers.
"""

import ast
import re

import pytest

from tests.architecture.source_tree import faults_of, modules_of_tests, source_modules

DAY_ELSEWHERE = re.compile(
    r"current_date|localtimestamp|date\.today\(|datetime\.(today|utcnow)\(|datetime\.now\(\)"
    r"|now_utc\(\)\.(date|year|month|day)\b|now\(\)::date",
    re.IGNORECASE,
)
TECHNICAL = {"service.core.limits": "the day of a salt that nobody is told of"}
ELSEWHERE = ("migrations", "service.core.clock", *TECHNICAL)
MODULES = [m for m in source_modules() if not m.name.startswith(ELSEWHERE)]


def other_days(source: str) -> list[str]:
    """The places of a source where a day is asked of somebody else than the clock."""
    return [found[0] for found in DAY_ELSEWHERE.finditer(source)]


def test_the_day_comes_from_the_clock() -> None:
    assert faults_of(MODULES, lambda module: other_days(module.text)) == {}


@pytest.mark.parametrize(
    "source",
    [
        'text("update t set valid_to = current_date")',
        "func.current_date()",
        "date.today()",
        "datetime.now().date()",
        "(on or datetime.utcnow())",
        "now_utc().date()",
        'text("select now()::date")',
    ],
)
def test_another_day_is_found(source: str) -> None:
    assert other_days(source)


def test_moments_are_no_days() -> None:
    assert not other_days("now_utc(), datetime.now(UTC), text('clock_timestamp()'), today()")


CLOCKS = {"now", "now_utc", "now_seconds", "today", "utcnow", "start_of_day"}


class ClockAtImport(ast.NodeVisitor):
    """Collects the calls of a clock that run when a module is imported."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Decorators and defaults run at import; the body does not."""
        given = [default for default in node.args.kw_defaults if default]
        for part in (*node.decorator_list, *node.args.defaults, *given):
            self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - as ast calls it

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Runs later."""

    def visit_Call(self, node: ast.Call) -> None:
        """A call, and those in its arguments."""
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if called in CLOCKS:
            self.found.append(f"line {node.lineno}: {ast.unparse(node)}")
        self.generic_visit(node)


def clocks_at_import(tree: ast.Module) -> list[str]:
    """The calls of a clock that run when a module is imported."""
    collector = ClockAtImport()
    collector.visit(tree)
    return collector.found


def test_no_clock_is_read_at_import() -> None:
    modules = [*source_modules(), *modules_of_tests()]
    assert faults_of(modules, lambda module: clocks_at_import(module.tree)) == {}


@pytest.mark.parametrize(
    "source",
    [
        "NOON = datetime.now(UTC).replace(hour=12)",
        "@mark('late', [today() + timedelta(hours=1)])\ndef test(): ...",
        "def visit(at=now_utc()): ...",
        "def visit(*, at=clock.now_utc()): ...",
        "class Visit:\n    at = today()",
    ],
)
def test_a_clock_at_import_is_found(source: str) -> None:
    assert clocks_at_import(ast.parse(source))


def test_a_clock_in_a_function_is_read_when_it_counts() -> None:
    source = "def later(): return today()\nshift = lambda days: now_utc() - days\n"
    assert not clocks_at_import(ast.parse(source))
