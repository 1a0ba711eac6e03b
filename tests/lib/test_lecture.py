"""The lines of the library that a lecture shows are those that run."""

import inspect

import matplotlib
import plainnet
from plainnet import lecture, regularize


def test_a_function_is_shown_as_it_stands():
    assert lecture.code_of(plainnet.backpropagate).data == inspect.getsource(plainnet.backpropagate).rstrip()


def test_a_method_starts_at_the_left():
    assert lecture.code_of(plainnet.Perceptron.learn).data.startswith("def learn(")


def test_the_docstring_alone_is_left_out():
    shown = lecture.code_of(regularize.l1, docstring=False).data
    assert '"""' not in shown
    assert shown.splitlines()[0] == inspect.getsource(regularize.l1).splitlines()[0]
    assert shown.splitlines()[-1] == inspect.getsource(regularize.l1).splitlines()[-1]


def test_a_function_without_a_docstring_stays_whole():
    def double(x):
        return 2 * x

    assert lecture.code_of(double, docstring=False).data == "def double(x):\n    return 2 * x"


def test_lines_can_be_chosen_by_what_they_hold():
    assert lecture.code_of(plainnet.softmax.forward, holding="return").data.startswith("return ")


def test_figures_are_styled_by_one_call():
    with matplotlib.rc_context():
        lecture.style_figures()
        assert matplotlib.rcParams["font.size"] >= 14
        assert matplotlib.rcParams["figure.constrained_layout.use"]
