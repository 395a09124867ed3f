"""How each channel's account fares, shared by all processes: paused, stopped, last heard of.

Every function runs inside the caller's transaction and takes ``now``, seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class ChannelState:
    """An account of a channel, such as one page or one bot."""

    channel: str
    account: str
    paused_until: float | None
    stopped: str | None
    stopped_at: float | None
    last_event_at: float | None


def states(connection: Connection) -> list[ChannelState]:
    """Give how every account that was ever used fares."""
    rows = connection.execute(
        text(
            "SELECT channel, account, paused_until, stopped, stopped_at, last_event_at"
            " FROM channels ORDER BY channel, account"
        )
    )
    return [ChannelState(**row._mapping) for row in rows]


def state(connection: Connection, channel: str, account: str) -> ChannelState:
    """Give how one account fares."""
    found = (s for s in states(connection) if (s.channel, s.account) == (channel, account))
    return next(found, ChannelState(channel, account, None, None, None, None))


def heard(connection: Connection, channel: str, account: str, now: float) -> None:
    """Note that the platform handed over an event."""
    _keep(connection, channel, account)
    connection.execute(
        text(
            "UPDATE channels SET last_event_at = :now"
            " WHERE channel = :channel AND account = :account"
        ),
        {"channel": channel, "account": account, "now": now},
    )


def pause(connection: Connection, channel: str, account: str, until: float) -> None:
    """Send nothing through this account before ``until``."""
    _keep(connection, channel, account)
    connection.execute(
        text(
            "UPDATE channels SET paused_until = :until WHERE channel = :channel"
            " AND account = :account AND coalesce(paused_until, 0) < :until"
        ),
        {"channel": channel, "account": account, "until": until},
    )


def stop(connection: Connection, channel: str, account: str, reason: str, now: float) -> bool:
    """Send nothing through this account until :func:`resume`; False when it stood already."""
    _keep(connection, channel, account)
    changed = connection.execute(
        text(
            "UPDATE channels SET stopped = :reason, stopped_at = :now"
            " WHERE channel = :channel AND account = :account AND stopped IS NULL"
        ),
        {"channel": channel, "account": account, "reason": reason, "now": now},
    )
    return bool(changed.rowcount)


def resume(connection: Connection, channel: str, account: str) -> bool:
    """Let an account send again; False when it was not stopped."""
    changed = connection.execute(
        text(
            "UPDATE channels SET stopped = NULL, stopped_at = NULL"
            " WHERE channel = :channel AND account = :account AND stopped IS NOT NULL"
        ),
        {"channel": channel, "account": account},
    )
    return bool(changed.rowcount)


def own(
    connection: Connection, channel: str, account: str, owner: str, seconds: float, now: float
) -> bool:
    """Become or stay, for ``seconds``, the one process that fetches this account's events."""
    _keep(connection, channel, account)
    changed = connection.execute(
        text(
            "UPDATE channels SET owner = :owner, owned_until = :until"
            " WHERE channel = :channel AND account = :account"
            " AND (owner IS NULL OR owner = :owner OR owned_until <= :now)"
        ),
        {
            "channel": channel,
            "account": account,
            "owner": owner,
            "until": now + seconds,
            "now": now,
        },
    )
    return bool(changed.rowcount)


def disown(connection: Connection, channel: str, account: str, owner: str) -> None:
    """Let another process fetch this account's events at once."""
    connection.execute(
        text(
            "UPDATE channels SET owner = NULL, owned_until = NULL"
            " WHERE channel = :channel AND account = :account AND owner = :owner"
        ),
        {"channel": channel, "account": account, "owner": owner},
    )


def _keep(connection: Connection, channel: str, account: str) -> None:
    connection.execute(
        text(
            "INSERT INTO channels (channel, account) VALUES (:channel, :account)"
            " ON CONFLICT DO NOTHING"
        ),
        {"channel": channel, "account": account},
    )
