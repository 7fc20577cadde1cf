"""Exports are read by the code of other trainers, services and tools, each in its released version.

`make check-datasets` runs this file in an environment of its own. Trainers are installed without
their dependencies, because some need a GPU; torch is the version for CPUs.
"""

from __future__ import annotations

import importlib
import json
import sys
import types
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import datasets
import pytest
import yaml
from transformers import PreTrainedTokenizerFast

from bot.exports.formats import FORMATS
from bot.exports.label_record import LabelRecord
from bot.kinds import KINDS
from bot.kinds.content import ConversationTurn
from tests.datasets.tiny_model import CHAT_TEMPLATE, build_tokenizer
from tests.exports.folders import write_table

Untyped: TypeAlias = Any
"""What other packages return and take; none of them has types."""

TEXTS = ("Hi.", "2026-03-01", "  a\u2028b\tc  ", "🙂 שלום", '["x"]', "null")
"""Questions and endings of responses; dates and JSON must stay texts."""

PROMPTS = tuple(
    (
        ConversationTurn("system", f"S {text}"),
        ConversationTurn("user", text),
        ConversationTurn("assistant", f"A {text}"),
        ConversationTurn("user", f"Q {text}"),
    )
    for text in TEXTS
)


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer of bytes, which decodes to exactly the text."""
    return build_tokenizer()


def labels_of(kind_name: str) -> Iterable[LabelRecord]:
    """Yield an answer to each prompt."""
    kind = KINDS[kind_name]
    for number, prompt in enumerate(PROMPTS):
        yield LabelRecord(
            replace(kind.example.label, prompt=prompt),
            f"item-{number}",
            "spring",
            kind.name,
            "expert-7",
            datetime(2026, 3, 1, tzinfo=UTC),
            1,
            1,
            {},
        )


def export(name: str, kind: str, folder: Path) -> Path:
    """Write an export; return its folder."""
    return write_table(FORMATS[name], labels_of(kind), folder).directory


def rows_of(folder: Path) -> datasets.Dataset:
    """Load the rows as the trainers do."""
    return datasets.load_dataset(
        "parquet", data_files=str(folder / "data.parquet"), split="train", cache_dir=str(folder)
    )


def conversation(number: int, *, roles: bool = True) -> str:
    """Return the rendered prompt of an item up to the response."""
    turns = PROMPTS[number]
    rendered = "".join(f"<|{turn.role}|>{turn.content}<|end|>" for turn in turns)
    return f"{rendered}<|assistant|>" if roles else rendered


RESPONSE = "The moon pulls the sea, and the sea follows it."
CHOSEN, REJECTED = "Seven.", "Nine."


def openrlhf_strategy(**data: Untyped) -> Untyped:
    """Return the options that OpenRLHF's datasets read."""
    return SimpleNamespace(args=SimpleNamespace(data=SimpleNamespace(**data)))


def check_openrlhf_trains_on_the_response(tmp_path: Path, tokenizer: Untyped) -> None:
    sft = importlib.import_module("openrlhf.datasets.sft_dataset")
    strategy = openrlhf_strategy(input_key="messages", output_key=None, apply_chat_template=True)
    folder = export("openrlhf-sft", "demonstration", tmp_path)
    data = sft.SFTDataset(rows_of(folder), tokenizer, 4096, strategy, num_processors=1)
    assert len(data) == len(PROMPTS)
    for number in range(len(data)):
        ids, _mask, loss = data[number]
        assert tokenizer.decode(ids[0]) == f"{conversation(number)}{RESPONSE}<|end|>"
        trained = ids[0][1:][loss[0][:-1] == 1]
        assert tokenizer.decode(trained) == f"{RESPONSE}<|end|>"


@pytest.mark.parametrize("is_dpo", [True, False])
def check_openrlhf_reads_both_responses(
    tmp_path: Path, tokenizer: Untyped, *, is_dpo: bool
) -> None:
    reward = importlib.import_module("openrlhf.datasets.reward_dataset")
    strategy = openrlhf_strategy(
        prompt_key=None, chosen_key="chosen", rejected_key="rejected", apply_chat_template=True
    )
    folder = export("openrlhf-preference", "comparison", tmp_path)
    data = reward.RewardDataset(
        rows_of(folder), tokenizer, 4096, strategy, is_dpo=is_dpo, num_processors=1
    )
    assert len(data) == len(PROMPTS)
    for number in range(len(data)):
        chosen, _mask, rejected, _mask, extra = data[number]
        assert tokenizer.decode(chosen[0]) == f"{conversation(number)}{CHOSEN}<|end|>"
        assert tokenizer.decode(rejected[0]) == f"{conversation(number)}{REJECTED}<|end|>"
        length = len(tokenizer(conversation(number), add_special_tokens=False)["input_ids"])
        assert extra == (length if is_dpo else 3.0)


def card_settings(folder: Path) -> Untyped:
    """Return the YAML that the card shows for loading."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    return yaml.safe_load(text.split("```yaml\n", 1)[1].split("```", 1)[0])


def check_axolotl_trains_on_the_last_message(tmp_path: Path, tokenizer: Untyped) -> None:
    module = importlib.import_module("axolotl.prompt_strategies.chat_template")
    folder = export("axolotl-sft", "demonstration", tmp_path)
    (options,) = card_settings(folder)["datasets"]
    prompter = module.ChatTemplatePrompter(
        tokenizer, CHAT_TEMPLATE, max_length=4096, field_messages=options["field_messages"]
    )
    strategy = module.ChatTemplateStrategy(
        prompter,
        tokenizer,
        train_on_inputs=False,
        sequence_len=4096,
        roles_to_train=options["roles_to_train"],
        train_on_eos=options["train_on_eos"],
    )
    for number, row in enumerate(rows_of(folder)):
        made = strategy.tokenize_prompt(row)
        assert tokenizer.decode(made["input_ids"]) == f"{conversation(number)}{RESPONSE}<|end|>"
        trained = [label for label in made["labels"] if label != -100]
        assert tokenizer.decode(trained) == f"{RESPONSE}<|end|>"


def check_axolotl_reads_both_responses(tmp_path: Path, tokenizer: Untyped) -> None:
    module = importlib.import_module("axolotl.prompt_strategies.dpo.chat_template")
    dictionary = importlib.import_module("axolotl.utils.dict").DictDefault
    folder = export("axolotl-dpo", "comparison", tmp_path)
    config = dictionary({**card_settings(folder), "chat_template": "tokenizer_default"})
    transform, _options = module.default(config)
    for number, row in enumerate(rows_of(folder)):
        made = transform(row, tokenizer=tokenizer)
        assert made["prompt"] == conversation(number)
        assert made["chosen"] == f"{CHOSEN}<|end|>"
        assert made["rejected"] == f"{REJECTED}<|end|>"


def llama_factory() -> tuple[Untyped, Untyped]:
    """Import the row code of LLaMA-Factory without what is around it and needs torchaudio."""
    spec = find_spec("llamafactory")
    assert spec
    assert spec.submodule_search_locations
    (root,) = spec.submodule_search_locations
    package = types.ModuleType("llamafactory.data")
    package.__path__ = [f"{root}/data"]
    sys.modules.setdefault("llamafactory.data", package)
    names = ("parser", "converter")
    parser, converter = (importlib.import_module(f"llamafactory.data.{name}") for name in names)
    return parser, converter


def converted(folder: Path, dataset: str) -> list[dict[str, Any]]:
    """Return the rows of a dataset as LLaMA-Factory converts them."""
    parser, converter = llama_factory()
    (attributes,) = parser.get_dataset_list([dataset], str(folder))
    convert = converter.get_dataset_converter(
        attributes.formatting, attributes, SimpleNamespace(media_dir=str(folder))
    )
    return [convert(row) for row in rows_of(folder)]


def check_llama_factory_trains_on_the_response(tmp_path: Path) -> None:
    folder = export("llama-factory-sft", "demonstration", tmp_path)
    for number, row in enumerate(converted(folder, "labelbot_sft")):
        system, *turns = PROMPTS[number]
        assert row["_system"] == system.content
        assert row["_prompt"] == [turn.as_message() for turn in turns]
        assert row["_response"] == [{"role": "assistant", "content": RESPONSE}]


def check_llama_factory_reads_both_responses(tmp_path: Path) -> None:
    folder = export("llama-factory-preference", "comparison", tmp_path)
    for number, row in enumerate(converted(folder, "labelbot_preference")):
        assert row["_prompt"] == [turn.as_message() for turn in PROMPTS[number][1:]]
        assert [message["content"] for message in row["_response"]] == [CHOSEN, REJECTED]


def check_llama_factory_misreads_rows_for_trl_as_the_docs_say(tmp_path: Path) -> None:
    folder = export("preference", "comparison", tmp_path)
    other = export("llama-factory-preference", "comparison", tmp_path / "other")
    (info,) = json.loads((other / "dataset_info.json").read_text()).values()
    info["columns"]["messages"] = "prompt"
    (folder / "dataset_info.json").write_text(json.dumps({"pairs": info}))
    for row in converted(folder, "pairs"):
        assert [message["role"] for message in row["_response"]] == ["user"]


@pytest.mark.parametrize(
    ("name", "kind"), [("openai-sft", "demonstration"), ("openai-dpo", "comparison")]
)
def check_together_accepts_the_file_for_openai(tmp_path: Path, name: str, kind: str) -> None:
    files = importlib.import_module("together.lib.utils.files")
    report = files.check_file(export(name, kind, tmp_path) / "data.jsonl")
    assert report["is_check_passed"], report
    assert report["num_samples"] == len(PROMPTS)


@pytest.mark.parametrize("kind", KINDS)
def check_argilla_reads_every_record(tmp_path: Path, kind: str) -> None:
    records = importlib.import_module("argilla.records._io._json").JsonIO
    path = export("argilla", kind, tmp_path) / "records.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    read = records._records_from_json(path)  # noqa: SLF001 - what `from_json` calls
    assert len(read) == len(rows) == len(PROMPTS)
    for row, record in zip(rows, read, strict=True):
        made = record.to_dict()
        assert made["id"] == row["id"]
        assert made["fields"] == row["fields"]
        assert made["metadata"] == row["metadata"]
        values = {name: [one["value"] for one in given] for name, given in row["responses"].items()}
        assert {
            name: [one["value"] for one in given] for name, given in made["responses"].items()
        } == values


@pytest.mark.parametrize("kind", KINDS)
def check_label_studio_accepts_configuration_and_tasks(tmp_path: Path, kind: str) -> None:
    interface_class = importlib.import_module("label_studio_sdk.label_interface").LabelInterface
    folder = export("label-studio", kind, tmp_path)
    interface = interface_class((folder / "label_config.xml").read_text(encoding="utf-8"))
    interface.validate()
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert len(tasks) == len(PROMPTS)
    for task in tasks:
        assert interface.validate_task({"data": task["data"]})
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation)
