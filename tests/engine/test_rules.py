"""The narrowed rule policy predicts what Rasa's own predicts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rasa.core.policies.rule_policy import RulePolicy as StockRulePolicy
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.processor import CityAgent
from bot.engine.rules import RulePolicy
from bot.engine.start import build_agent

CONVERSATIONS = 40
TURNS = 6


def policy_of(agent: CityAgent) -> StockRulePolicy:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, StockRulePolicy))


@pytest.fixture(scope="module")
def policies(small_model: Path) -> tuple[RulePolicy, StockRulePolicy, CityAgent]:
    ours = build_agent(small_model, None)
    stock = build_agent(small_model, None, stock_parts=True)
    quick, slow = policy_of(ours), policy_of(stock)
    assert type(quick) is RulePolicy
    assert type(slow) is StockRulePolicy
    return quick, slow, ours


def test_same_prediction_at_every_step_of_random_conversations(
    policies: tuple[RulePolicy, StockRulePolicy, CityAgent],
) -> None:
    quick, slow, agent = policies
    domain = agent.domain
    choose = random.Random(20_26)
    actions = [name for name in domain.action_names_or_texts if not name.startswith("action_d")]
    compared = set()
    for _ in range(CONVERSATIONS):
        tracker = DialogueStateTracker.from_events("web:a", [], domain.slots)
        for _ in range(TURNS):
            intent = {"name": choose.choice(domain.intents), "confidence": 1.0}
            text = choose.choice(["ნაგვის ფული რამდენია", "", "და სად მივიდე?"])
            events = [
                UserUttered(text, intent, []),
                SlotSet("service", choose.choice([None, "local_fees.debt"])),
                ActionExecuted(choose.choice(actions)),
                ActionExecuted(choose.choice(["action_listen", choose.choice(actions)])),
            ]
            for event in events:
                tracker.update(event, domain)
                ours = quick.predict_action_probabilities(tracker, domain)
                theirs = slow.predict_action_probabilities(tracker, domain)
                assert ours.probabilities == theirs.probabilities
                assert ours.policy_priority == theirs.policy_priority
                assert ours.is_no_user_prediction == theirs.is_no_user_prediction
                compared.add(
                    max(zip(ours.probabilities, domain.action_names_or_texts, strict=True))[1]
                )
            tracker.update(ActionExecuted("action_listen"), domain)
    assert len(compared) > 10
