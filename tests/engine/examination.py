"""Messages as residents write them, for tests that need many."""

from __future__ import annotations

import json
from pathlib import Path

from bot.engine.processor import CityAgent

FILE = Path(__file__).parents[1] / "evaluation" / "dev.jsonl"


def messages(count: int) -> list[str]:
    """Give ``count`` messages spread over all languages and topics, each time the same."""
    with FILE.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return texts[:: len(texts) // count][:count]


#: Sounds without a meaning in any language.
_STRANGE = ("blorp zxqv", "wuxyl krr mmpf", "ჟღვრტ ფყხ ბლუმ", "qqz vvork ffnar", "ыъэ щхц жжф")


async def not_answered(agent: CityAgent) -> str:
    """Give a text that this model does not answer, whatever it was taught."""
    for text in _STRANGE:
        parsed = await agent.parse_message(text)
        if parsed.get("outcome") in ("offered", "not_understood"):
            return text
    raise AssertionError("the model answers everything")
