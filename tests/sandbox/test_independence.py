"""The sandbox is a component: it works when it is copied out of this project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import bot.sandbox

SCRIPT = """
import sys, urllib.request
sys.path.insert(0, sys.argv[1])
from copied_sandbox import Sandbox
from copied_sandbox.pytest_plugin import slack_sandbox
open_url = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
with Sandbox(__import__("json").loads(sys.argv[2])) as sandbox:
    sandbox.add_user("ada")
    pages = [open_url(sandbox.url + path).read().decode() for path in ("/", "/gallery")]
print(all("<!doctype html>" in page.lower() for page in pages), "bot" in sys.modules)
"""


def test_copy_under_another_name_works(tmp_path: Path, manifest: dict[str, object]) -> None:
    shutil.copytree(Path(bot.sandbox.__file__).parent, tmp_path / "copied_sandbox")
    command = [sys.executable, "-I", "-c", SCRIPT, str(tmp_path), json.dumps(manifest)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    assert result.stdout == "True False\n", result.stderr
