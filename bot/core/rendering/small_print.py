"""What stands under an answer where there is only text: where it is written."""

from __future__ import annotations

from bot.core.replies import Reply

#: The first sources carry the answer; a telephone's screen has no room for more.
MOST_SOURCES = 2


def with_sources(reply: Reply, label: str) -> str:
    """Give a reply's text with its first sources below; without a label the text alone."""
    sources = reply.sources[:MOST_SOURCES] if label else ()
    lines = [f"{label}: {source.title}\n{source.url}" for source in sources]
    return "\n\n".join(filter(None, [reply.text.strip(), "\n".join(lines)]))
