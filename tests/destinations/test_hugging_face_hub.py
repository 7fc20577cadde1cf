"""Exports on the Hugging Face Hub: one commit each, checked, and nothing else deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.destinations.errors import DeliveryError
from bot.destinations.hugging_face_hub import deliver
from tests.destinations.conftest import contents_of, write_export
from tests.destinations.hub_server import HubServer, Repository

pytestmark = pytest.mark.filterwarnings(
    "ignore:Use 'content=:DeprecationWarning"  # huggingface_hub's own use of httpx
)

NAME = "lab/tone"
ADDRESS = f"hf://{NAME}"


def test_export_is_one_commit_of_a_private_repository(hub: HubServer, export_folder: Path) -> None:
    location = deliver(export_folder, ADDRESS)
    assert location == f"{hub.url}/datasets/{NAME}/tree/{export_folder.name}"
    repository = hub.repositories[NAME]
    assert repository.is_private
    assert repository.messages == ["initial commit", f"Export {export_folder.name}"]
    assert repository.files == {".gitattributes": b"", **contents_of(export_folder)}
    assert repository.tags == {export_folder.name: repository.commits[-1][0]}


def test_second_delivery_makes_no_commit(hub: HubServer, export_folder: Path) -> None:
    hub.failures["tag"] = [500]
    with pytest.raises(DeliveryError, match="status 500"):
        deliver(export_folder, ADDRESS)
    assert deliver(export_folder, ADDRESS) == deliver(export_folder, ADDRESS)
    assert len(hub.repositories[NAME].commits) == 2
    assert list(hub.repositories[NAME].tags) == [export_folder.name]


def test_next_export_replaces_the_files_of_the_earlier_one_only(
    hub: HubServer, export_folder: Path, tmp_path: Path
) -> None:
    deliver(export_folder, ADDRESS)
    repository = hub.repositories[NAME]
    repository.add_commit("Add a script", {**repository.files, "train.py": b"pass"})
    later = write_export(tmp_path / "tone-preference-20260303T060000Z", {"data.jsonl": b"{}\n"})
    deliver(later, ADDRESS)
    expected = {".gitattributes": b"", "train.py": b"pass", **contents_of(later)}
    assert repository.files == expected
    earlier = repository.files_at(export_folder.name)
    assert earlier == {".gitattributes": b"", **contents_of(export_folder)}


def test_repository_of_something_else_is_not_replaced(hub: HubServer, export_folder: Path) -> None:
    repository = hub.repositories[NAME] = Repository()
    repository.add_commit("Mine", {"thesis.txt": b"mine"})
    with pytest.raises(DeliveryError, match=r"has thesis\.txt and no export") as caught:
        deliver(export_folder, ADDRESS)
    assert caught.value.is_permanent
    assert repository.files == {"thesis.txt": b"mine"}


def test_strange_manifest_is_not_followed(hub: HubServer, export_folder: Path) -> None:
    repository = hub.repositories[NAME] = Repository()
    repository.add_commit("Mine", {"manifest.json": b'{"files": 3}'})
    with pytest.raises(DeliveryError, match="is not that of an export"):
        deliver(export_folder, ADDRESS)


@pytest.mark.parametrize("name", ["data.parquet", "data.jsonl", "manifest.json"])
def test_hub_that_does_not_store_is_noticed(hub: HubServer, export_folder: Path, name: str) -> None:
    hub.forgets = name
    with pytest.raises(DeliveryError, match=f"does not have {name}") as caught:
        deliver(export_folder, ADDRESS)
    assert not caught.value.is_permanent


@pytest.mark.parametrize(
    ("step", "status"),
    [
        *(("create", 403), ("preupload", 403), ("commit", 403)),
        *(("create", 429), ("commit", 500), ("commit", 412), ("paths-info", 500)),
    ],
)
def test_refused_step_is_reported(
    hub: HubServer, export_folder: Path, step: str, status: int
) -> None:
    hub.failures[step] = [status] * 10
    is_permanent = status == 403
    reason = "set HF_TOKEN" if is_permanent else f"status {status}"
    with pytest.raises(DeliveryError, match=reason) as caught:
        deliver(export_folder, ADDRESS)
    assert caught.value.is_permanent == is_permanent


def test_missing_token_is_named(
    hub: HubServer, export_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(DeliveryError, match="set HF_TOKEN") as caught:
        deliver(export_folder, ADDRESS)
    assert "hf_wrong" not in str(caught.value)
    assert hub.repositories == {}
