"""What forms and their buttons leave in the database, and what comes back from city hall."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet

from bot.actions import keeping, library
from bot.core.ratings import Scale
from bot.core.submissions.model import Event
from bot.engine.processor import CityAgent
from bot.store import ratings, submissions
from bot.store.database import Database
from bot.store.every_table import every_table, person_column
from bot.store.ratings import Round
from tests.dialogue.scripts import says
from tests.engine.resident import Resident

NOTICED, SKIP, SEND = "form:yes", "form:skip", "form:send"
IDEA = "მინდა ველობილიკი მეჩვიდმეტეში"
PROBLEM = "ნაგვის ურნები გადავსებულია მთელი კვირა"


@pytest.fixture
def residents(agent: CityAgent) -> Callable[[], Resident]:
    return lambda: Resident(agent, locale="ka")


@pytest.fixture
def resident(residents: Callable[[], Resident]) -> Resident:
    return residents()


async def idea(resident: Resident, *, name: str = "without_name") -> Any:
    """Fill in an idea up to its preview."""
    await resident.presses("start:idea")
    await resident.presses(NOTICED)
    await resident.says(IDEA)
    await resident.presses("form:category:transport")
    await resident.presses(SKIP)
    return await resident.presses(f"form:publicity:{name}")


async def problem(resident: Resident, place: str = "კოსტავას 20") -> Any:
    """Fill in a problem up to its preview, or the question about others of the same."""
    await resident.presses("start:problem")
    await resident.presses(NOTICED)
    await resident.says(PROBLEM)
    await resident.presses("form:category:waste")
    await resident.says(place)
    return await resident.presses(SKIP)


def rows_of(town: Database, conversation: str) -> dict[str, int]:
    """Count what the database holds on a conversation."""
    with town.engine.begin() as connection:
        counts = {
            table.name: len(
                connection.execute(
                    table.select().where(table.c[str(person_column(table))] == conversation)
                ).all()
            )
            for table in every_table()
            if person_column(table) is not None
        }
    return {name: count for name, count in counts.items() if count}


def code_of(town: Database, resident: Resident) -> str:
    return town.call(submissions.mine, resident.conversation)[0].code


STEPS = {
    "start:idea": [
        NOTICED, "მინდა ახალი ხეები პარკში", "form:category:greenery", "კოსტავას 20", SKIP,
        "form:publicity:not_at_all",
    ],
    "start:problem": [NOTICED, PROBLEM, "form:category:waste", "კოსტავას 20", SKIP],
    "start:co_funding": [
        NOTICED, NOTICED, "ეზოში სათამაშო მოედანი გვინდა", "form:applicant:person", "2 500", "500",
        "40", "მაისი 2090", "555123456",
    ],
}  # fmt: skip


@pytest.mark.parametrize("start", STEPS)
@pytest.mark.usefixtures("open_programme")
@pytest.mark.anyio
async def test_cancel_at_every_question_leaves_no_row(
    start: str, residents: Callable[[], Resident], town: Database
) -> None:
    steps = STEPS[start]
    for count in range(len(steps) + 1):
        resident = residents()
        await resident.presses(start)
        for step in steps[:count]:
            await (resident.presses(step) if step.startswith("form:") else resident.says(step))
        reply = (await resident.says("გაუქმება")).replies[-1]
        assert says("form_left", "ka", reply.text), (count, reply.text)
        assert rows_of(town, resident.conversation) == {}, steps[:count]


@pytest.mark.anyio
async def test_same_confirming_message_twice_gives_one_submission(
    resident: Resident, town: Database
) -> None:
    await idea(resident)
    key = uuid.uuid4().hex
    first = await resident._turn(payload=SEND, message_id=key)
    again = await resident._turn(payload=SEND, message_id=key)
    assert again.replies == first.replies
    other = await resident.presses(SEND)
    assert says("form_already_sent", "ka", other.replies[0].text)
    assert len(town.call(submissions.mine, resident.conversation)) == 1


@pytest.mark.anyio
async def test_sending_again_after_the_engine_died_gives_one_submission(
    resident: Resident, agent: CityAgent, town: Database
) -> None:
    await idea(resident)
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    before = tracker.copy()
    await resident.presses(SEND)
    # The engine dies after the submission is stored and before the conversation is.
    agent.tracker_store._live[resident.conversation] = before
    again = await resident.presses(SEND)
    assert code_of(town, resident) in again.replies[0].text
    assert len(town.call(submissions.mine, resident.conversation)) == 1


@pytest.mark.anyio
async def test_others_of_the_same_are_shown_and_followed(
    residents: Callable[[], Resident], town: Database
) -> None:
    first, second, third = residents(), residents(), residents()
    await problem(first)
    await first.presses(SEND)
    code = code_of(town, first)
    shown = (await problem(second)).replies[-1]
    assert says("form_twins", "ka", shown.text)
    followed = await second.presses(f"form:follow:{code}")
    assert says("submission_following", "ka", followed.replies[0].text)
    assert PROBLEM not in followed.replies[0].text
    assert town.call(submissions.mine, second.conversation) == []
    assert [s.code for s in town.call(submissions.followed, second.conversation)] == [code]
    # Whoever says that theirs is different goes on.
    await problem(third)
    preview = await third.presses(SKIP)
    assert says("form_preview_problem", "ka", preview.replies[-1].text)
    assert (await third.presses(SEND)).replies
    assert len(town.call(submissions.mine, third.conversation)) == 1


@pytest.mark.anyio
async def test_code_from_elsewhere_tells_stage_and_dates_alone(
    residents: Callable[[], Resident], town: Database
) -> None:
    author, stranger = residents(), residents()
    await idea(author)
    await author.presses(SEND)
    code = code_of(town, author)
    own = (await author.says(code)).replies[0]
    assert "ველობილიკი" in own.text
    assert any(b.payload == f"submission:withdraw:{code}" for b in own.buttons)
    other = (await stranger.says(f"რა ხდება {code.lower()}")).replies[0]
    assert code in other.text
    assert "ველობილიკი" not in other.text
    refused = (await stranger.presses(f"submission:withdraw_yes:{code}")).replies[0]
    assert library.keeper().current().texts.refusal("not_the_author", "ka") == refused.text
    assert town.call(submissions.by_code, code).stage == "received"


async def asked(town: Database, code: str) -> None:
    event = Event("ask", text="რომელ სახლთან?")
    await town.run(submissions.apply, code, event, "staff:1", time.time())


@pytest.mark.anyio
async def test_next_message_answers_a_question_of_city_hall(
    resident: Resident, town: Database
) -> None:
    await problem(resident)
    await resident.presses(SEND)
    code = code_of(town, resident)
    await asked(town, code)
    # A question about something else is answered and waits no longer than that.
    other = await resident.says("რა ღირს პარკირება?")
    assert other.replies[0].service == "local_fees.parking_fee"
    reply = (await resident.says("მეორე სადარბაზოსთან, ეზოს მხრიდან")).replies[0]
    assert says("told_reply", "ka", reply.text)
    events = town.call(submissions.history, code)
    assert [event.text for event in events if event.type == "reply"] == [
        "მეორე სადარბაზოსთან, ეზოს მხრიდან"
    ]
    assert town.call(submissions.by_code, code).stage == "in_review"


@pytest.mark.anyio
async def test_pressed_answer_button_takes_any_words(resident: Resident, town: Database) -> None:
    await problem(resident)
    await resident.presses(SEND)
    code = code_of(town, resident)
    await asked(town, code)
    question = (await resident.presses(f"form:reply:{code}")).replies[0]
    assert "რომელ სახლთან?" in question.text
    reply = (await resident.says("დიახ")).replies[0]
    assert says("told_reply", "ka", reply.text)


@pytest.mark.parametrize(("pressed", "stage"), [("confirm", "confirmed"), ("dispute", "in_review")])
@pytest.mark.anyio
async def test_was_it_fixed(pressed: str, stage: str, resident: Resident, town: Database) -> None:
    await problem(resident)
    await resident.presses(SEND)
    code = code_of(town, resident)
    due = time.time() + 86_400
    for event in (
        Event("take", data={"assignee": "staff:1", "due_at": due}),
        Event("start", text="ბრიგადა გავიდა ადგილზე და მუშაობს"),
        Event("fix", text="ურნები დაიცალა და გაირეცხა"),
    ):
        town.call(submissions.apply, code, event, "staff:1", time.time())
    reply = (await resident.presses(f"form:{pressed}:{code}")).replies[0]
    if pressed == "dispute":
        assert says("submission_write_what", "ka", reply.text)
        reply = (await resident.says("ურნები ისევ სავსეა და სუნი დგას")).replies[0]
    assert says(f"told_{pressed}", "ka", reply.text)
    assert town.call(submissions.by_code, code).stage == stage


@pytest.mark.anyio
async def test_everything_is_shown_and_erased_from_every_table(
    resident: Resident, agent: CityAgent, town: Database
) -> None:
    await idea(resident)
    await resident.presses(SEND)
    shown = (await resident.presses("start:my_data")).replies[0]
    assert IDEA in shown.text
    assert code_of(town, resident) in shown.text
    (link,) = shown.links
    assert "/my-data/" in link.url
    await resident.presses("act:delete_my_data")
    done = (await resident.presses("my_data:erase")).replies[0]
    assert says("erased", "ka", done.text)
    assert set(rows_of(town, resident.conversation)) <= {"erasing"}
    assert await agent.tracker_store.retrieve(resident.conversation) is None
    assert says("submissions_none", "ka", (await resident.presses("start:status")).replies[0].text)


@pytest.mark.anyio
async def test_form_goes_on_in_a_new_session_and_after_a_day_is_forgotten(
    resident: Resident, agent: CityAgent
) -> None:
    await resident.presses("start:idea")
    await resident.presses(NOTICED)
    await resident.says(IDEA)
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    tracker.latest_message.timestamp -= 3 * 3600
    for event in tracker.events:
        event.timestamp -= 3 * 3600
    went_on = await resident.presses("form:category:transport")
    assert says("form_ask_photos", "ka", went_on.replies[-1].text)
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    draft = {**tracker.get_slot("draft"), "touched_at": time.time() - 30 * 3600}
    tracker.update(SlotSet("draft", draft), agent.domain)
    for event in tracker.events:
        event.timestamp -= 30 * 3600
    later = await resident.says("გამარჯობა")
    assert says("greet", "ka", later.replies[-1].text)
    gone = await resident.presses("form:resume")
    assert says("form_nothing_begun", "ka", gone.replies[0].text)


@pytest.mark.anyio
async def test_sending_while_the_database_is_away_keeps_the_form(
    resident: Resident, agent: CityAgent, town: Database
) -> None:
    await idea(resident)
    with town.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE submissions RENAME TO away")
    try:
        failed = await resident.presses(SEND)
    finally:
        with town.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO submissions")
    assert says("apology", "ka", failed.replies[0].text)
    resumed = await resident.presses("form:resume")
    assert says("form_preview_idea", "ka", resumed.replies[-1].text)
    assert says("form_sent_idea", "ka", (await resident.presses(SEND)).replies[-1].text)


def a_round(town: Database, closes: float, scale: Scale = Scale.STARS) -> list[int]:
    now = time.time()
    id = f"round-{uuid.uuid4().hex[:8]}"
    new = Round(id, "rustavi", "", {"ka": "ზაფხული"}, scale, now - 100, now + closes, False)
    town.call(ratings.open_round, new)
    return [
        town.call(ratings.add_initiative, id, {"ka": f"იდეა {n}"}, {"ka": "მოკლედ"})
        for n in range(3)
    ]


@pytest.mark.anyio
async def test_initiatives_are_rated_one_at_a_time_changed_and_erased(
    resident: Resident, town: Database
) -> None:
    a_round(town, 1000)
    start = await resident.says("სხვისი იდეები როგორ შევაფასო?")
    assert says("rate_intro", "ka", start.replies[0].text)
    seen = []
    for _ in range(3):
        card = start.replies[-1]
        give = next(b for b in card.buttons if b.payload.startswith("rate:give:"))
        seen.append(give.payload.split(":")[2])
        start = await resident.presses(give.payload.rsplit(":", 1)[0] + ":4")
    assert len(set(seen)) == 3
    own = start.replies[-1]
    assert says("rate_all_seen", "ka", own.text)
    assert own.text.count("4 / 5") == 3
    await resident.presses(f"rate:give:{seen[0]}:1")
    shown = await resident.presses(f"rate:show:{seen[0]}")
    assert "1 / 5" in shown.replies[0].text
    gone = await resident.presses(f"rate:erase:{seen[0]}")
    assert says("rate_erased", "ka", gone.replies[0].text)
    assert (await resident.presses("rate:mine")).replies[0].text.count("/ 5") == 2
    refused = await resident.presses(f"rate:give:{seen[0]}:9")
    assert refused.replies[0].text == library.keeper().current().texts.refusal(
        "value_out_of_range", "ka"
    )


@pytest.mark.anyio
async def test_order_differs_between_residents_and_stays_for_one(
    residents: Callable[[], Resident], town: Database
) -> None:
    a_round(town, 1000)
    orders = set()
    for _ in range(8):
        resident = residents()
        first = (await resident.presses("rate:start")).replies[-1].buttons[0].payload
        assert (await resident.presses("rate:start")).replies[-1].buttons[0].payload == first
        orders.add(first)
    assert len(orders) > 1


@pytest.mark.anyio
async def test_results_are_told_with_a_chart_once_the_round_is_over(
    residents: Callable[[], Resident], town: Database
) -> None:
    ids = a_round(town, 1000)
    for _ in range(5):
        await residents().presses(f"rate:give:{ids[0]}:5")
    # The round ends.
    with town.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE rating_rounds SET closes_at = {time.time()}")
    reply = (await residents().presses("rate:results")).replies[0]
    assert "5.0" in reply.text
    assert library.say("ratings_result_advisory", "ka").text in reply.text
    assert "/charts/" in reply.images[0]


def test_chat_without_a_database_makes_one_for_itself() -> None:
    keeping.use(None)
    try:
        assert keeping.database().call(submissions.mine, "web:nobody") == []
        assert keeping.secrets_folder().is_dir()
    finally:
        keeping.use(None)


@pytest.mark.anyio
async def test_what_was_just_sent_is_taken_back_in_words_after_a_question(
    resident: Resident, town: Database
) -> None:
    await idea(resident)
    await resident.presses(SEND)
    code = code_of(town, resident)
    asked = (await resident.says("გააუქმე ის იდეა")).replies[0]
    assert asked.buttons[0].payload == f"submission:withdraw_yes:{code}"
    assert says("told_withdraw", "ka", (await resident.says("კი")).replies[0].text)
    # Said later, it is about nothing in particular.
    assert "withdraw" not in str((await resident.says("გააუქმე")).replies[0].buttons)
