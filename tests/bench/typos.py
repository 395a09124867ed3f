"""What slips of the thumb cost: the examination once as written and once with typos.

    python -m tests.bench.typos [model.tar.gz]

The typos are the same in each run. A typo stands in a third of the words of five letters and
more: two letters swapped, one left out, doubled, or a neighbour on the keyboard instead. The
second kind of slip is a Georgian keyboard without Shift: თ becomes ტ, შ becomes ს.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

EXAMINATION = Path(__file__).parents[1] / "evaluation" / "dev.jsonl"
LANGUAGES = ("ka", "ka-Latn", "en", "ru", "az", "hy")
SHARE = 1 / 3
SHORTEST = 5
_WORD = re.compile(r"[^\W\d_]+")
_KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("ქწერტყუიოპ", "ასდფგჰჯკლ", "ზხცვბნმ"),
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    ("ճփբսմուկըթծջ", "ասդֆքհճկլ", "զղցվբնմ"),
)
_SHIFT = str.maketrans("თშღჩძჟჭ", "ტსრცზჯწ")


def neighbours() -> dict[str, str]:
    """Give for each letter those beside it on the keyboard."""
    beside: dict[str, str] = {}
    for keyboard in _KEYBOARDS:
        for row in keyboard:
            for place, letter in enumerate(row):
                beside[letter] = row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    return beside


_BESIDE = neighbours()


def typo(word: str, chance: random.Random) -> str:
    """Make one slip in a word, not at its first letter."""
    place = chance.randrange(1, len(word))
    kind = chance.choice(("swap", "leave out", "double", "neighbour"))
    letter = word[place]
    if kind == "swap" and place + 1 < len(word):
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    if kind == "double":
        return word[:place] + letter + word[place:]
    if kind == "neighbour" and letter.lower() in _BESIDE:
        return word[:place] + chance.choice(_BESIDE[letter.lower()]) + word[place + 1 :]
    return word[:place] + word[place + 1 :]


def with_typos(text: str, chance: random.Random) -> str:
    """Make a slip in a third of the longer words, at least in one."""
    words = [match.span() for match in _WORD.finditer(text)]
    longer = [span for span in words if span[1] - span[0] >= SHORTEST]
    count = max(1, round(len(longer) * SHARE)) if longer else 0
    for start, end in sorted(chance.sample(longer, count), reverse=True):
        text = text[:start] + typo(text[start:end], chance) + text[end:]
    return text


def without_shift(text: str, chance: random.Random) -> str:
    """Type Georgian without the Shift key."""
    return text.translate(_SHIFT)


def as_written(text: str, chance: random.Random) -> str:
    """Leave the text alone."""
    return text


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "as written": as_written,
    "typos": with_typos,
    "no Shift": without_shift,
}


def examination(kind: str) -> list[dict[str, str]]:
    """Give the examination with one kind of slip, the same each time."""
    chance = random.Random(20)
    lines = [json.loads(line) for line in EXAMINATION.read_text(encoding="utf-8").splitlines()]
    return [{**line, "text": KINDS[kind](line["text"], chance)} for line in lines]


async def measure(model: Path) -> None:
    """Print the share that is right at first place, for each kind and language."""
    from bot.engine.parsing import parse_line
    from bot.engine.start import build_agent

    agent = build_agent(model, None)
    print(f"{'':12}", "all".rjust(7), *(name.rjust(7) for name in LANGUAGES))
    for kind in KINDS:
        right: dict[str, list[bool]] = {name: [] for name in ("all", *LANGUAGES)}
        for line in examination(kind):
            found = await parse_line(agent, line["text"])
            for name in ("all", line["lang"]):
                right[name].append(found["label"] == line["label"])
        shares = (f"{sum(found) / len(found):7.3f}" for found in right.values())
        print(f"{kind:12}", *shares, flush=True)


def main() -> None:
    """Measure the model named, or the newest."""
    from bot.engine.slim import quiet_rasa, without_training_code

    quiet_rasa()
    without_training_code()
    from bot.engine.training import newest_model

    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    asyncio.run(measure(given or newest_model(Path(__file__).parents[2] / "models")))


if __name__ == "__main__":
    main()
