"""Why a platform did not take a message: a word of ours, kept before the platform's own words."""

from __future__ import annotations

#: The platform gave no answer however often it was asked; it refuses the message for good; it
#: does not know the resident (any more); no key is set for the account to send with.
UNANSWERED, REFUSED, GONE, NO_KEY = "unanswered", "refused", "gone", "no_key"
KINDS = (UNANSWERED, REFUSED, GONE, NO_KEY)


def noted(kind: str, words: str) -> str:
    """Give what is kept of a failure."""
    return f"{kind}: {words}"


def read(kept: str) -> tuple[str, str]:
    """Give the kind of a failure and the platform's words; the kind is empty in older rows."""
    kind, _, words = kept.partition(": ")
    return (kind, words) if kind in KINDS else ("", kept)
