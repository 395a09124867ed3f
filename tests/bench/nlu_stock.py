"""A stock pipeline of Rasa, trained and asked in a process of its own; for `tests.bench.nlu`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

#: Bürokratt's way, as its public configuration has it.
BUEROKRATT = """
recipe: default.v1
language: et
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
  entity_recognition: false
  random_seed: 1
policies: []
"""

#: What `rasa init` of Rasa 3.6 writes.
RASA_INIT = """
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
  random_seed: 1
- name: EntitySynonymMapper
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies: []
"""

CONFIGS = {"buerokratt": BUEROKRATT, "rasa_init": RASA_INIT}


def main() -> None:
    """Train in a folder that holds ``data/nlu`` and ``questions.json``; write ``answers.json``."""
    kind, epochs, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    os.chdir(folder)
    (folder / "config.yml").write_text(CONFIGS[kind].format(epochs=epochs), encoding="utf-8")
    import rasa.model_training
    from rasa.core.agent import Agent

    begun = time.perf_counter()
    model = rasa.model_training.train_nlu(
        str(folder / "config.yml"), str(folder / "data"), str(folder / "models")
    )
    trained = time.perf_counter() - begun
    agent = Agent.load(model)
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))

    async def ask() -> list[dict[str, object]]:
        answers = []
        for text in questions:
            start, cpu = time.perf_counter(), time.process_time()
            parsed = await agent.parse_message(text)
            took, spent = time.perf_counter() - start, time.process_time() - cpu
            ranking = [
                {"label": guess["name"], "confidence": guess["confidence"]}
                for guess in parsed.get("intent_ranking") or []
                if guess["name"] != "nlu_fallback"
            ]
            answers.append({"ranking": ranking[:5], "seconds": took, "cpu": spent})
        return answers

    answers = asyncio.run(ask())
    told = {"training_seconds": trained, "answers": answers}
    (folder / "answers.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
