"""One results folder for a term: every assignment's results stay, each once."""

import json

from autograder.results.report import read_results
from autograder.results.results_file import write_results


def results(assignment, **scores):
    return {"assignment": assignment, "submissions": [{"student": name, "score": scores[name]} for name in scores]}


def on_record(folder):
    return {
        one["assignment"]: {line["student"]: line["score"] for line in one["submissions"]}
        for one in read_results(folder)
    }


def test_the_next_assignment_puts_the_results_of_the_last_one_aside(tmp_path):
    path = tmp_path / "results.json"
    write_results(path, results("01", ada=1, bob=2))
    write_results(path, results("02", ada=5))
    assert json.loads(path.read_text())["assignment"] == "02"
    assert on_record(tmp_path) == {"01": {"ada": 1, "bob": 2}, "02": {"ada": 5}}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["results-01.json", "results.json"]


def test_one_student_graded_alone_never_lands_among_another_assignments_results(tmp_path):
    path = tmp_path / "results.json"
    write_results(path, results("01", ada=1, bob=2))
    write_results(path, results("02", ada=5))
    write_results(path, results("01", bob=3), keep_others=True)
    assert on_record(tmp_path) == {"01": {"ada": 1, "bob": 3}, "02": {"ada": 5}}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["results-02.json", "results.json"]


def test_a_damaged_file_is_made_again(tmp_path):
    path = tmp_path / "results.json"
    path.write_text('{"assignment": "01", "subm')
    write_results(path, results("01", ada=1))
    assert on_record(tmp_path) == {"01": {"ada": 1}}
