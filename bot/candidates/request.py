"""Requests for candidates: what is sent, and the key that recognizes a request. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from bot.candidates.generator import Generator
from bot.candidates.tasks import GenerationTask, Wording, build_messages
from bot.kinds.content import ChatMessage, Content

KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sampling:
    """Parameters of the requests; None leaves one to the endpoint."""

    max_tokens: int = 1_024
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None

    def to_json(self) -> dict[str, int | float]:
        """Return the parameters that are set."""
        values = {
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SourcePrompt:
    """A prompt of the file; `key` is its id or a digest, `place` where it is, as in "line 3"."""

    key: str
    content: Content
    line: int
    place: str


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """One candidate to get: a prompt, a model, and which sample of it, from 1."""

    prompt: SourcePrompt
    generator: Generator
    sample: int


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that is asked for: the task, its words, the parameters and the samples."""

    task: GenerationTask
    wording: Wording
    sampling: Sampling
    generators: Sequence[Generator]
    samples: int = 1

    def requests(self, prompts: Sequence[SourcePrompt]) -> Iterator[CandidateRequest]:
        """Yield the candidates to get, prompt by prompt, so that items are complete early."""
        for prompt in prompts:
            for sample in range(1, self.samples + 1):
                for generator in self.generators:
                    yield CandidateRequest(prompt, generator, sample)

    def messages_of(self, request: CandidateRequest, text: str | None = None) -> list[ChatMessage]:
        """Return the messages of a step; `text` is that of the step before.

        Raises:
            UnusablePromptError: the task cannot use the prompt.
        """
        return build_messages(self.task, self.wording, request.prompt.content, text)

    def body_of(
        self, request: CandidateRequest, messages: Sequence[ChatMessage]
    ) -> dict[str, object]:
        """Return the JSON body of a request."""
        parameters: dict[str, object] = dict(self.sampling.to_json())
        parameters[request.generator.limit_name] = parameters.pop("max_tokens")
        if self.sampling.seed is not None:
            parameters["seed"] = self.sampling.seed + request.sample - 1
        return {"model": request.generator.name, "messages": list(messages), **parameters}

    def key_of(self, request: CandidateRequest, messages: Sequence[ChatMessage]) -> str:
        """Return the key by which an answered request is recognized in a later run.

        It depends on everything that the answer depends on, but not on the address: a model may
        move to another server.
        """
        parts: Mapping[str, object] = {
            "model": request.generator.name,
            "messages": messages,
            "parameters": self.sampling.to_json(),
            "sample": request.sample,
        }
        canonical = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
        return blake2b(canonical, digest_size=KEY_BYTES).hexdigest()
