"""The Python files of the project, parsed once, for the rules about them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "handlers", "storage")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files(*folders: str) -> list[Path]:
    """Return every Python file in these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def source(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


@cache
def syntax_tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(source(path))


def relative_name(path: Path) -> str:
    """Return a path relative to the repository."""
    return path.relative_to(ROOT).as_posix()


def violations(rule: Callable[[Path], list[object]], *folders: str) -> dict[str, list[object]]:
    """Return what a rule finds wrong, by file."""
    found = {relative_name(path): rule(path) for path in python_files(*folders)}
    return {path: wrong for path, wrong in found.items() if wrong}


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function, including methods and nested functions."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))
