"""Manifests as files: find an app's manifest in its folder, and load its YAML or JSON."""

from __future__ import annotations

from pathlib import Path

import yaml

from .errors import ManifestError
from .json_codec import Json

FILE_NAMES = ("manifest.json", "manifest.yaml", "manifest.yml")
"""Names that Slack's command line and its sample apps use, in the order of preference."""


def find_manifest(folder: Path) -> Path | None:
    """Return the path of the manifest in `folder`, if it has one."""
    paths = (folder / name for name in FILE_NAMES)
    return next((path for path in paths if path.is_file()), None)


def load_manifest(text: str) -> Json:
    """Return the manifest in `text`, which is YAML or JSON.

    Raises:
        ManifestError: `text` is neither, or not an object.
    """
    try:
        manifest = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = "it is not valid YAML or JSON"
        raise ManifestError(reason) from error
    if not isinstance(manifest, dict):
        reason = "it is not an object"
        raise ManifestError(reason)
    return manifest
