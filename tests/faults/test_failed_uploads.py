"""The upload of a file fails in each of its halves."""

from __future__ import annotations

import json

import pytest

from tests.faults.fault_case import FaultCase
from tests.faults.promises import check_promises

HALVES = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")
UNTIL_CLEARED = 10**6

VALID_ROW = {"prompt": "Why?", "response_left": "So.", "response_right": "Because."}
INVALID_ROW = {"prompt": "Why?", "response_left": "x", "response_right": "x"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("is_permanent", [True, False], ids=["refused", "outage"])
def test_report_of_rejected_rows_is_sent_once(
    case: FaultCase, half: str, *, is_permanent: bool
) -> None:
    cora, ada = case.add_people("cora", "ada")
    case.coordinators = (cora.id,)
    case.may_refuse = is_permanent
    case.create_campaign("comparison", [ada], rows=[])
    case.start_bot()
    rows = f"{json.dumps(VALID_ROW)}\n{json.dumps(INVALID_ROW)}\n"
    cora.upload_file("pairs.jsonl", rows.encode())
    cora.wait_for_text("Received pairs.jsonl")
    if is_permanent and half != "upload":
        case.sandbox.faults.error(half, "file_uploads_disabled", times=UNTIL_CLEARED)
    else:
        case.sandbox.faults.fail(half, status=404 if is_permanent else 500, times=UNTIL_CLEARED)
    calls = case.call_count(half)
    cora.click("Import…")
    cora.submit_modal()
    cora.wait_for_text("1 item to add")
    cora.submit_modal()
    cora.wait_for_text("Added 1 item from pairs.jsonl", within=60)
    case.wait_for_call(half, calls)
    for _ in range(6):
        case.advance_clock(seconds=2)
    case.sandbox.faults.clear()
    check_promises(case)
    if not is_permanent:
        case.sandbox.wait_until(lambda: any(message.files for message in cora.messages[1:]))
    cora.send_message("/label status")
    cora.wait_for_text("Comparison")
