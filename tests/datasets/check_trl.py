"""TRL trains two steps on unchanged rows, and the batch decodes to exactly the row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import datasets
import pytest
import torch
from trl import (
    DPOConfig,
    DPOTrainer,
    KTOConfig,
    KTOTrainer,
    RewardConfig,
    RewardTrainer,
    SFTConfig,
    SFTTrainer,
)

from tests.datasets.export_folders import write_dataset
from tests.datasets.tiny_model import END, build_model, build_reward_model, build_tokenizer

Row: TypeAlias = dict[str, Any]

TrainerObject: TypeAlias = Any
"""A trainer or its options: TRL is not installed where types are checked."""

STEPS = 2
BATCH = 4

IGNORED = -100
"""Label of a token that is not trained on."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export folder with every configuration, without splits."""
    return write_dataset(tmp_path_factory.mktemp("exports"), splits="").directory


def _load(folder: Path, config: str, cache: Path) -> datasets.Dataset:
    return datasets.load_dataset(str(folder), config, split="train", cache_dir=str(cache))


def _options(config: type[Any], folder: Path) -> TrainerObject:
    return config(
        output_dir=str(folder),
        max_steps=STEPS,
        per_device_train_batch_size=BATCH,
        report_to=[],
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
        dataloader_pin_memory=False,
        max_length=None,
    )


def _conversation(messages: Sequence[Row]) -> str:
    """Return messages as the chat template of the tiny model writes them."""
    return "".join(f"<|{message['role']}|>{message['content']}{END}" for message in messages)


def _decode(trainer: TrainerObject, ids: torch.Tensor, mask: torch.Tensor) -> list[str]:
    """Return the text of the tokens that a mask keeps, of each row of a batch."""
    kept = zip(ids, mask.bool(), strict=True)
    return [trainer.processing_class.decode(row[where].tolist()) for row, where in kept]


def _train(trainer: TrainerObject) -> None:
    """Train, and check that the weights have changed."""
    before = [value.clone() for value in trainer.model.parameters()]
    result = trainer.train()
    assert result.global_step == STEPS
    assert math.isfinite(result.training_loss)
    after = trainer.model.parameters()
    assert any(not torch.equal(old, new) for old, new in zip(before, after, strict=True))


def check_sft(folder: Path, tmp_path: Path) -> None:
    rows, tokenizer = _load(folder, "sft", tmp_path / "cache"), build_tokenizer()
    trainer = SFTTrainer(
        model=build_model(tokenizer),
        args=_options(SFTConfig, tmp_path),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    seen: list[tuple[str, str]] = []
    for batch in trainer.get_train_dataloader():
        ids = batch["input_ids"]
        whole = _decode(trainer, ids, ids != tokenizer.pad_token_id)
        trained = _decode(trainer, ids, batch["labels"] != IGNORED)
        seen += zip(whole, trained, strict=True)
    assert sorted(seen) == sorted(
        (_conversation([*row["prompt"], *row["completion"]]), _response(row["completion"]))
        for row in rows
    )
    _train(trainer)


@pytest.mark.parametrize("config", ["preference", "reward"])
def check_dpo(folder: Path, tmp_path: Path, config: str) -> None:
    rows, tokenizer = _load(folder, config, tmp_path / "cache"), build_tokenizer()
    trainer = DPOTrainer(
        model=build_model(tokenizer),
        ref_model=build_model(tokenizer),
        args=_options(DPOConfig, tmp_path),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    seen: list[tuple[str, str]] = []
    for batch in trainer.get_train_dataloader():
        texts = _decode(trainer, batch["input_ids"], batch["attention_mask"])
        answers = _decode(trainer, batch["input_ids"], batch["completion_mask"])
        half = len(texts) // 2
        seen += zip(texts[:half], texts[half:], strict=True)
        assert all(map(str.endswith, texts, answers))
        assert all("<|user|>" not in answer.split(END)[-2] for answer in answers)
    assert sorted(seen) == sorted(_pair_texts(row) for row in rows)
    _train(trainer)


def check_kto(folder: Path, tmp_path: Path) -> None:
    rows, tokenizer = _load(folder, "kto", tmp_path / "cache"), build_tokenizer()
    trainer = KTOTrainer(
        model=build_model(tokenizer),
        ref_model=build_model(tokenizer),
        args=_options(KTOConfig, tmp_path),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    seen: list[tuple[str, str, bool]] = []
    for batch in trainer.get_train_dataloader():
        texts = _decode(trainer, batch["input_ids"], batch["attention_mask"])
        answers = _decode(trainer, batch["input_ids"], batch["completion_mask"])
        seen += zip(texts, answers, batch["label"].tolist(), strict=True)
    assert sorted(seen) == sorted(
        (
            _conversation([*row["prompt"], *row["completion"]]),
            _response(row["completion"]),
            row["label"],
        )
        for row in rows
    )
    _train(trainer)


@pytest.mark.parametrize("config", ["preference", "reward"])
def check_reward(folder: Path, tmp_path: Path, config: str) -> None:
    rows, tokenizer = _load(folder, config, tmp_path / "cache"), build_tokenizer()
    trainer = RewardTrainer(
        model=build_reward_model(tokenizer),
        args=_options(RewardConfig, tmp_path),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    seen: list[tuple[str, str, float]] = []
    for batch in trainer.get_train_dataloader():
        texts = _decode(trainer, batch["input_ids"], batch["attention_mask"])
        half = len(texts) // 2
        seen += zip(texts[:half], texts[half:], batch["margin"].tolist(), strict=True)
    assert sorted(seen) == sorted((*_pair_texts(row), row["margin"]) for row in rows)
    _train(trainer)


def _response(messages: Sequence[Row]) -> str:
    """Return a response without its role, which belongs to the prompt."""
    return _conversation(messages).removeprefix("<|assistant|>")


def _pair_texts(row: Row) -> tuple[str, str]:
    prompt = row.get("prompt") or []
    chosen, rejected = ([*prompt, *row[name]] for name in ("chosen", "rejected"))
    return _conversation(chosen), _conversation(rejected)
