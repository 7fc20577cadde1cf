"""A tiny model with random weights, and a tokenizer that is built here: nothing is downloaded."""

from __future__ import annotations

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
)

END = "<|end|>"
PAD = "<|pad|>"

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
"""Each message between its role and an end, so that a decoded batch shows every character."""

ROLES = ("system", "user", "assistant", "tool")


def build_tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer with a token per byte, which decodes to exactly what was encoded."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = [END, PAD, *(f"<|{role}|>" for role in ROLES)]
    vocabulary = {token: number for number, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=END, pad_token=PAD, clean_up_tokenization_spaces=False
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def _config(tokenizer: PreTrainedTokenizerFast, **options: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        **options,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Return a language model with random weights."""
    return LlamaForCausalLM(_config(tokenizer))


def build_reward_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForSequenceClassification:
    """Return a model with one score and random weights."""
    return LlamaForSequenceClassification(_config(tokenizer, num_labels=1))
