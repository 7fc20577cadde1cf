"""What models are asked to write: the tasks, and the messages of each of their steps. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import BotError
from bot.kinds.content import ChatMessage, Content, ConversationTurn

RESPONSE = "response"


class UnusablePromptError(BotError):
    """{reason}."""


class InstructionError(BotError):
    """A back-translation has an instruction for each direction; leave out --instruction."""


class UnsuitableTaskError(BotError):
    """Experts of this campaign judge a {usual}, not a {task}. Leave out --task."""


@dataclass(frozen=True, slots=True)
class GenerationTask:
    """What a model is asked to write.

    Attributes:
        name: the value of `--task`.
        instructions: one for each step; every step but the first works on the text of the one
            before. Without any, the model answers the prompt itself.
        must_change: whether a text that equals the prompt is no candidate.
    """

    name: str
    instructions: tuple[str, ...] = ()
    must_change: bool = False

    @property
    def step_count(self) -> int:
        """Return how many requests one candidate needs."""
        return len(self.instructions) or 1


PARAPHRASE = (
    "Paraphrase the text below: say the same in other words, in the same language. "
    "Write the paraphrase. Write nothing else."
)
SUMMARY = (
    "Summarize the text below in its own language, in at most a third of its length. "
    "Write the summary. Write nothing else."
)
TRANSLATION = (
    "Translate the text below into {via}. Write the translation. Write nothing else.",
    "Translate the text below into {language}. Write the translation. Write nothing else.",
)
PERTURBATION = (
    "Change the text below slightly: a few words, spellings or the order of clauses, as another "
    "person might have typed it. Keep its meaning and its language. "
    "Write the changed text. Write nothing else."
)

TASKS: dict[str, GenerationTask] = {
    RESPONSE: GenerationTask(RESPONSE),
    "paraphrase": GenerationTask("paraphrase", (PARAPHRASE,), must_change=True),
    "summary": GenerationTask("summary", (SUMMARY,), must_change=True),
    "back-translation": GenerationTask("back-translation", TRANSLATION),
    "perturbation": GenerationTask("perturbation", (PERTURBATION,), must_change=True),
}
"""The tasks by name."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a request that people choose.

    `instruction` replaces that of the task; for a response, it is the system message. `via` is the
    language of the first step of a back-translation, and `language` that of the prompts.
    """

    instruction: str | None = None
    via: str = "German"
    language: str = "English"


def require_instruction(task: GenerationTask, wording: Wording) -> None:
    """Check that the task can have a separate instruction, if there is one.

    Raises:
        InstructionError: it cannot.
    """
    if wording.instruction is not None and task.step_count > 1:
        raise InstructionError


def build_messages(
    task: GenerationTask, wording: Wording, prompt: Content, text: str | None = None
) -> list[ChatMessage]:
    """Return the messages of a step.

    Args:
        task: what the model writes.
        wording: the words that people chose.
        prompt: the prompt.
        text: what the model wrote in the first step; None for the first step itself.

    Raises:
        UnusablePromptError: the prompt has media, or is a conversation where a text is needed.
    """
    if prompt.all_media():
        raise UnusablePromptError(reason="the prompt has images, audio or video")
    if not task.instructions:
        system = ConversationTurn("system", wording.instruction or "")
        return [*([system.as_message()] if system.content else []), *prompt.prompt_messages()]
    instruction = wording.instruction or task.instructions[text is not None].format(
        via=wording.via, language=wording.language
    )
    source = source_text(task, prompt) if text is None else text
    return [{"role": "user", "content": f"{instruction}\n\n<text>\n{source}\n</text>"}]


def source_text(task: GenerationTask, prompt: Content) -> str:
    """Return the text that a task works on.

    Raises:
        UnusablePromptError: the prompt is a conversation.
    """
    if len(prompt.prompt) != 1:
        reason = f"a {task.name} needs one text, and the prompt is a conversation"
        raise UnusablePromptError(reason=reason)
    return prompt.prompt[0].content


def is_unchanged(task: GenerationTask, prompt: Content, text: str) -> bool:
    """Return whether a task that must change a text returned the text of the prompt."""
    return task.must_change and text.split() == source_text(task, prompt).split()


def task_for(name: str | None, usual: str | None) -> GenerationTask:
    """Return the task of a name, or the usual one.

    Args:
        name: the name that a person chose, if any.
        usual: the task that the campaign judges; None if it may judge any.

    Raises:
        UnsuitableTaskError: the campaign judges another task.
    """
    if name is not None and usual is not None and name != usual:
        raise UnsuitableTaskError(task=name, usual=usual)
    return TASKS[name or usual or RESPONSE]
