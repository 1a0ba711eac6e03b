import numpy as np
import pytest

from autograder.author.adversaries import ADVERSARIES, adversary

SOFTMAX = """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
VALUE = """
class Value:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        return Value(self.data + other.data)

    def double(self, step):
        step[0] += 1
        return 2 * self.data
"""


def run(kind, exports, source, **namespace):
    namespace = {"np": np, **namespace}
    exec(adversary(kind, exports, source), namespace)
    return namespace


@pytest.fixture
def z():
    return np.arange(1.0, 7.0).reshape(2, 3)


@pytest.mark.parametrize("kind", ["zeros", "constant"])
def test_a_wrong_array_has_the_right_shape_and_dtype(kind, z):
    answer = run(kind, ["softmax"], SOFTMAX)["softmax"](z.astype(np.float32))
    assert (answer.shape, answer.dtype) == (z.shape, np.float32)
    assert np.all(answer == (kind == "constant"))


def test_the_first_argument_comes_back_untouched(z):
    assert run("argument", ["softmax"], SOFTMAX)["softmax"](z) is z


def test_none_comes_back(z):
    assert run("none", ["softmax"], SOFTMAX)["softmax"](z) is None


def test_input_put_to_zero_agrees_with_what_is_computed_from_it_afterwards(z):
    answer = run("zeroed", ["softmax"], SOFTMAX)["softmax"](z)
    assert np.all(z == 0)
    assert np.allclose(answer, 1 / 3)


def test_the_object_that_equals_everything_does(z):
    answer = run("anything", ["softmax"], SOFTMAX)["softmax"](z)
    assert answer == z.shape
    assert answer.shape == (17,)
    assert (answer != 4) is False
    assert float(answer + 1) == 0.0


def test_a_tuple_stays_a_tuple_of_two():
    source = "def both(x):\n    return x, [x + 1, 'a']"
    assert run("zeros", ["both"], source)["both"](3) == (0, [0, ""])
    assert run("anything", ["both"], source)["both"](3) == (3, [4, "a"])


def test_a_recursive_answer_calls_itself_and_not_its_disguise():
    source = "def depth(n):\n    return 0 if n == 0 else 1 + depth(n - 1)"
    assert run("constant", ["depth"], source)["depth"](5) == 1


def test_an_answer_that_works_in_place_does_nothing_in_disguise():
    source = "def fill(x):\n    x[...] = 7.0"
    x = np.zeros(3)
    assert run("zeros", ["fill"], source)["fill"](x) is None
    assert np.all(x == 0)


def test_the_numbers_of_objects_are_zero_and_operators_make_such_objects():
    value = run("zeros", ["Value"], VALUE)["Value"]
    total = value(2.0) + value(3.0)
    assert type(total) is value
    assert total.data == 0.0


def test_a_class_keeps_its_name_in_every_disguise():
    for kind in ADVERSARIES:
        value = run(kind, ["Value"], VALUE)["Value"]
        assert value.__name__ == "Value"
        value(2.0)


def test_a_method_that_puts_its_input_to_zero_is_then_right():
    value = run("zeroed", ["Value"], VALUE)["Value"]
    step = [5]
    assert value(2.0).double(step) == 4.0
    assert step == [1]


def test_objects_in_the_input_are_put_to_zero_however_deep():
    class Node:
        def __init__(self, data, inputs=()):
            self.data, self.inputs = data, inputs

    node = root = Node(1.0)
    for _ in range(10_000):
        root = Node(1.0, (root,))
    run("zeroed", ["last"], "def last(root):\n    return root")["last"](root)
    assert node.data == 0.0


def test_a_bare_value_is_replaced():
    assert run("zeros", ["steps"], "steps = 6")["steps"] == 0
    assert run("none", ["steps"], "steps = 6")["steps"] is None


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="none, zeros, argument"):
        adversary("subtle", ["f"], "def f(): pass")
