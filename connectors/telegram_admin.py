"""Telegram's side of `cbot channels check` and `cbot channels setup`, and watching the webhook."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, BotCommand, WebhookInfo

from bot.core.errors import BotError
from bot.core.languages import DEFAULT, LANGUAGES
from bot.core.slash_commands import COMMANDS
from bot.settings import Settings, TelegramSettings
from connectors.administration import NOTE, OK, WRONG, Finding
from connectors.alarms import alarm
from connectors.metrics import Metrics
from connectors.telegram_api import ALLOWED_UPDATES, Api
from connectors.telegram_updates import CHANNEL
from connectors.waiting import forever
from connectors.words import Words

log = logging.getLogger(__name__)

#: What Telegram takes at once; we store an update in milliseconds.
MOST_CONNECTIONS = 20
#: An error of the webhook younger than this is worth an alarm, seconds.
FRESH_SECONDS = 900
#: How often the webhook is looked at, and a setting up that failed is tried again; seconds.
CARE_SECONDS = 60.0
#: When the process starts, residents who wait come first; seconds.
CARE_SOON_SECONDS = 2.0
#: The language that all others see.
ALL = ""


class TelegramAdministration:
    """Looks after the bot's account at Telegram."""

    name = CHANNEL

    def __init__(
        self, settings: Settings, own: TelegramSettings, words: Words, api: Api | None = None
    ) -> None:
        self._own = own
        self._words = words
        self._api = api or Api(own)
        self._url = f"{settings.public_url.rstrip('/')}/webhooks/telegram"

    async def check(self) -> Sequence[Finding]:
        """Tell whether the token works, how updates come, and whether the menu is there."""
        try:
            me = await self._api.call(Bot.get_me)
            info = await self._api.call(Bot.get_webhook_info)
            commands = await self._commands(DEFAULT)
        except BotError as error:
            return [Finding("token", WRONG, str(error))]
        findings = [
            Finding("token", OK, f"works: @{me.username} ({me.first_name})"),
            Finding("mode", OK, self._own.mode),
            *self._webhook_findings(info),
        ]
        missing = [name for name in self._wanted(DEFAULT) if name not in commands]
        if missing:
            text = f"{', '.join(missing)} are not in the menu; run `cbot channels setup`"
            findings.append(Finding("commands", NOTE, text))
        else:
            findings.append(Finding("commands", OK, f"{len(commands)} in the menu"))
        return findings

    async def setup(self) -> Sequence[Finding]:
        """Apply commands, descriptions and the webhook; what is so already is left alone."""
        findings = []
        try:
            changed = await self.apply_profile()
            findings.append(Finding("commands and descriptions", OK, _changed(changed)))
            done = await self.apply_mode()
        except BotError as error:
            return [*findings, Finding("setup", WRONG, str(error))]
        return [*findings, done]

    async def apply_profile(self) -> int:
        """Bring commands and descriptions up to date; give how many calls changed something."""
        changed = 0
        for code in (ALL, *LANGUAGES):
            language = code or DEFAULT
            wanted = self._wanted(language)
            if await self._commands(code) != wanted:
                made = [BotCommand(name, text) for name, text in wanted.items()]
                await self._change(Bot.set_my_commands, made, language_code=code)
                changed += 1
            long = await self._api.call(lambda bot: bot.get_my_description(code))  # noqa: B023
            changed += await self._text(
                "bot_description", long.description, Bot.set_my_description, code
            )
            short = await self._api.call(
                lambda bot: bot.get_my_short_description(code)  # noqa: B023
            )
            changed += await self._text(
                "bot_short_description",
                short.short_description,
                Bot.set_my_short_description,
                code,
            )
        return changed

    async def apply_mode(self) -> Finding:
        """Set the webhook, or take it away when Telegram is asked instead."""
        info = await self._api.call(Bot.get_webhook_info)
        if self._own.mode == "polling":
            if info.url:
                await self._api.call(lambda bot: bot.delete_webhook())
                return Finding("webhook", OK, "taken away: the bot asks for updates")
            return Finding("webhook", OK, "none, as polling needs it")
        if not self._url.startswith("https://"):
            text = "CBOT_PUBLIC_URL must begin with https:// for a webhook; or use polling"
            return Finding("webhook", WRONG, text)
        # The secret cannot be read back, so it is set in any case.
        await self._api.call(
            lambda bot: bot.set_webhook(
                self._url,
                secret_token=self._own.secret.valid()[0],
                allowed_updates=list(ALLOWED_UPDATES),
                max_connections=MOST_CONNECTIONS,
            )
        )
        return Finding("webhook", OK, f"set to {self._url}")

    async def watch(self, metrics: Metrics) -> None:
        """Look after the webhook: set it again when it is gone, alarm when it fails."""
        if self._own.mode == "polling":
            return
        info = await self._api.call(Bot.get_webhook_info)
        wrong = [f for f in self._webhook_findings(info) if f.state == WRONG]
        if wrong:
            alarm(metrics, f"Telegram's webhook: {'; '.join(f.text for f in wrong)}")
            await self.apply_mode()

    def _webhook_findings(self, info: WebhookInfo) -> list[Finding]:
        waiting = Finding("waiting at Telegram", OK, f"{info.pending_update_count} updates")
        if self._own.mode == "polling":
            if info.url:
                text = "one is set elsewhere; the bot takes it away when it starts"
                return [Finding("webhook", NOTE, text), waiting]
            return [Finding("webhook", OK, "none, as polling needs it"), waiting]
        findings = []
        if info.url != self._url:
            text = f"{info.url or 'not set'}, but it must be {self._url}; run `cbot channels setup`"
            findings.append(Finding("webhook", WRONG, text))
        else:
            findings.append(Finding("webhook", OK, info.url))
        missing = sorted(set(ALLOWED_UPDATES) - set(info.allowed_updates or ALLOWED_UPDATES))
        if missing:
            text = f"{', '.join(missing)} are not sent; run `cbot channels setup`"
            findings.append(Finding("updates", WRONG, text))
        if info.last_error_date is not None:
            ago = time.time() - info.last_error_date.timestamp()
            state = WRONG if ago < FRESH_SECONDS else NOTE
            text = f"{info.last_error_message} ({ago / 60:.0f} minutes ago)"
            findings.append(Finding("last error", state, text))
        return [*findings, waiting]

    def _wanted(self, language: str) -> dict[str, str]:
        wanted = {}
        for name in COMMANDS:
            text = self._own_text(f"command_{name}", language)
            if text:
                wanted[name] = text
        return wanted

    def _own_text(self, text_id: str, language: str) -> str:
        try:
            return self._words.reply(text_id, language).text.strip()
        except KeyError:
            return ""

    async def _commands(self, code: str) -> dict[str, str]:
        given = await self._api.call(lambda bot: bot.get_my_commands(language_code=code))
        return {command.command: command.description for command in given}

    async def _text(
        self, text_id: str, given: str, change: Callable[..., Awaitable[bool]], code: str
    ) -> int:
        wanted = self._own_text(text_id, code or DEFAULT)
        if given == wanted:
            return 0
        await self._change(change, wanted, language_code=code)
        return 1

    async def _change(self, change: Callable[..., Awaitable[Any]], *args: Any, **more: Any) -> None:
        await self._api.call(lambda bot: change(bot, *args, **more))


class Care:
    """Sets the bot up when the process starts, then looks after its webhook."""

    def __init__(self, administration: TelegramAdministration, metrics: Metrics) -> None:
        self._administration = administration
        self._metrics = metrics
        self._ready = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; comes back at once, also when Telegram is away."""
        soon = asyncio.Event()
        asyncio.get_running_loop().call_later(CARE_SOON_SECONDS, soon.set)
        self._task = asyncio.create_task(
            forever("looking after Telegram", self._step, CARE_SECONDS, soon)
        )

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _step(self) -> None:
        try:
            if not self._ready:
                for finding in await self._administration.setup():
                    log.info("%s: %s", finding.what, finding.text)
                    self._ready |= finding.what == "webhook"
            else:
                await self._administration.watch(self._metrics)
        except BotError as error:
            log.warning("Telegram could not be looked after: %s", error)


def _changed(count: int) -> str:
    return f"{count} brought up to date" if count else "up to date already"
