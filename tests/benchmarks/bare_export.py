"""The floor of an export: `python -m tests.benchmarks.bare_export DATABASE FILE`.

Runs the join that every export needs, and writes each row as a line of JSON.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import orjson

EXPORT_QUERY = """
SELECT item.key, item.prompt, item.meta, first.text, first.model, second.text, second.model,
       expert.pseudonym, assignment.candidate_order, annotation.value, annotation.created_at
FROM assignment
JOIN annotation ON annotation.assignment_id = assignment.id
                AND annotation.version = assignment.version
JOIN task ON task.id = assignment.task_id
JOIN expert ON expert.id = assignment.expert_id
JOIN item ON item.id = task.item_id
JOIN candidate AS first ON first.item_id = item.id AND first.position = 0
JOIN candidate AS second ON second.item_id = item.id AND second.position = 1
WHERE assignment.state = 'answered' AND annotation.complete
ORDER BY task.item_id, expert.pseudonym
"""


def main() -> None:
    """Write the rows to the file."""
    database, path = sys.argv[1:]
    rows = sqlite3.connect(database).execute(EXPORT_QUERY)
    with Path(path).open("wb", buffering=1024 * 1024) as file:
        file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


if __name__ == "__main__":
    main()
