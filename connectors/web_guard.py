"""Who may write to the web chat: with a session, from our own page, and not too fast."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from connectors import web_session
from connectors.bodies import Refused
from connectors.limits import TokenBuckets


class Guard:
    """Lets requests through; words and photos of a conversation share one limit."""

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._public_origin = f"{parts.scheme}://{parts.netloc}"
        self._buckets = TokenBuckets()

    def writer(self, request: Request) -> str:
        """Give the conversation that somebody writes in.

        Raises:
            Refused: another site's script sends it, there is no session, or it is too much at once.
        """
        self._check_origin(request)
        conversation = conversation_of(request)
        wait = self._buckets.take(conversation)
        if wait:
            raise Refused(
                429, "too_many", "Too many messages at once; wait a moment.", retry_after=wait
            )
        return conversation

    def _check_origin(self, request: Request) -> None:
        """Refuse what a script of another site sends; browsers tell its origin."""
        origin = request.headers.get("origin")
        if origin is None or origin == self._public_origin:
            return
        if origin.partition("://")[2] != request.headers.get("host"):
            raise Refused(403, "wrong_origin", "Send messages from the chat's own page.")


def conversation_of(request: Request) -> str:
    """Give the conversation of the request's session.

    Raises:
        Refused: when it has none.
    """
    token = web_session.token_of(request)
    if token is None:
        raise Refused(401, "no_session", "Ask for /chat/session first and keep its cookie.")
    return web_session.conversation_of(token)
