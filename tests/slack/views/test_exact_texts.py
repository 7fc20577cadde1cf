"""Formulas and code are shown exactly as they were imported: in tasks, full texts and receipts."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.services.tasks.next_task import Receipt, TaskPage, TaskView
from bot.slack.blockkit.passage_pages import count_pages
from bot.slack.views.task_message import render_recent_answer, render_task_page
from bot.slack.views.task_modals import full_text_modal, next_full_text_modal
from tests.slack.conftest import KIND_NAMES, objects_in, task_of, visible_text

MATH = {
    "inline": r"\(x=2\)",
    "inline with subscripts": r"\(a_1 * b_1 * c_{2}\)",
    "dollars": r"$a_i *b_i* \$5$",
    "display": r"\[ \hat{y}_i = \sum_{j} x_{j} \\ \{1, 2\} \]",
    "display over lines": "\\[\n  f(x) = *x*^2 \\\\\n- 1 \\\\\n> 0\n\\]",
    "two dollars": r"$$\int_0^1 x\,dx \geq \frac{1}{2}$$",
    "two dollars over lines": "$$\na_1 *b_1* c\n= \\_\n$$",
    "escaped twice": r"\\(x *y* z\\) and \\[ _a_ \\]",
    "escaped braces": r"\(\{ x \mid x > 0 \}\) and \left\{ \} \% \& \# \_",
    "align": "\\begin{align}\na &= b \\\\\n  &= c^{*} d^{*} \\\\[2pt]\n- e &= f\n\\end{align}",
    "align in one line": r"\begin{align*} a &= b \\ c &= d \end{align*}",
    "matrix": "\\begin{pmatrix}\n1 & 2 \\\\\n3 & 4\n\\end{pmatrix}",
    "matrix in dollars": r"$\begin{bmatrix} a_1 & b_1 \\ c_1 & d_1 \end{bmatrix}$",
    "cases": "$$f(x) = \\begin{cases} 1 & x > 0 \\\\ 0 & \\text{else} \\end{cases}$$",
    "symbols without delimiters": r"V^{*} = \max Q^*(s, a), \pi^*(s) and x_{*}",
    "commands": r"\textbf{a_b_c} \emph{*x*} \alpha\_1 C:\new\*.txt",
}
"""Formulas, of which every character matters."""

CODE = {
    "regular expression": r"re.sub(r'\\(\w+)\*', '\\1', text)",
    "continued line": "a = 1 + \\\n    2\nprint('\\n\\t\\\\')",
    "formula in code": "\\begin{align}\na &= b \\\\\n\\end{align}",
}
"""Code inside a fence, which itself is not shown."""

FRAMES = ("{}", "**Solve:** {}\n\n*Now.*", "# Task\n\n{}\n\n- a\n- b", "Let {} and `\\code`.")

TEXTS = {
    f"{name} in {frame!r}": (frame.format(text), text)
    for frame, (name, text) in product(FRAMES, MATH.items())
} | {
    f"{name} in {frame!r}": (frame.format(f"\n\n```\n{text}\n```\n\n"), text)
    for frame, (name, text) in product(FRAMES, CODE.items())
}
"""Texts as they are imported, each with the part that must be shown unchanged."""


def task_with(kind_name: str, text: str) -> TaskView:
    """Return a task that has a text in every part: its turns, its candidates and its draft."""
    kind: Kind[Any] = KINDS[kind_name]
    content = Content(
        prompt=(ConversationTurn("system", text), ConversationTurn("user", text)),
        candidates=tuple(Candidate(text) for _ in kind.example.content.candidates),
        draft=text if kind_name == "demonstration" else None,
    )
    return task_of(kind, content, kind.example.settings, kind.example.order)


def shown_in(blocks: object) -> str:
    """Return the texts of rich_text blocks in order, without anything between them."""
    return "".join(part["text"] for part in objects_in(blocks) if part.get("type") == "text")


@pytest.mark.parametrize("kind_name", KIND_NAMES)
def test_task_and_full_text_show_formulas_and_code_as_imported(kind_name: str) -> None:
    for name, (imported, exact) in TEXTS.items():
        task = task_with(kind_name, imported)
        passages = task.form.passages
        pages = [full_text_modal(task, page)["blocks"] for page in range(count_pages(passages))]
        message = render_task_page(TaskPage("D1", None, task, 2))
        screens = (message.blocks, render_recent_answer(task).blocks, pages)
        counts = [shown_in(screen).count(exact) for screen in screens]
        assert len(passages) >= 3
        assert counts == [len(passages)] * 3, name


@pytest.mark.parametrize("exact", (MATH | CODE).values(), ids=list(MATH | CODE))
def test_receipt_shows_formulas_and_code_as_written(exact: str) -> None:
    receipt = Receipt(16, f"Saved: {exact}")
    page = TaskPage("D1", receipt, task_with("comparison", "What?"), 2)
    in_dialog = next_full_text_modal(page, receipt.assignment_id)["blocks"]
    assert shown_in(render_task_page(page).blocks[:1]) == f"✓ Saved: {exact}"
    assert visible_text(in_dialog[:1]) == f"✓ Saved: {exact}"
