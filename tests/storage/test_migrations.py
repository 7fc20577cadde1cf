"""Migrations are additive, so that the previous version runs on while bots are upgraded.

A migration that takes something away is a contract step: it says so in `CONTRACT`, with the release
since which nothing uses what it removes. docs/scaling.md has the policy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from storage.schema_upgrade import VERSIONS_FOLDER

FIRST_CHECKED = "0030"
"""The first revision under the policy; no release has the earlier ones."""

ADDITIVE = {
    "add_column",
    "batch_alter_table",
    "create_index",
    "create_table",
    "get_bind",
    "get_context",
    "f",
}
"""Operations that the previous version does not notice."""

OPERATIONS = ("op", "batch_op")

CHECKED = [path for path in sorted(VERSIONS_FOLDER.glob("[0-9]*.py")) if path.name >= FIRST_CHECKED]


def problems_of(source: str) -> list[str]:
    """Return why a migration is neither additive nor a contract step with a reason."""
    module = ast.parse(source)
    if any(_is_contract(statement) for statement in module.body):
        return []
    (upgrade,) = (
        statement
        for statement in module.body
        if isinstance(statement, ast.FunctionDef) and statement.name == "upgrade"
    )
    return [problem for node in ast.walk(upgrade) for problem in _problems_of_call(node)]


def _is_contract(statement: ast.stmt) -> bool:
    """Return whether a statement is `CONTRACT = "..."` with a reason."""
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == "CONTRACT"
        and isinstance(statement.value, ast.Constant)
        and len(str(statement.value.value)) > len("since 0.1.0")
    )


def _problems_of_call(node: ast.AST) -> Iterator[str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return
    target = node.func.value
    if not (isinstance(target, ast.Name) and target.id in OPERATIONS):
        return
    name = node.func.attr
    if name == "execute":
        yield from _problems_of_sql(node)
    elif name not in ADDITIVE:
        yield f"{name} changes what the previous version uses"
    elif name == "add_column" and not _has_default(node):
        yield "a new column needs nullable=True or a server_default"
    elif name == "create_index" and any(
        keyword.arg == "unique" and _is_true(keyword.value) for keyword in node.keywords
    ):
        yield "the previous version may write what a unique index refuses"


def _problems_of_sql(node: ast.Call) -> Iterator[str]:
    text = "".join(
        str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)
    ).upper()
    for word in ("DROP", "RENAME", "DELETE", "ALTER"):
        if word in text.split():
            yield f"{word} changes what the previous version uses"


def _has_default(call: ast.Call) -> bool:
    return any(
        (keyword.arg == "nullable" and _is_true(keyword.value)) or keyword.arg == "server_default"
        for node in ast.walk(call)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    )


def _is_true(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def test_migrations_let_the_previous_version_run() -> None:
    problems = {path.name: problems_of(path.read_text(encoding="utf-8")) for path in CHECKED}
    assert not {name: found for name, found in problems.items() if found}


ADDING = "op.add_column('expert', sa.Column('x', sa.String(), nullable=True))"

EXAMPLES = {
    ADDING: 0,
    "op.add_column('expert', sa.Column('x', sa.Integer(), server_default='0', nullable=False))": 0,
    "op.create_table('x', sa.Column('id', sa.Integer(), nullable=False))": 0,
    "op.execute('UPDATE expert SET x = 1')": 0,
    "op.add_column('expert', sa.Column('x', sa.Integer(), nullable=False))": 1,
    "op.drop_table('expert')": 1,
    "op.rename_table('expert', 'person')": 1,
    "op.create_index('x', 'expert', ['name'], unique=True)": 1,
    "op.create_unique_constraint('x', 'expert', ['name'])": 1,
    "op.execute(sa.text('ALTER TABLE expert DROP COLUMN name'))": 2,
    "with op.batch_alter_table('expert') as batch_op:\n        batch_op.drop_column('name')": 1,
    "with op.batch_alter_table('expert') as batch_op:\n        batch_op.alter_column('name')": 1,
}


@pytest.mark.parametrize(("statement", "problems"), EXAMPLES.items())
def test_policy_finds_what_the_previous_version_would_notice(statement: str, problems: int) -> None:
    source = f"revision = '9999'\n\n\ndef upgrade():\n    {statement}\n"
    assert len(problems_of(source)) == problems
    assert problems_of(f"CONTRACT = 'unused since 0.2.0: x'\n{source}") == []
    assert len(problems_of(f"CONTRACT = ''\n{source}")) == problems


def test_what_downgrade_drops_does_not_count() -> None:
    source = (
        f"def upgrade():\n    {ADDING}\n\n\ndef downgrade():\n    op.drop_column('expert', 'x')\n"
    )
    assert problems_of(source) == []
