"""Images of formulas next to their source: drawn once, uploaded once, and never in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.math_process import draw
from bot.services.items import changes
from storage.tables import FormulaImage, MediaFile
from tests.services.conftest import pair
from tests.slack.outbox.messages.test_media import UPLOAD, show_task
from tests.slack.outbox.messages.test_removal import answer_task, remove_due, set_days
from tests.slack.slack_fixture import SlackFixture

PNG_SIGNATURE = b"\x89PNG"

WITHOUT_MATPLOTLIB = """
import sys
from importlib.machinery import PathFinder


class OtherPackages:
    @staticmethod
    def find_spec(name, path=None, target=None):
        is_hidden = name.partition(".")[0] == "matplotlib"
        return None if is_hidden else PathFinder.find_spec(name, path, target)


sys.meta_path = [OtherPackages if one is PathFinder else one for one in sys.meta_path]
"""
"""A module `sitecustomize`, which Python loads when it starts: it finds no matplotlib."""

CHECK = "from bot.slack.outbox.messages.formulas import can_draw_formulas as c; print(c())"


@pytest.fixture
def _without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let child processes find no matplotlib."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_MATPLOTLIB)
    folders = (str(tmp_path), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))


def import_texts(slack: SlackFixture, *people: str, **columns: str) -> None:
    """Import an item with these columns, for these people; formulas are drawn."""
    slack.sender.draws_formulas = True
    slack.scenario.now = slack.now
    slack.scenario.create_campaign(experts=people, overlap=len(people))
    slack.scenario.import_rows("tone", [pair(1, **columns)])


async def test_formula_is_an_image_beside_its_source_drawn_and_uploaded_once(
    slack: SlackFixture,
) -> None:
    ada, ben = slack.add_expert(), slack.add_expert("ben")
    import_texts(slack, ada.id, ben.id, prompt=r"Solve $x^2 = 8$ and $\begin{x}$.")
    for person in (ada, ben):
        await show_task(slack, person)
        (task,) = person.messages
        assert r"Solve $x^2 = 8$ and $\begin{x}$." in task.plain_text
        images = [block for block in task.blocks if block["type"] == "image"]
        assert [block["alt_text"] for block in images] == [r"Formulas: x^2 = 8; \begin{x}"]
    assert len(slack.api_calls(UPLOAD)) == 1
    (stored,) = slack.scenario.rows(MediaFile)
    assert stored.content.startswith(PNG_SIGNATURE)
    await slack.database.write(set_days, 1)
    await answer_task(slack, ada)
    slack.advance_clock(days=2)
    assert await remove_due(slack) == 1
    assert slack.api_calls("files.delete") == []
    await answer_task(slack, ben)
    slack.advance_clock(days=2)
    assert await remove_due(slack) == 1
    assert len(slack.api_calls("files.delete")) == 1
    slack.scenario.run_for_campaign("tone", changes.delete_items, [1], slack.scenario.actor)
    assert slack.scenario.rows(MediaFile) == slack.scenario.rows(FormulaImage) == []


async def test_formula_that_cannot_be_drawn_changes_nothing(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_texts(slack, ada.id, prompt=r"Solve $\begin{align}x\end{align}$.")
    await show_task(slack, ada)
    (task,) = ada.messages
    assert not any(block["type"] == "image" for block in task.blocks)
    (image,) = slack.scenario.rows(FormulaImage)
    assert image.media_url is None, "it is not tried again"


async def test_formulas_are_drawn_only_if_the_bot_is_set_up_for_it(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_texts(slack, ada.id, prompt="Solve $x^2 = 8$.")
    slack.sender.draws_formulas = False
    await show_task(slack, ada)
    assert slack.scenario.rows(FormulaImage) == []


@pytest.mark.parametrize(
    "source",
    ["{" * 200 + "}" * 200, r"\sqrt{" * 50 + "x" + "}" * 50, r"\input{/etc/passwd}", "x$y"],
)
def test_hostile_source_is_drawn_or_left_out(source: str) -> None:
    assert draw([source])[:4] in (b"", PNG_SIGNATURE)


def test_formulas_are_below_each_other() -> None:
    one, two = draw(["x"]), draw(["x", r"\frac{a}{b}"])
    heights = [int.from_bytes(png[20:24]) for png in (one, two)]
    assert heights[1] > 2 * heights[0] - 40


@pytest.mark.usefixtures("_without_matplotlib")
async def test_source_is_shown_if_matplotlib_cannot_be_imported(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_texts(slack, ada.id, prompt="Solve $x^2 = 8$.")
    await show_task(slack, ada)
    (task,) = ada.messages
    assert "Solve $x^2 = 8$." in task.plain_text
    assert not any(block["type"] == "image" for block in task.blocks)
    assert slack.api_calls(UPLOAD) == []
    await answer_task(slack, ada)


@pytest.mark.usefixtures("_without_matplotlib")
def test_missing_matplotlib_is_noticed_when_the_bot_starts() -> None:
    command = [sys.executable, "-c", CHECK]
    found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert found.stdout == "False\n"
    assert "install the extra “report”" in found.stderr
