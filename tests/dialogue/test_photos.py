"""Photos and pins that answer city hall, or come before any form, with the town's database."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet

from bot.actions import keeping, library
from bot.core.submissions.model import Event, Submission
from bot.engine.processor import CityAgent
from bot.store import media, purging, submissions
from bot.store.database import Database
from bot.store.inbox import Event as Received
from bot.store.inbox import add
from bot.store.media import Photo
from tests.dialogue.scripts import says
from tests.dialogue.test_taking_part import code_of, problem, rows_of
from tests.engine.resident import Resident

PIN = {"type": "location", "lat": 41.551, "lon": 45.002}


@pytest.fixture
def resident(agent: CityAgent) -> Resident:
    return Resident(agent, locale="ka")


def photo(town: Database, resident: Resident, at: float | None = None) -> dict[str, Any]:
    """Keep a photo as the connectors do; gives what they hand over."""
    id = uuid.uuid4().hex
    received = Received("web", resident.conversation, id, resident.conversation, "raw", {}, 1.0)
    town.call(add, received, 1.0)
    kept = Photo(id, resident.conversation, id, "image/jpeg", 4, 4, 3, "0" * 64, at or time.time())
    town.call(media.add, kept)
    return {"type": "image", "media_id": id}


async def reported(resident: Resident, town: Database) -> str:
    await problem(resident)
    await resident.presses("form:send")
    return code_of(town, resident)


async def asked(town: Database, code: str) -> None:
    await town.run(
        submissions.apply, code, Event("ask", "გამოგვიგზავნეთ ფოტო"), "staff:1", time.time()
    )


def now(town: Database, code: str) -> Submission:
    found = town.call(submissions.by_code, code)
    assert found is not None
    return found


def types(town: Database, code: str) -> list[str]:
    return [event.type for event in town.call(submissions.history, code)]


@pytest.mark.anyio
async def test_photo_answers_the_question_of_city_hall(resident: Resident, town: Database) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    first, second = photo(town, resident), photo(town, resident)
    reply = (await resident.sends(first)).replies
    assert library.say("told_reply", "ka", what="", code=code).text[:30] in reply[0].text
    assert code in reply[0].text
    assert now(town, code).stage == "in_review"
    # The next one of the album belongs to the same answer.
    more = (await resident.sends(second)).replies
    assert "დავამატე" in more[0].text
    assert code in more[0].text
    assert set(now(town, code).photos) == {first["media_id"], second["media_id"]}
    assert types(town, code) == ["submit", "ask", "reply", "add"]


@pytest.mark.anyio
async def test_words_under_the_photo_are_the_answer_and_the_photo_joins_them(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    await resident.says("აი, მეორე სადარბაზოსთან")
    sent = photo(town, resident)
    await resident.sends(sent)
    assert now(town, code).photos == (sent["media_id"],)
    texts = [event.text for event in town.call(submissions.history, code)]
    assert "აი, მეორე სადარბაზოსთან" in texts


@pytest.mark.anyio
async def test_pin_sets_the_place_beside_its_words_and_one_outside_is_told(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    outside = await resident.sends({"type": "location", "lat": 41.72, "lon": 44.78})
    assert "საზღვრებს გარეთაა" in outside.replies[0].text
    assert now(town, code).stage == "needs_info"
    await resident.sends(PIN)
    place = now(town, code).place
    assert place is not None
    assert (place.text, place.lat, place.lon) == ("კოსტავას 20", 41.551, 45.002)
    assert types(town, code)[-1] == "reply"


@pytest.mark.anyio
async def test_photo_after_the_question_answers_it_though_a_form_waits(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await resident.presses("start:idea")
    await asked(town, code)
    sent = photo(town, resident)
    answered = await resident.sends(sent)
    assert now(town, code).photos == (sent["media_id"],)
    # The form goes on where it was.
    assert says("form_ask_body_idea", "ka", answered.replies[-1].text)


@pytest.mark.anyio
async def test_photo_for_a_form_that_goes_on_stays_in_the_form(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    await resident.presses("start:idea")
    await resident.sends(photo(town, resident))
    assert now(town, code).photos == ()
    assert now(town, code).stage == "needs_info"


@pytest.mark.anyio
async def test_pressed_answer_in_a_form_takes_the_next_words(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    await resident.presses("start:idea")
    await resident.presses(f"form:reply:{code}")
    answered = await resident.says("მეორე სადარბაზოსთან, ეზოს მხრიდან")
    assert types(town, code)[-1] == "reply"
    assert says("form_ask_body_idea", "ka", answered.replies[-1].text)


@pytest.mark.anyio
async def test_photo_long_after_the_answer_is_asked_about(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await asked(town, code)
    await resident.says("მეორე სადარბაზოსთან, ეზოს მხრიდან")
    with town.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE submission_events SET at = at - 3600")
    reply = (await resident.sends(photo(town, resident))).replies[0]
    assert f"attachment:add:{code}" in [button.payload for button in reply.buttons]
    assert now(town, code).photos == ()


@pytest.mark.anyio
async def test_nobody_adds_to_what_another_sent(agent: CityAgent, town: Database) -> None:
    author, stranger = Resident(agent, locale="ka"), Resident(agent, locale="ka")
    code = await reported(author, town)
    await stranger.sends(photo(town, stranger))
    refused = (await stranger.presses(f"attachment:add:{code}")).replies[0]
    assert refused.text == library.keeper().current().texts.refusal("not_the_author", "ka")
    assert now(town, code).photos == ()


def file_of(town: Database, sent: dict[str, Any], var: Path) -> Path:
    kept = town.call(media.find, sent["media_id"])
    assert kept is not None
    path = var / "media" / kept.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"jpg")
    return path


@pytest.mark.anyio
async def test_unwanted_photo_goes_at_once_and_one_handed_in_stays(
    resident: Resident, town: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "secrets_folder", lambda: tmp_path)
    code = await reported(resident, town)
    await asked(town, code)
    handed_in, unwanted = photo(town, resident), photo(town, resident)
    await resident.sends(handed_in)
    with town.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE submission_events SET at = at - 3600")
    stays, goes = file_of(town, handed_in, tmp_path), file_of(town, unwanted, tmp_path)
    await resident.sends(handed_in)
    await resident.sends(unwanted)
    await resident.presses("attachment:none")
    assert (stays.exists(), goes.exists()) == (True, False)
    assert town.call(media.find, unwanted["media_id"]) is None
    assert town.call(media.find, handed_in["media_id"]) is not None


@pytest.mark.anyio
async def test_unwanted_photo_goes_also_while_a_form_waits(
    resident: Resident,
    agent: CityAgent,
    town: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "secrets_folder", lambda: tmp_path)
    unwanted = photo(town, resident)
    goes = file_of(town, unwanted, tmp_path)
    await resident.sends(unwanted)
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    # Too old for a form that opens otherwise to take it along.
    brought = {**tracker.get_slot("brought"), "at": time.time() - 2 * 3600}
    tracker.update(SlotSet("brought", brought), agent.domain)
    await resident.presses("start:idea")
    await resident.presses("form:yes")
    replies = (await resident.presses("attachment:none")).replies
    assert "წავშალე" in replies[0].text
    assert says("form_ask_body_idea", "ka", replies[-1].text)
    assert not goes.exists()
    # The form that goes on is not left for another one by an old button.
    replies = (await resident.presses("attachment:problem")).replies
    assert says("form_ask_body_idea", "ka", replies[-1].text)


@pytest.mark.anyio
async def test_unused_photo_is_forgotten_in_time_and_by_erasing(
    resident: Resident, agent: CityAgent, town: Database, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(keeping, "secrets_folder", lambda: tmp_path)
    keep = library.privacy().retention
    old = photo(town, resident, time.time() - (keep.photos + 1) * 86_400)
    goes = file_of(town, old, tmp_path)
    await resident.sends(old)
    purging.purge(town, tmp_path, keep, time.time())
    assert not goes.exists()
    # A day after it came no form takes it any more.
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    brought = {**tracker.get_slot("brought"), "at": time.time() - 30 * 3600}
    tracker.update(SlotSet("brought", brought), agent.domain)
    opened = await resident.presses("attachment:problem")
    assert says("form_notice", "ka", opened.replies[0].text)
    await resident.presses("form:cancel")
    # It can be deleted all the same.
    assert "წავშალე" in (await resident.presses("attachment:none")).replies[0].text
    recent = photo(town, resident)
    goes = file_of(town, recent, tmp_path)
    await resident.sends(recent)
    await resident.presses("act:delete_my_data")
    await resident.presses("my_data:erase")
    assert not goes.exists()
    assert set(rows_of(town, resident.conversation)) <= {"erasing", "inbox", "conversations"}
    assert await agent.tracker_store.retrieve(resident.conversation) is None


async def captioned(resident: Resident, town: Database, words: str) -> tuple[Any, Any]:
    """Send a photo with words under it, as the channels hand them over: words first."""
    told = await resident.says(words, caption=True, channel="telegram")
    return told.replies, (await resident.sends(photo(town, resident))).replies


@pytest.mark.anyio
async def test_words_under_a_photo_open_the_form_and_the_photo_brings_the_question(
    resident: Resident, town: Database
) -> None:
    words, shown = await captioned(resident, town, "კოსტავას 20-თან დიდი ორმოა გზაზე")
    assert words == ()
    assert says("form_photo_added", "ka", shown[0].text)
    assert says("form_notice", "ka", shown[1].text)
    assert len(shown) == 2
    await resident.presses("form:yes")
    # Nothing else is asked twice in a form: the next words under a photo are added.
    words, shown = await captioned(resident, town, "ასე გამოიყურება ახლოდან")
    assert words == ()
    assert says("form_ask_category", "ka", shown[-1].text)
    preview = (await resident.presses("form:category:roads")).replies
    await resident.presses("form:send")
    (sent,) = town.call(submissions.mine, resident.conversation)
    assert preview[-1].text.count("ორმოა") == 1
    assert sent.body.endswith("გზაზე\nასე გამოიყურება ახლოდან")
    assert len(sent.photos) == 2


@pytest.mark.anyio
async def test_words_under_a_photo_that_nobody_understands_are_kept_for_its_form(
    resident: Resident, town: Database
) -> None:
    words, shown = await captioned(resident, town, "აქ, კოსტავას 15-თან, საღამოს საშინელებაა")
    assert words == ()
    assert [says("attachment_photo", "ka", reply.text) for reply in shown] == [True]
    await resident.presses("attachment:problem")
    asked = (await resident.presses("form:yes")).replies
    assert says("form_ask_category", "ka", asked[-1].text)


@pytest.mark.anyio
async def test_a_question_under_a_photo_is_answered_and_a_repetition_says_the_same(
    resident: Resident, town: Database
) -> None:
    under: dict[str, Any] = {"caption": True, "channel": "telegram"}
    first = await resident.says("რა ღირს დასუფთავება?", message_id="m1", **under)
    assert [reply.service for reply in first.replies] == ["local_fees.cleaning_fee"]
    silent = await resident.says("ესეც ჩვენი უბანი", message_id="m2", **under)
    again = await resident.says("ესეც ჩვენი უბანი", message_id="m2", **under)
    assert silent.replies == again.replies == ()


@pytest.mark.anyio
async def test_a_yes_under_a_photo_presses_nothing(resident: Resident, town: Database) -> None:
    code = await reported(resident, town)
    await resident.presses(f"submission:withdraw:{code}")
    await captioned(resident, town, "კი")
    assert now(town, code).stage == "received"


@pytest.mark.anyio
async def test_a_pin_is_looked_for_in_the_town_that_got_the_submission(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    tbilisi = {"type": "location", "lat": 41.72, "lon": 44.78}
    # Marneuli has no outline, so there it would be taken.
    await resident.presses("town:marneuli")
    await resident.sends(tbilisi)
    refused = await resident.presses(f"attachment:add:{code}")
    assert "რუსთავი" in refused.replies[0].text
    assert types(town, code) == ["submit"]
    await asked(town, code)
    refused = await resident.sends(tbilisi)
    assert "რუსთავი" in refused.replies[0].text
    assert now(town, code).stage == "needs_info"
    await resident.sends(PIN)
    assert types(town, code) == ["submit", "ask", "reply"]


@pytest.mark.anyio
async def test_words_under_a_photo_go_along_with_it_to_what_was_sent(
    resident: Resident, town: Database
) -> None:
    code = await reported(resident, town)
    await captioned(resident, town, "ასეა დღესაც, ნახეთ")
    await resident.presses(f"attachment:add:{code}")
    (added,) = town.call(submissions.history, code)[1:]
    assert (added.type, added.text) == ("add", "ასეა დღესაც, ნახეთ")
    assert len(added.data["photos"]) == 1


@pytest.mark.anyio
async def test_the_notice_is_told_once_whatever_is_sent_before_agreeing(
    resident: Resident, town: Database
) -> None:
    first = (await resident.presses("start:problem")).replies
    assert says("form_notice", "ka", first[-1].text)
    for sent in (photo(town, resident), PIN, {"type": "contact", "phone": "599123456"}):
        told = (await resident.sends(sent)).replies
        assert says("form_notice_unclear", "ka", told[-1].text), sent
    assert says("form_phone_added", "ka", told[0].text)


@pytest.mark.anyio
async def test_words_sent_with_a_photo_of_the_page_are_answered_at_once(
    resident: Resident, town: Database
) -> None:
    # The photo may still be on its way.
    await problem(resident)
    told = (await resident.says("ასე გამოიყურება მეორე მხრიდან", caption=True)).replies
    assert says("form_words_added", "ka", told[0].text)
    assert says("form_preview_problem", "ka", told[-1].text)


@pytest.mark.anyio
async def test_a_form_that_takes_what_was_brought_tells_the_notice_whole(
    resident: Resident, town: Database
) -> None:
    await resident.sends(photo(town, resident))
    await resident.sends(PIN)
    told = (await resident.presses("attachment:problem")).replies
    assert says("form_notice", "ka", told[-1].text)
