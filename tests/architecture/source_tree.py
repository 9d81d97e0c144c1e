"""Reads the source tree as syntax trees: modules, their imports, functions and sizes."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("address_model", "qr", "service", "migrations", "menpai")


@dataclass(frozen=True)
class Module:
    """One source file, with its dotted name and its syntax tree."""

    path: Path

    @cached_property
    def name(self) -> str:
        """The dotted name: ``service/core/errors.py`` is ``service.core.errors``."""
        parts = list(self.path.relative_to(ROOT).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return ast.parse(self.text)

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text(encoding="utf-8")

    @property
    def line_count(self) -> int:
        """Lines of the file, blank ones included."""
        return len(self.text.splitlines())

    def imports(self) -> list[tuple[str, int, bool]]:
        """Every import as (absolute dotted name, line, stands at the top of the file)."""
        found = []
        for node in ast.walk(self.tree):
            at_top = node in self.tree.body
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno, at_top) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._resolve(node)
                found += [(f"{base}.{alias.name}", node.lineno, at_top) for alias in node.names]
        return found

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method of the file."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]

    def _resolve(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        climb = node.level - (1 if self.path.name == "__init__.py" else 0)
        base = parts[: len(parts) - climb]
        return ".".join([*base, *([node.module] if node.module else [])])


def faults_of(
    modules: Iterable[Module], rule: Callable[[Module], Iterable[str]]
) -> dict[str, list[str]]:
    """What a rule finds, by the names of the modules in which it finds anything."""
    found = {module.name: list(rule(module)) for module in modules}
    return {name: faults for name, faults in found.items() if faults}


@cache
def modules_of_tests() -> list[Module]:
    """Every module of the tests, and of what builds their records."""
    return [Module(path) for path in sorted((ROOT / "tests").rglob("*.py"))]


@cache
def source_modules() -> list[Module]:
    """Every module of the product, migrations' versions left out."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [Module(path) for path in files if "versions" not in path.parts]
