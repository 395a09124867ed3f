"""How a message's body is stored, and what is kept of a message that is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.core.masking import mask_named

#: Where residents' own words stand in what channels and platforms hand over.
WORDS = ("text", "caption", "title")


def stored_text(body: Mapping[str, Any], *, ascii: bool = False) -> str:
    """Give a body as it is stored: numbers that nobody needs to send never reach the table.

    In ASCII also what no database takes as a text may stand, as what a stranger sent may hold.
    """
    return json.dumps(mask_named(body, WORDS), ensure_ascii=ascii)


def forgotten_hash(channel: str, account: str, ext_id: str) -> str:
    """Give what is kept of a message's id when the message itself is gone."""
    return hashlib.sha256("\0".join((channel, account, ext_id)).encode()).hexdigest()
