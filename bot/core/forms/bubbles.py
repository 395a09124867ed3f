"""What is said after one step of a form: notes, then the question that waits, with its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.forms import flow, moves, steps, whereabouts
from bot.core.forms.asking import Asker, Twin
from bot.core.forms.questions import NOTICE, PREVIEW
from bot.core.forms.state import State
from bot.core.languages import pick
from bot.core.payloads import Payload
from bot.core.programmes import Programme
from bot.core.replies import Button, Reply


def after(
    asker: Asker,
    state: State,
    step: steps.Step | None,
    twins: Sequence[Twin],
    programme: Programme | None,
    again: bool = False,
) -> list[Reply]:
    """Give the bubbles.

    Args:
        asker: asks in the resident's language.
        state: the form with the step that waits now.
        step: what the message led to; None when the form was just opened.
        twins: what may be about the same, when that waits.
        programme: the form's programme, if any.
        again: whether the same was asked before something that was answered in between.
    """
    notes = [_note(asker, note) for note in step.notes] if step else []
    if state.offer:
        return [_leave(asker, notes[-1].text, state.offer)]
    if step is not None and step.value == "change":
        return [asker.change(state)]
    question = asker.question(state, twins)
    if again and state.question == NOTICE:
        # All of it stands a few lines above.
        question = replace(question, text=asker.say("form_notice_unclear").text)
    if step is not None and any(note == flow.other_town(state) for note in step.notes):
        question = _with(question, *asker.for_town(state))
    if step is not None and step.failed:
        return [*notes[:-1], _again(asker, state, notes[-1].text, question)]
    if whereabouts.is_to_tell(state):
        told, other_place = asker.understood(state)
        notes.append(told)
        question = _with(question, other_place)
    if state.question == PREVIEW and programme is not None:
        notes.extend(_unmet(asker, state, programme))
    return [*notes, question]


def _note(asker: Asker, note: steps.Note) -> Reply:
    values = dict(note.values)
    if "other_town" in values:
        values["other_town"] = asker.town(values["other_town"])
    return asker.say(note.text_id, **values)


def _with(question: Reply, *buttons: Button) -> Reply:
    return replace(question, buttons=tuple(_once((*question.buttons, *buttons))))


def _again(asker: Asker, state: State, note: str, question: Reply) -> Reply:
    """Say what to do with the question's buttons; after two failures with the ways out too."""
    if state.failures < moves.FAILURES:
        return Reply(note, question.buttons)
    text = f"{note}\n\n{asker.say('form_stuck').text}"
    return Reply(text, tuple(_once((*question.buttons, *asker.stuck(state)))))


def _once(buttons: Iterable[Button]) -> list[Button]:
    return list({button.payload: button for button in buttons}.values())


def _leave(asker: Asker, text: str, offer: str) -> Reply:
    yes = Button(asker.say("form_yes_button").text, str(Payload("form", ("yes",))))
    stay = Button(asker.say("form_stay_button").text, str(Payload("form", ("resume",))))
    return Reply(text, (yes, stay))


def _unmet(asker: Asker, state: State, programme: Programme) -> list[Reply]:
    """Tell before sending which rules of the programme the answers do not meet."""
    failed = programme.failed_rules(state.answers)
    if not failed:
        return []
    lines = [f"• {pick(rule.text, asker.language) or rule.id}" for rule in failed]
    first, last = asker.say("form_rules_not_met").text, asker.say("form_rules_not_met_end").text
    return [Reply("\n".join([first, *lines, last]))]
