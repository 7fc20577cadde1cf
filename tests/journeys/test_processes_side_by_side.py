"""`labelbot run`, `labelbot api` and `labelbot backup` side by side, each in a process."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.client import LabelbotClient
from tests.faults.answer_log import AnswerLog, answer_until
from tests.journeys.journey import Journey
from tests.journeys.labelbot_process import run_to_end, run_until_stopped

ITEMS = 40


def _niceness(process_id: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, process_id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_answers_are_read_by_http_and_backed_up_while_they_arrive(journey: Journey) -> None:
    ada = journey.add_user("ada")
    texts = {"response_left": "Left.", "response_right": "Right."}
    rows = [{"prompt": f"Question {number}?", **texts} for number in range(ITEMS)]
    journey.create_campaign("comparison", [ada], rows)
    key = run_to_end(journey, "keys", "create", "loop").strip()
    answers, is_over = AnswerLog(), threading.Event()
    work = threading.Thread(target=answer_until, args=([ada], answers, is_over.is_set))
    with (
        run_until_stopped(journey, "run", ready="labelbot is running") as (bot, _),
        run_until_stopped(journey, "api", "--port", "0", ready="is running") as (api, line),
    ):
        ada.send_message("/label next")  # at any hour
        work.start()
        try:
            journey.sandbox.wait_until(lambda: len(answers.acknowledged) > ITEMS / 10, within=30)
            before = dict(answers.acknowledged)
            given_way = _niceness(api.pid) - _niceness(bot.pid)
            run_to_end(journey, "backup", "copy.db")
            after = len(answers.acknowledged)
        finally:
            is_over.set()
            work.join()
        (address,) = re.findall(r"http://[\d.:]+\d", line)
        with LabelbotClient(address, key) as client:
            read = {one.answer: one.value for one in client.answers("comparison")}
    assert (bot.returncode, api.returncode) == (0, 0)
    assert given_way > 0  # answers go first
    assert read == answers.acknowledged
    assert len(before) < after  # answers arrived during the backup
    with closing(sqlite3.connect(journey.folder / "copy.db")) as copy:
        stored = {row[0] for row in copy.execute("SELECT assignment_id FROM annotation")}
    assert before.keys() <= stored <= answers.acknowledged.keys()
