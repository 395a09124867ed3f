"""A stock Rasa bot with the same data: `rasa init`'s pipeline, its own server, an action server.

It is trained for few epochs: what an answer costs does not depend on them, and how right the
answers are is not the subject here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CONFIG = """
recipe: default.v1
assistant_id: stock
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
  epochs: 2
  constrain_similarities: true
- name: EntitySynonymMapper
- name: ResponseSelector
  epochs: 2
  constrain_similarities: true
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies:
- name: MemoizationPolicy
- name: RulePolicy
- name: UnexpecTEDIntentPolicy
  max_history: 5
  epochs: 2
- name: TEDPolicy
  max_history: 5
  epochs: 2
  constrain_similarities: true
"""

ENDPOINTS = """
action_endpoint:
  url: http://127.0.0.1:{port}/webhook
nlg:
  type: bot.engine.nlg.KnowledgeTexts
tracker_store:
  type: SQL
  dialect: sqlite
  db: stock.db
"""


def build(root: Path, project: Path, topics: tuple[str, ...], action_port: int) -> None:
    """Write the bot into the empty folder ``project`` and train it."""
    shutil.copy(root / "domain.yml", project)
    shutil.copytree(root / "data" / "rules", project / "data" / "rules")
    shutil.copytree(root / "data" / "stories", project / "data" / "stories")
    for topic in topics:
        shutil.copytree(root / "data" / "nlu" / topic, project / "data" / "nlu" / topic)
    (project / "config.yml").write_text(CONFIG, encoding="utf-8")
    (project / "endpoints.yml").write_text(ENDPOINTS.format(port=action_port), encoding="utf-8")
    (project / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    with (project / "train.log").open("wb") as log:
        subprocess.run(
            [str(root / ".venv/bin/rasa"), "train", "--skip-validation"],
            cwd=project,
            env=environment(root),
            stdout=log,
            stderr=subprocess.STDOUT,
            check=True,
        )


def environment(root: Path) -> dict[str, str]:
    """Give the environment in which stock Rasa finds the actions."""
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def server(root: Path, port: int) -> list[str]:
    """Give the command of the stock server."""
    return [str(root / ".venv/bin/rasa"), "run", "--port", str(port), "-i", "127.0.0.1"]


def actions(root: Path, port: int) -> list[str]:
    """Give the command of the stock action server."""
    rasa = str(root / ".venv/bin/rasa")
    return [rasa, "run", "actions", "--actions", "bot.actions", "--port", str(port)]
