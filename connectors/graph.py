"""The client of Meta's Graph API: pymessenger's, with its faults worked around.

pymessenger 0.0.7.0 speaks an API version that expired in 2018, sends without ``messaging_type``,
opens a connection for each message, waits for ever, and gives errors back as if they were
answers. Only its way of adding the token and its proof to a request is used here.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Mapping
from typing import Any

import requests
from pymessenger.bot import Bot

from connectors import graph_errors
from connectors.graph_errors import GraphError, Meaning

#: Seconds to connect, and to wait for the answer.
TIMEOUT = (3.0, 7.0)
#: The most of an answer that is read.
MOST_BYTES = 1_000_000
#: From this part of the allowed use on, sending pauses; percent.
MOST_USAGE = 95
#: How long, when Meta does not say; seconds.
PAUSE = 60.0

_TOKEN = re.compile(r"(access_token|appsecret_proof)=[^&\s\"']+")


class _WithoutTokens(logging.Filter):
    """Takes tokens out of the addresses that urllib3 would log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it is always kept."""
        record.msg = _TOKEN.sub(r"\1=…", record.getMessage())
        record.args = None
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutTokens())


class GraphClient(Bot):
    """Speaks for one page. Every call blocks: run it in a thread.

    Args:
        api_url: ``https://graph.facebook.com``, or a fake's address.
        version: of the Graph API, such as ``v26.0``.
        proof_secret: the app secret that proves each request, the newest one.
    """

    def __init__(
        self, page: str, token: str, proof_secret: str, api_url: str, version: str
    ) -> None:
        super().__init__(token, app_secret=proof_secret, api_version=version.removeprefix("v"))
        self.page = page
        self.graph_url = f"{api_url.rstrip('/')}/{version}"
        self._own = threading.local()
        self._sessions: list[requests.Session] = []

    def __repr__(self) -> str:
        return f"GraphClient({self.page})"

    def send_raw(self, payload: Mapping[str, Any]) -> str:
        """Send a message or an action; give the message's id, empty for an action.

        Raises:
            GraphError: when it was refused, or whether it was taken is not known.
        """
        return str(self.post(f"{self.page}/messages", payload).get("message_id") or "")

    def post(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Post to any path; see :meth:`send_raw`."""
        return self._request("POST", path, {}, payload)

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """Read any path; see :meth:`send_raw`."""
        return self._request("GET", path, parameters, None)

    def delete(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Delete at any path; see :meth:`send_raw`."""
        return self._request("DELETE", path, {}, payload)

    def close(self) -> None:
        """Close the connections of all threads."""
        for session in self._sessions:
            session.close()

    @property
    def _session(self) -> requests.Session:
        # A session is not made for several threads at once.
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            self._sessions.append(session)
            # No proxy and no .netrc: these could take the token elsewhere.
            session.trust_env = False
        return session

    def _request(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str],
        payload: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        try:
            response = self._session.request(
                method,
                f"{self.graph_url}/{path}",
                params={**parameters, **self.auth_args},
                json=payload,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = response.raw.read(MOST_BYTES, decode_content=True)
        except requests.ConnectionError as error:
            # Nothing was taken if no connection was made; else nobody knows. The errors' own
            # texts hold the address with the token, so only their names are told.
            name = type(error).__name__
            connected = not isinstance(error, requests.ConnectTimeout) and _broke_off(error)
            raise _no_answer(name, uncertain=connected) from None
        except Exception as error:
            raise _no_answer(type(error).__name__, uncertain=True) from None
        return self._read(response, content)

    def _read(self, response: requests.Response, content: bytes) -> dict[str, Any]:
        try:
            data = json.loads(content)
        except (ValueError, RecursionError):
            data = None
        if response.status_code == 200 and isinstance(data, dict) and "error" not in data:
            return data
        if response.status_code == 200 and not isinstance(data, dict):
            raise _no_answer("an unreadable answer", uncertain=True)
        error = graph_errors.read(response.status_code, data)
        if error.meaning is Meaning.RATE_LIMIT:
            error.seconds = regain_seconds(response.headers) or PAUSE
        raise error


def _broke_off(error: requests.ConnectionError) -> bool:
    return "NewConnectionError" not in str(error) and "NameResolutionError" not in str(error)


def _no_answer(what: str, *, uncertain: bool) -> GraphError:
    return GraphError(Meaning.TEMPORARY, f"Graph gives no answer: {what}", uncertain=uncertain)


def regain_seconds(headers: Mapping[str, str]) -> float | None:
    """Give how long to pause by the use that Meta reports; None when there is no need."""
    found: list[float] = []
    for usage in _usages(headers):
        used = max(
            (value for key in _USED if isinstance(value := usage.get(key), (int, float))),
            default=0,
        )
        minutes = usage.get("estimated_time_to_regain_access")
        if isinstance(minutes, (int, float)) and minutes > 0:
            found.append(minutes * 60.0)
        elif used >= MOST_USAGE:
            found.append(PAUSE)
    return max(found, default=None)


_USED = ("call_count", "total_cputime", "total_time")


def _usages(headers: Mapping[str, str]) -> list[Mapping[str, Any]]:
    usages: list[Mapping[str, Any]] = []
    for name in ("X-App-Usage", "X-Business-Use-Case-Usage"):
        try:
            data = json.loads(headers.get(name) or "{}")
        except ValueError:
            continue
        if isinstance(data, dict):
            usages.append(data)
            for value in data.values():
                usages += (
                    [one for one in value if isinstance(one, dict)]
                    if isinstance(value, list)
                    else []
                )
    return usages
