"""The floor of a report: `python -m tests.benchmarks.large.bare_pass DATABASE`.

Reads each answer with its item and expert once, decodes it, and prints how many there are.
"""

from __future__ import annotations

import sqlite3
import sys

import orjson

ANSWERS_QUERY = """
SELECT task.id, item.key, assignment.expert_id, assignment.candidate_order, annotation.value,
       annotation.seconds, annotation.created_at
FROM assignment
JOIN annotation ON annotation.assignment_id = assignment.id
                AND annotation.version = assignment.version
JOIN task ON task.id = assignment.task_id
JOIN item ON item.id = task.item_id
WHERE assignment.state = 'answered' AND annotation.complete
ORDER BY task.id, assignment.expert_id
"""


def main() -> None:
    """Read and decode every answer."""
    count = 0
    for _, _, _, order, value, _, _ in sqlite3.connect(sys.argv[1]).execute(ANSWERS_QUERY):
        orjson.loads(order)
        orjson.loads(value)
        count += 1
    print(count)  # noqa: T201 - the output of this program


if __name__ == "__main__":
    main()
