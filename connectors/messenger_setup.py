"""`cbot channels check` and `setup` for Messenger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bot.settings import MessengerSettings, Settings
from connectors import graph_versions
from connectors.administration import NOTE, OK, WRONG, Finding
from connectors.graph import GraphClient
from connectors.graph_errors import GraphError
from connectors.messenger_menu import profile
from connectors.words import Words

#: What Meta should tell us of the page.
FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
)
#: Without these nothing can be answered.
NEEDED = frozenset({"messages", "messaging_postbacks"})


#: Looks at, or sets, one page: its client, the profile wanted, the app's number if known.
Step = Callable[[GraphClient, "dict[str, Any]", "str | None"], "list[Finding]"]


class MessengerAdministration:
    """Looks after the pages' settings at Meta."""

    name = "messenger"

    def __init__(self, settings: Settings, own: MessengerSettings, words: Words) -> None:
        self._settings = settings
        self._own = own
        self._words = words

    async def check(self) -> Sequence[Finding]:
        """Tell what is configured and whether it works; changes nothing."""
        return await self._each(_check)

    async def setup(self) -> Sequence[Finding]:
        """Subscribe to events and apply the menu, where that is not done yet."""
        return await self._each(_setup)

    async def subscribe(self) -> dict[str, list[str]]:
        """Subscribe again to what residents need; give by page what was missing of it.

        Raises:
            GraphError: when Meta does not tell or does not let us.
        """
        missing = {}
        for page in self._own.pages:
            added = await asyncio.to_thread(_subscribe, self._client(page), self._own.app_id)
            needed = sorted(NEEDED & set(added))
            if needed:
                missing[page] = needed
        return missing

    async def _each(self, step: Step) -> list[Finding]:
        findings = [self._version(), self._webhook(), self._grants()]
        wanted = profile(self._words)
        for page in self._own.pages:
            client = self._client(page)
            try:
                findings += await asyncio.to_thread(step, client, wanted, self._own.app_id)
            except GraphError as error:
                findings.append(Finding(f"page {page}", WRONG, f"{error}; look at the token"))
        return findings

    def _client(self, page: str) -> GraphClient:
        token = self._own.token_of(page) or ""
        secret = self._own.app_secret.valid()[0]
        return GraphClient(page, token, secret, self._own.graph_url, self._own.graph_version)

    def _version(self) -> Finding:
        warning = graph_versions.warning(self._own.graph_version)
        version = self._own.graph_version
        return Finding("Graph API", NOTE if warning else OK, warning or f"{version} is supported")

    def _webhook(self) -> Finding:
        url = f"{self._settings.public_url.rstrip('/')}/webhooks/messenger"
        if not url.startswith("https://"):
            return Finding("webhook", WRONG, f"{url} is not https; set CBOT_PUBLIC_URL")
        return Finding("webhook", OK, f"give Meta the address {url}")

    def _grants(self) -> Finding:
        granted = []
        if self._own.human_agent:
            granted.append("people may answer for 7 days (Human Agent)")
        if self._own.utility_template:
            granted.append(f"news go out with the template {self._own.utility_template}")
        text = "; ".join(granted) or "only within 24 hours of the resident's last message"
        return Finding("later messages", OK if granted else NOTE, text)


def _check(client: GraphClient, wanted: dict[str, Any], app_id: str | None) -> list[Finding]:
    name = str(client.get(client.page, fields="id,name").get("name") or "")
    findings = [Finding(f"page {client.page}", OK, f"the token works: {name}")]
    subscribed = _subscribed(client, app_id)
    missing = [field for field in FIELDS if field not in subscribed]
    if missing:
        state = WRONG if NEEDED & set(missing) else NOTE
        text = f"missing {', '.join(missing)}; run `cbot channels setup`"
        findings.append(Finding("subscribed fields", state, text))
    else:
        findings.append(Finding("subscribed fields", OK, ", ".join(FIELDS)))
    different = _different(client, wanted)
    if different:
        text = f"{', '.join(different)} differ from the texts; run `cbot channels setup`"
        findings.append(Finding("menu", NOTE, text))
    else:
        findings.append(
            Finding("menu", OK, "Get Started, menu and questions are as they should be")
        )
    return findings


def _setup(client: GraphClient, wanted: dict[str, Any], app_id: str | None) -> list[Finding]:
    """Do what is missing, in one call each: Meta allows ten of the profile in ten minutes."""
    findings = []
    missing = _subscribe(client, app_id)
    done = f"added {', '.join(missing)}" if missing else "nothing to do"
    findings.append(Finding("subscribed fields", OK, done))
    different = _different(client, wanted)
    if different:
        client.post("me/messenger_profile", {key: wanted[key] for key in different})
    done = f"applied {', '.join(different)}" if different else "nothing to do"
    findings.append(Finding("menu", OK, done))
    return findings


def _subscribe(client: GraphClient, app_id: str | None) -> list[str]:
    """Subscribe to all that is needed; give what was missing."""
    subscribed = _subscribed(client, app_id)
    missing = [field for field in FIELDS if field not in subscribed]
    if missing:
        fields = sorted({*FIELDS, *subscribed})
        client.post(f"{client.page}/subscribed_apps", {"subscribed_fields": fields})
    return missing


def _subscribed(client: GraphClient, app_id: str | None) -> list[str]:
    """Give what our app is told of the page; of all apps when ours is not known."""
    apps = client.get(f"{client.page}/subscribed_apps").get("data")
    fields: list[str] = []
    for app in apps if isinstance(apps, list) else ():
        if app_id in (None, app.get("id")):
            fields += [str(field) for field in app.get("subscribed_fields") or ()]
    return fields


def _different(client: GraphClient, wanted: dict[str, Any]) -> list[str]:
    """Give the parts of the profile that are not as they should be."""
    answer = client.get("me/messenger_profile", fields=",".join(wanted)).get("data")
    found = answer[0] if isinstance(answer, list) and answer else {}
    return [key for key, value in wanted.items() if not _same(value, found.get(key))]


def _same(wanted: Any, found: Any) -> bool:
    """Compare, forgiving what Meta adds by itself and the order of languages."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(_same(value, found.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        if all(isinstance(item, dict) and "locale" in item for item in (*wanted, *found)):
            wanted, found = (sorted(items, key=lambda i: i["locale"]) for items in (wanted, found))
        return len(wanted) == len(found) and all(map(_same, wanted, found))
    return bool(wanted == found)
