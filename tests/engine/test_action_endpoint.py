from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.engine.action_endpoint import InProcessActions, cache_result_validator
from bot.engine.processor import CityAgent
from tests.engine.resident import Resident

TRACKER = {
    "sender_id": "web:a",
    "slots": {"language": "ka", "municipality": "rustavi", "service": None},
    "latest_message": {
        "text": "გამარჯობა",
        "intent": {"name": "dialogue.greet", "confidence": 1.0},
        "intent_ranking": [],
        "entities": [],
    },
    "events": [],
    "paused": False,
    "followup_action": None,
    "active_loop": {},
    "latest_action_name": "action_listen",
}


class Refusing(Action):
    def name(self) -> str:
        return "action_refusing"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ActionExecutionRejection(self.name(), "not now")


class Failing(Action):
    def name(self) -> str:
        return "action_failing"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ZeroDivisionError


class Meddling(Action):
    def name(self) -> str:
        return "action_meddling"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        tracker.slots["language"] = "xx"
        domain["actions"].clear()
        return []


@pytest.fixture
def endpoint() -> InProcessActions:
    endpoint = InProcessActions()
    for action in (Refusing(), Failing(), Meddling()):
        endpoint._executor.register_action(action)
    return endpoint


def call(name: str, **more: Any) -> dict[str, Any]:
    return {"next_action": name, "sender_id": "web:a", "tracker": TRACKER, "domain": {}, **more}


@pytest.mark.anyio
async def test_action_gives_what_an_action_server_would(endpoint: InProcessActions) -> None:
    result = await endpoint.request(json=call("action_menu"))
    assert result == json.loads(json.dumps(result))
    assert result["events"] == []
    (message,) = result["responses"]
    assert "topic:local_fees" in [button["payload"] for button in message["buttons"]]


@pytest.mark.anyio
async def test_every_action_of_the_domain_is_there(
    endpoint: InProcessActions, agent: CityAgent
) -> None:
    wanted = {name for name in agent.domain.user_actions if name.startswith("action_")}
    assert wanted
    assert wanted <= set(endpoint._executor.actions)


@pytest.mark.anyio
async def test_rejection_is_an_answer_400_as_rasa_expects(endpoint: InProcessActions) -> None:
    with pytest.raises(ClientResponseError) as raised:
        await endpoint.request(json=call("action_refusing"))
    assert raised.value.status == 400
    assert json.loads(raised.value.text)["action_name"] == "action_refusing"


@pytest.mark.parametrize("name", ["action_failing", "action_nobody_wrote"])
@pytest.mark.anyio
async def test_failure_becomes_an_apology(endpoint: InProcessActions, name: str) -> None:
    result = await endpoint.request(json=call(name))
    assert result == {"events": [], "responses": [{"response": "utter_apology"}]}


@pytest.mark.anyio
async def test_action_cannot_reach_into_the_engine(endpoint: InProcessActions) -> None:
    domain = {"actions": ["action_menu"]}
    await endpoint.request(json=call("action_meddling", domain=domain))
    assert TRACKER["slots"]["language"] == "ka"
    assert domain == {"actions": ["action_menu"]}


RESULTS: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "service", "value": "a", "timestamp": None}]},
    {
        "events": [{"event": "slot", "name": "service", "value": ["a"]}],
        "responses": [{"text": "a"}],
    },
    {"events": [{"event": "nonsense"}]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": 5, "value": None}]},
    {"events": [{}]},
    {"events": {}},
    {"events": "none"},
    {"responses": {}},
    {"responses": ["text"]},
    [],
    None,
    "text",
]


@pytest.mark.parametrize("result", RESULTS, ids=json.dumps)
def test_kept_validator_judges_as_the_stock_one(result: Any) -> None:
    def refuses(check: Any) -> bool:
        try:
            check()
        except jsonschema.ValidationError:
            return True
        return False

    cache_result_validator()
    action = RemoteAction("action_menu", InProcessActions())
    stock = refuses(lambda: jsonschema.validate(result, RemoteAction.action_response_format_spec()))
    assert refuses(lambda: action._validate_action_result(result)) is stock
    assert stock is (RESULTS.index(result) > 2)


@pytest.mark.anyio
async def test_message_of_a_broken_action_is_no_silence(
    resident: Resident, agent: CityAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(
            agent.action_endpoint._executor.actions, "action_answer_service", Failing().run
        )
        result = await resident.says("nagvis fuli ramdenia")
    assert result.replies[0].text
    assert result.replies[0].service is None
    assert (await resident.says("nagvis fuli ramdenia")).replies[0].service
