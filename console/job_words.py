"""What a job does and what came of it, in the words of the console's language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.jobs import CANCELLED, DONE, LOST, Job
from console.site import Words

#: Less than so many seconds are told as seconds.
_MINUTES_FROM = 90


def values(job: Job | None, words: Words) -> dict[str, object]:
    """Give what the template needs to tell of a job besides its state."""
    if job is None:
        return {"job": None}
    findings = job.result.get("findings") or job.result.get("reasons") or []
    return {
        "job": job,
        "step": _step(job, words.steps),
        "left": _left(job, words),
        "outcome": _outcome(job, words, bool(findings)),
        "findings": findings,
        "made": job.result.get("model") if job.state == DONE else None,
    }


def _step(job: Job, steps: Mapping[str, str]) -> str:
    """Say a step by how it begins: behind that stand names and numbers."""
    return next((said for begin, said in steps.items() if job.step.startswith(begin)), job.step)


def _left(job: Job, words: Words) -> str:
    if job.seconds_left is None:
        return ""
    if job.seconds_left < _MINUTES_FROM:
        return str(words.left.format(round(job.seconds_left)))
    return str(words.left_minutes.format(round(job.seconds_left / 60)))


def _outcome(job: Job, words: Words, told_why: bool) -> str:
    if job.running or job.state == CANCELLED:
        return ""
    if job.state == LOST:
        return str(words.outcomes.lost)
    if job.state == DONE:
        kind = "unchanged" if job.result.get("unchanged") else job.kind
        return str(words.outcomes.get(kind, "").format(model=job.result.get("model", "")))
    # What broke is said in English, for whoever looks after the machine.
    return str(words.failures[job.kind] if told_why else f"{words.broke} {job.message}")
