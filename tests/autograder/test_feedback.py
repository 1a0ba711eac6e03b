"""The page says what was seen and what to do, runs nothing, loads nothing, and gives no test away."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.exam.assemble import assemble
from autograder.exam.notebook import read_notebook
from autograder.results.feedback import feedback_page
from autograder.results.gradebook import Record
from autograder.results.inert import inert_markdown, inert_outputs, plain_text
from autograder.results.notebook import autograded
from autograder.verdicts import BROKEN, FAILED, GRADED, PASSED, REJECTED, UNGRADED, CellResult, SubmissionResult

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def values(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]


def results(double=PASSED, square=PASSED, message="", hint=None):
    cells = [("double-test-1", "double", 1.0, double), ("double-hidden-1", "double", 2.0, double)]
    cells += [("square-hidden-1", "square", 3.0, square)]
    return [
        CellResult(grade_id, name, points, points * (verdict == PASSED), verdict, message, None, hint)
        for grade_id, name, points, verdict in cells
    ]


def page_of(assignment, notebook, cells, outputs=(), student="ada", notes=()):
    assembled = assemble(assignment, read_notebook(json.dumps(notebook).encode()))
    shown = [list(outputs) if cell.kind == "solution" else [] for cell in assembled.cells]
    result = SubmissionResult(student, GRADED, None, sum(cell.score for cell in cells), 6.0, 0.1, 50.0, cells)
    record = Record(result, "", autograded(assembled, shown, cells), assembled.problems)
    return feedback_page(assignment, record, notes)


def check_harmless(text):
    """Assert that nothing on a page can run or load, whatever wrote it."""
    page = Page(text)
    allowed = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "p"}
    allowed |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "span", "strong", "a", "meter"}
    allowed |= {"div", "details", "summary", "pre", "img", "svg", "path"}
    assert set(page.tags) <= allowed
    assert page.tags.count("style") == 1
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith("#part-") for value in page.values("href"))
    assert all(re.fullmatch(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=]*", value) for value in page.values("src"))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)
    return page


def test_marks_verdicts_and_hints_are_said_in_words(assignment, solved):
    cells = results(double=FAILED, message="double(3) gave another value.", hint="Twice means x + x.")
    text = check_harmless(page_of(assignment, solved, cells)).text
    assert "3 of 6 points" in text
    assert "2 more points are for written answers, which a person marks." in text
    assert "2 points, marked by a person" in text
    assert "Test in your notebook: not passed 0 / 1" in text
    assert "Hidden test: passed 3 / 3" in text
    assert "double(3) gave another value." in text
    assert "Hint: Twice means x + x." in text
    assert "return 2 * x" in text
    assert "Because of this." in text


def test_a_blank_written_answer_waits_for_nobody(assignment, released):
    text = check_harmless(page_of(assignment, released, results(double=FAILED, square=FAILED))).text
    assert "Not answered 0 / 2" in text
    assert "You have not changed this answer's cell yet." in text
    assert "by a person" not in text
    assert "which a person marks" not in text


def test_what_could_not_be_graded_is_called_our_fault(assignment, solved):
    text = check_harmless(page_of(assignment, solved, results(square=UNGRADED))).text
    assert "Could not be graded: this is our fault, and your instructor is told" in text


def test_no_hidden_test_and_no_solution_is_on_the_page(assignment, released):
    text = page_of(assignment, released, results(double=FAILED, square=FAILED))
    for secret in ("x + x", "x**2", "return 2 * x", "return x * x", "Because", "-1.5"):
        assert secret not in text


@pytest.mark.parametrize(("status", "words"), [(REJECTED, "Your file could not be graded"), (BROKEN, "our fault")])
def test_a_submission_without_verdicts_says_why(assignment, status, words):
    result = SubmissionResult("eve" + SCRIPT, status, "The notebook is a link." + SCRIPT)
    text = check_harmless(feedback_page(assignment, Record(result))).text
    assert words in text
    assert "The notebook is a link." in text


def test_problems_and_notes_are_said(assignment, solved):
    solved["cells"] = [cell for cell in solved["cells"] if cell["id"] != "cell-2"]
    text = check_harmless(page_of(assignment, solved, results(double=FAILED), notes=["Not used: numpy.py."])).text
    assert "The cell for this answer is missing from your notebook." in text
    assert "Not used: numpy.py." in text


def test_hostile_texts_are_shown_as_text(assignment, solved):
    for cell in solved["cells"]:
        if cell["id"] in ("cell-2", "cell-7"):
            cell["source"] = SCRIPT + "\x1b[31mred"
    solved["cells"].append({"cell_type": "code", "metadata": {}, "source": SCRIPT, "outputs": []})
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT, "image/svg+xml": "<svg/>"}}
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG}}
    forged = {"output_type": "display_data", "metadata": {}, "data": {"image/png": f'{PNG}" onerror="alert(1)'}}
    error = {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": [SCRIPT]}
    cells = results(double=FAILED, message=SCRIPT + "\x07", hint=SCRIPT)
    page = check_harmless(page_of(assignment, solved, cells, [html, picture, forged, error], "a<b>", [SCRIPT]))
    assert page.values("src") == [f"data:image/png;base64,{PNG}"] * 2  # one for each of the two solution cells
    assert SCRIPT in page.text


def test_the_policy_allows_the_style_and_nothing_else(assignment, solved):
    (policy,) = [value for value in Page(page_of(assignment, solved, results())).values("content") if "src" in value]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(text=st.text(), kind=st.sampled_from(["stream", "error", "display_data", "x"]))
def test_any_text_anywhere_is_harmless(assignment, solved, text, kind):
    solved["cells"][2]["source"] = solved["cells"][-1]["source"] = text
    output = {"output_type": kind, "text": text, "ename": text, "evalue": text, "traceback": [text], "name": text}
    output["data"] = {"text/plain": text, "image/png": text, "text/html": text}
    cells = results(double=FAILED, message=text, hint=text)
    check_harmless(page_of(assignment, solved, cells, [output], notes=[text]))


class TestInert:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\x1b[1;31mred\x1b[0m", "red"),
            ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
            (" 10%\r 50%\r100%\n", "100%\n"),
            ("a\x00b\u202ec", "a\ufffdb\ufffdc"),
            ("1\n2\n3\n4", "1\n2\n[... 2 more lines]"),
            ("x" * 30, "x" * 20 + " [...]"),
        ],
    )
    def test_plain_text_is_what_a_terminal_leaves(self, text, shown):
        assert plain_text(text, lines=2, columns=20) == shown

    def test_outputs_are_cut_to_a_number(self):
        outputs = inert_outputs([{"output_type": "stream", "name": "stdout", "text": "x\n"}] * 60)
        assert len(outputs) == 51
        assert outputs[-1]["text"] == "[... 10 more outputs]\n"

    @pytest.mark.parametrize(
        "text",
        [
            SCRIPT,
            "[a](javascript:alert(1))",
            "[a](  JavaScript:alert(1))",
            "[a](<javascript:alert(1)>)",
            "[a](&#106;avascript:alert(1))",
            "[a][r]\n\n[r]: javascript:alert(1)",
            "> [r]: javascript:alert(1)\n\n[r]",
            "<javascript:alert(1)>",
            "![a](http://evil/x.png)",
            "![a\nb](http://evil/x.png)",
            "![![a](attachment:gone.png)](http://evil/x.png)",
            "![a](attachment:gone.png)",
            "![a][r]\n\n[r]: http://evil/x.png",
            "[a](data:text/html,<script>)",
            "<!-- <script> --> <?php <svg/onload=alert(1)>",
        ],
    )
    def test_nbconvert_makes_nothing_live_of_inert_markdown(self, text):
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

        renderer = IPythonRenderer(escape=False, attachments={"ok.png": {"image/png": PNG}})
        page = Page(MarkdownWithMath(renderer=renderer).render(inert_markdown(text, {"ok.png"})))
        assert set(page.tags) <= {"p", "a", "blockquote"}
        assert all(re.match("https?:|attachment:", value) for value in page.values("href"))

    def test_ordinary_markdown_stays_what_it_is(self):
        text = (
            "# Why\n\nBecause $a<b$ and `f[0](x)`; see [this](https://x.org) and ![plot](attachment:ok.png).\n\n* one"
        )
        assert inert_markdown(text, {"ok.png"}).replace("\u2060", "") == text
        assert "[this](https://x.org)" in inert_markdown(text)
        assert "![plot](attachment:ok.png)" in inert_markdown(text, {"ok.png"})
