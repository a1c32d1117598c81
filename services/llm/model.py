"""The optional language model: one that is not there, and one that LangChain reaches; both behind the ``Model`` port.

LangChain costs about two CPU seconds to import, so it is loaded at the first call, in a thread. Bedrock's client blocks
(synchronous boto3), so every call runs in a pool of our own instead of the small default executor.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from prompts import load
from services.domain.conversation import Lang
from services.domain.errors import BadSetting, MarketByteError, Unavailable
from services.domain.intents import INTENTS, Understanding
from services.domain.profiles import PSX
from services.llm.reading import Reading

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")
_LANGUAGES = {"en": "English", "ur": "Urdu (Urdu script)", "roman": "Roman Urdu"}
_DATA = "\n## "  # prompts keep what others wrote under headings; what stands before the first is ours
_LONGEST_MESSAGE = 1_500


class OfflineModel:
    """No language model is configured: every job is declined, and callers use their plain way."""

    async def understand(self, text: str, lang: Lang) -> Understanding:  # noqa: ARG002 -- the port's shape
        """Decline.

        Raises:
            Unavailable: Always.
        """
        raise Unavailable(f"no language model reads {lang}; set MARKETBYTE_LLM to a LangChain model id")

    async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:  # noqa: ARG002 -- the port's shape
        """Decline.

        Raises:
            Unavailable: Always.
        """
        raise Unavailable(f"no language model writes {prompt!r}; set MARKETBYTE_LLM to a LangChain model id")


class LangChainModel:
    """A chat model, and further ones as fallbacks, by LangChain's model ids.

    Args:
        model_ids: "provider:model", several separated by commas, best first.
        bases: Another address by provider (a gateway, a test's local server).
        timeout: Seconds a single model may take before the next is asked.
        options: Further arguments for a provider's client, such as ``region_name``.
        market: The exchange that the people who write are investors on.

    Raises:
        BadSetting: If an id names no provider.
    """

    def __init__(
        self,
        model_ids: str,
        *,
        bases: Mapping[str, str] | None = None,
        timeout: float = 20.0,
        options: Mapping[str, Mapping[str, str]] | None = None,
        market: str = PSX.name,
    ) -> None:
        self._market = market
        self._ids = tuple(_split(part.strip()) for part in model_ids.split(",") if part.strip())
        if not self._ids:
            raise BadSetting(
                "MARKETBYTE_LLM names no model; use offline or e.g. google_genai:gemini-2.0-flash"
            )
        self._bases = dict(bases or {})
        self._options = dict(options or {})
        self._timeout = timeout
        self._clients: dict[tuple[str, str], BaseChatModel] = {}
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="model")

    async def understand(self, text: str, lang: Lang) -> Understanding:
        """Ask what a message means.

        Raises:
            Unavailable: If no model answered in time with a valid reading.
        """
        prompt = load("understand")
        words = prompt.fill(
            {
                "market": self._market,
                "language": _LANGUAGES[lang],
                "intents": ", ".join(INTENTS),
                "message": text[:_LONGEST_MESSAGE],
            }
        )

        def ask(client: "BaseChatModel") -> Understanding:
            answer = client.with_structured_output(Reading).invoke(_messages(words))
            return Reading.model_validate(answer).understanding()

        return await self._first(ask)

    async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:
        """Fill the named prompt and return the answer, stripped. The caller grounds it before use.

        Raises:
            ValueError: If the inputs are not the prompt's.
            Unavailable: If no model answered in time, or the answer is empty or over the prompt's limit.
        """
        template = load(prompt)
        words = template.fill(inputs)

        def ask(client: "BaseChatModel") -> str:
            answer = str(client.invoke(_messages(words)).text).strip()
            if not answer or len(answer) > template.limit:
                raise Unavailable(f"the model answered {prompt!r} with {len(answer)} characters")
            return answer

        return await self._first(ask)

    def close(self) -> None:
        """Let go of the threads; a call that still waits ends with its own timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _first(self, ask: Callable[["BaseChatModel"], T]) -> T:
        """The answer of the first model that gives one.

        Raises:
            Unavailable: Naming each model and the class of its failure, never its words.
        """
        loop = asyncio.get_running_loop()
        failures: list[str] = []
        for place in self._ids:
            try:
                work = loop.run_in_executor(self._threads, lambda at=place: ask(self._client(at)))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                return await asyncio.wait_for(work, self._timeout)
            except TimeoutError:
                failures.append(f"{place[0]}: no answer in {self._timeout:g} s")
            except MarketByteError as error:
                failures.append(f"{place[0]}: {error.detail}")
            except Exception as error:  # noqa: BLE001 -- each provider's SDK raises its own tree; all mean "not now"
                failures.append(f"{place[0]}: {type(error).__name__}")
        raise Unavailable("no language model answered (" + "; ".join(failures) + ")")

    def _client(self, place: tuple[str, str]) -> "BaseChatModel":
        """The client of a model, built once (in a worker thread: imports and construction take seconds)."""
        if place not in self._clients:
            from langchain.chat_models import init_chat_model

            provider, model = place
            settings: dict[str, Any] = {"temperature": 0, "timeout": self._timeout, "max_retries": 1}
            settings |= self._options.get(provider, {})
            if base := self._bases.get(provider):
                settings["base_url"] = base
            self._clients[place] = init_chat_model(model, model_provider=provider, **settings)
        return self._clients[place]


def _split(model_id: str) -> tuple[str, str]:
    """("provider", "model") of "provider:model"; the model may hold colons itself.

    Raises:
        BadSetting: If there is no provider.
    """
    provider, colon, model = model_id.partition(":")
    if not (colon and provider and model):
        raise BadSetting(
            f"MARKETBYTE_LLM: {model_id!r} names no provider; write e.g. google_genai:gemini-2.0-flash"
        )
    return provider, model


def _messages(words: str) -> Sequence[tuple[str, str]]:
    """Our rules as the system's words, everything from the first data heading on as the user's."""
    rules, _, data = words.partition(_DATA)
    return (("system", rules.strip()), ("human", "## " + data.strip()))
