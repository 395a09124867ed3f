"""Messages as residents write them, for tests that need many."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).parents[1] / "evaluation" / "dev.jsonl"


def messages(count: int) -> list[str]:
    """Give ``count`` messages spread over all languages and topics, each time the same."""
    with FILE.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return texts[:: len(texts) // count][:count]
