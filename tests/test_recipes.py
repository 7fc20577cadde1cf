"""The code of docs/recipes.md runs against the API, while experts answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.client import LabelbotClient
from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import KeyScope
from tests.api.conftest import RunningApi, api, api_server
from tests.pages import DOCS, code_blocks
from tests.services.conftest import NOW, pair

__all__ = ["api", "api_server"]


def test_recipes_run_in_their_order(
    api: RunningApi,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work(_seconds: float) -> None:
        """Let the experts answer and the bot export while the client waits."""
        for expert in ("U0ADA", "U0BOB"):
            api.scenario.answer_all(expert, verdict="a")
        run.run_pending_exports(api.context.database, AdjustableClock(NOW))

    key, rows = api.create_key(KeyScope.ADMIN), [pair(number) for number in range(60)]
    blocks = code_blocks(DOCS / "recipes.md", "python")
    assert len(blocks) == 4
    with LabelbotClient(api.url, key, sleep=work) as labelbot:
        names: dict[str, Any] = {
            "labelbot": labelbot,
            "rows": rows,
            "state": {},
            "folder": tmp_path,
        }
        for block in blocks:
            exec(block, names)  # noqa: S102 - our own documentation
    assert capsys.readouterr().out == "60 60\n"
    assert len(names["winners"]) == len(names["state"]["labels"]) == len(names["dataset"]) == 60
    assert {"manifest.json", "README.md"} <= {path.name for path in names["files"]}
