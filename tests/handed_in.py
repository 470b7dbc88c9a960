"""Answers in code as scripts hand them in, and the questions that they answer."""

import json
from typing import Any

import yaml
from conftest import ROOT

AUC = "ml.evaluation_metrics.auc-in-n-log-n"
JOIN = "prog.data_pipelines.point-in-time-join"


def raw(id_: str) -> dict[str, Any]:
    """The question as its file has it."""
    folder = ROOT / "question_bank" / id_.rpartition(".")[0].replace(".", "/")
    found = [q for file in folder.glob("*.yaml") for q in yaml.safe_load(file.read_text("utf-8"))["questions"]]
    return next(question for question in found if question["id"] == id_)


def sent(*answers: object, id_: str = AUC) -> str:
    return "".join(json.dumps({"type": "answer", "id": id_, "answer": answer}) + "\n" for answer in answers)


TESTS = len(raw(AUC)["tests"])
TIES = """
from bisect import bisect_left
def auc(labels, scores):
    above, below = ([s for y, s in zip(labels, scores) if y == side] for side in (1, 0))
    if not above or not below: raise ValueError
    below.sort()
    return sum(bisect_left(below, s) for s in above) / (len(above) * len(below))
"""
"""A wrong answer that five of the tests refuse: ties count as nothing."""
