"""👍 and 👎 under an answer, and what is kept of a turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.core.replies import Button
from bot.engine import feedback, turns
from bot.engine.aftermath import Aftermath
from bot.engine.processor import CityAgent
from bot.store import feedback as verdicts
from bot.store import misses
from bot.store.database import Database
from tests.engine.examination import not_answered
from tests.engine.resident import Resident

pytestmark = pytest.mark.anyio

FEE, ASKED = "local_fees.cleaning_fee", "nagvis fuli ramdenia"


def thumbs(result: turns.TurnResult) -> list[Button]:
    buttons = [button for reply in result.replies for button in reply.buttons]
    return [button for button in buttons if button.payload.startswith("feedback:")]


class Writer:
    """A resident whose turns are noted as the engine's server does it."""

    def __init__(self, resident: Resident, database: Database) -> None:
        self.resident = resident
        self.aftermath = Aftermath(database, "a secret")

    async def says(self, text: str, message_id: str = "") -> turns.TurnResult:
        return await self._noted({"text": text}, message_id)

    async def presses(self, payload: str, message_id: str = "") -> turns.TurnResult:
        return await self._noted({"payload": payload}, message_id)

    async def _noted(self, content: dict[str, str], message_id: str) -> turns.TurnResult:
        number = message_id or f"m{len(self.aftermath._noted)}"
        turn = turns.Turn(self.resident.conversation, number, municipality="rustavi", **content)
        agent = self.resident.agent
        result = await turns.take(agent, turn)
        tracker = await agent.tracker_store.retrieve(turn.conversation)
        self.aftermath.note(turn, result, tracker, "20260101.tar.gz")
        task = asyncio.create_task(self.aftermath.write())
        await self.aftermath.settled()
        task.cancel()
        return result


@pytest.fixture
async def strange(agent: CityAgent) -> str:
    """A message that is not answered."""
    return await not_answered(agent)


@pytest.fixture
def writer(resident: Resident, database: Database) -> Writer:
    return Writer(resident, database)


def listed(database: Database) -> list[misses.Miss]:
    return database.call(misses.listing)


async def test_answer_is_asked_about_once_a_day(resident: Resident) -> None:
    first = await resident.says(ASKED)
    assert [button.payload for button in thumbs(first)] == ["feedback:up", "feedback:down"]
    assert first.replies[0].service == FEE
    for text in ("ვალი მაქვს, როგორ გავიგო", ASKED):
        assert thumbs(await resident.says(text)) == []


async def test_repeated_message_gets_the_same_buttons(resident: Resident) -> None:
    first = await resident.says(ASKED, message_id="m1")
    assert await resident.says(ASKED, message_id="m1") == first
    resident.agent.tracker_store.clear()
    assert await resident.says(ASKED, message_id="m1") == first


async def test_verdict_counts_for_the_town_that_was_chosen(
    writer: Writer, database: Database
) -> None:
    await writer.presses("town:marneuli")
    await writer.says(ASKED)
    await writer.presses("feedback:up")
    for town, number in (("marneuli", 1), ("rustavi", 0)):
        found = database.call(verdicts.tallies, municipalities=[town])
        assert len(found) == number, town


async def test_what_is_no_answer_is_not_asked_about(resident: Resident, strange: str) -> None:
    for text in ("გამარჯობა", strange):
        assert thumbs(await resident.says(text)) == []
    assert thumbs(await resident.presses(f"service:{FEE}")) == []
    assert thumbs(await resident.says(ASKED))


async def test_thumb_down_asks_why_and_leaves_the_conversation_as_it_was(
    resident: Resident,
) -> None:
    await resident.says("how much is the garbage fee?")
    why = await resident.presses("feedback:down")
    assert [button.payload for button in thumbs(why)] == [
        f"feedback:down:{reason}" for reason in feedback.REASONS
    ]
    assert why.language == "en"
    said = await resident.presses("feedback:down:unclear")
    assert "1300" in said.replies[0].text
    follow_up = await resident.says("and where do I pay?")
    assert follow_up.replies[0].service


async def test_thumb_up_is_thanked(resident: Resident) -> None:
    await resident.says(ASKED)
    (reply,) = (await resident.presses("feedback:up")).replies
    assert "მადლობა" in reply.text
    assert reply.buttons == ()


@pytest.mark.parametrize(
    "payload",
    ["feedback:sideways", "feedback:up:unclear", "feedback:down:x", "feedback", "act:help"],
)
async def test_no_other_button_is_feedback(payload: str) -> None:
    assert feedback.pressed(payload) is None
    assert feedback.pressed(None) is None


async def test_message_that_was_not_answered_is_kept(
    writer: Writer, database: Database, strange: str
) -> None:
    await writer.says(strange)
    (miss,) = listed(database)
    assert miss.text == strange
    assert miss.kind in ("offered", "not_understood")
    assert (miss.model, miss.municipality, miss.count) == ("20260101", "rustavi", 1)
    assert 1 <= len(miss.guesses) <= 3
    assert writer.resident.conversation not in str(miss)


async def test_miss_and_verdict_belong_to_the_town_that_was_asked_about(
    writer: Writer, database: Database, strange: str
) -> None:
    await writer.presses("town:marneuli")
    await writer.says(ASKED)
    await writer.presses("feedback:down")
    await writer.says(strange)
    assert {miss.municipality for miss in listed(database)} == {"marneuli"}
    assert len(database.call(verdicts.tallies, municipalities=["marneuli"])) == 1


async def test_numbers_of_persons_are_not_kept(writer: Writer, database: Database) -> None:
    # Whether it is answered and called bad, or not answered: its number is hidden.
    await writer.says(f"{ASKED}, 01008012345")
    await writer.presses("feedback:down")
    (miss,) = listed(database)
    assert miss.text == f"{ASKED}, ●●●●●"


async def test_message_that_comes_again_counts_once(
    writer: Writer, database: Database, strange: str
) -> None:
    for _ in range(3):
        await writer.says(strange, "m1")
    (miss,) = listed(database)
    assert miss.count == 1
    await writer.says(strange, "m2")
    (miss,) = listed(database)
    assert (miss.count, miss.residents) == (2, 1)


async def test_answers_small_talk_and_buttons_are_no_misses(
    writer: Writer, database: Database
) -> None:
    for text in (ASKED, "გამარჯობა", "🙂"):
        await writer.says(text)
    await writer.presses("none_of_these")
    assert listed(database) == []


async def test_bad_answer_lands_among_the_misses_with_its_reason(
    writer: Writer, database: Database
) -> None:
    await writer.says(ASKED)
    await writer.presses("feedback:down")
    (miss,) = listed(database)
    assert (miss.kind, miss.text, miss.service, miss.reason) == ("feedback", ASKED, FEE, None)
    assert miss.language == "ka-Latn"
    await writer.presses("feedback:down:wrong_answer")
    (miss,) = listed(database)
    assert (miss.reason, miss.count) == ("wrong_answer", 1)
    (tally,) = database.call(verdicts.tallies)
    assert tally == verdicts.Tally(FEE, up=0, down=1)


async def test_good_answer_is_counted_and_no_miss(writer: Writer, database: Database) -> None:
    await writer.says(ASKED)
    await writer.presses("feedback:up")
    assert listed(database) == []
    assert database.call(verdicts.tallies) == [verdicts.Tally(FEE, up=1, down=0)]


async def test_button_without_an_answer_asked_about_is_only_thanked(
    writer: Writer, database: Database
) -> None:
    assert (await writer.presses("feedback:up")).replies
    assert database.call(verdicts.tallies) == []


async def test_database_that_is_away_costs_only_the_note(
    residents: Callable[[], Resident], agent: CityAgent, database: Database, strange: str
) -> None:
    writer = Writer(residents(), database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE miss_residents")
    result = await writer.says(strange)
    assert result.replies
    assert listed(database) == []


async def test_notes_that_cannot_be_written_fast_enough_are_dropped(
    resident: Resident, database: Database, strange: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.aftermath.MOST_WAITING", 1)
    aftermath = Aftermath(database, "a secret")
    for number in range(3):
        turn = turns.Turn(resident.conversation, f"m{number}", text=strange)
        result = await turns.take(resident.agent, turn)
        tracker = await resident.agent.tracker_store.retrieve(turn.conversation)
        aftermath.note(turn, result, tracker, "m")
    assert aftermath._waiting.qsize() == 1
