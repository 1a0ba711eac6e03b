"""Tensors, graphs and backpropagation."""

import gc
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import broadcastable_shapes
from plainnet import (
    Tensor,
    add,
    backpropagate,
    draw,
    exp,
    gradcheck,
    linear,
    mul,
    no_grad,
    op,
    topological_order,
    zero_grad,
)
from plainnet.autograd import Op, unbroadcast


def leaf(value, name=""):
    return Tensor(value, requires_grad=True, name=name)


def diamond(a, b):
    c, d = a + b, a * b
    return (c + d) + c * d


@st.composite
def graphs(draw):
    """Draw a random graph of additions and multiplications; return its leaves and its last node."""
    leaves = [leaf(value) for value in (0.5, -1.5, 2.0)]
    nodes = list(leaves)
    for _ in range(draw(st.integers(1, 12))):
        a, b = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(2))
        nodes.append(draw(st.sampled_from([add, mul]))(a, b))
    return leaves, nodes[-1]


# The chain rule


def test_the_lecture_example_has_value_6_and_derivatives_2_and_5():
    a, b = leaf(2.0), leaf(1.0)
    e = (a + b) * (b + 1)
    e.backward()
    assert (e.item(), a.grad, b.grad) == (6, 2, 5)


def test_the_diamond_has_derivatives_25_and_19():
    a, b = leaf(2.0), leaf(3.0)
    diamond(a, b).backward()
    assert (a.grad, b.grad) == (25, 19)


def test_an_input_used_twice_gets_both_gradients():
    x = leaf([1.0, -2.0])
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, -4])


def test_a_second_backward_pass_adds_to_the_leaves_alone():
    a, b = leaf(2.0), leaf(3.0)
    c = a + b
    y = c * a
    y.backward()
    y.backward()
    assert (a.grad, b.grad) == (2 * 7, 2 * 2)
    assert (c.grad, y.grad) == (2, 1)


def test_two_graphs_over_one_leaf_add_up_until_zero_grad():
    a, b = leaf(2.0), leaf(5.0)
    (3 * a).backward()
    (a * a * b).backward()
    assert a.grad == 3 + 20
    zero_grad([a, b])
    assert a.grad is None
    assert b.grad is None


def test_a_leaf_can_be_its_own_root():
    a = leaf(2.0)
    a.backward()
    assert a.grad == 1


@pytest.mark.slow
def test_a_chain_of_100000_nodes_is_no_problem():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1
    y.backward()
    assert x.grad == 1


def test_gradients_of_data_are_not_computed():
    calls = []

    @op("spy")
    def spy(x, w):
        return x * w

    spy.vjp(x=lambda g, y, x, w: calls.append("x"), w=lambda g, y, x, w: g * x)
    spy(np.ones(2), leaf(np.ones(2))).backward(np.ones(2))
    assert calls == []


@given(graphs())
def test_backpropagate_yields_every_node_once_after_all_its_users(graph):
    _, root = graph
    order = list(backpropagate(root))
    position = {node: i for i, node in enumerate(order)}
    assert len(position) == len(order)
    for node in order:
        assert all(position[node] < position[x] for x in node.inputs)


@given(graphs())
def test_topological_order_puts_inputs_before_outputs(graph):
    _, root = graph
    order = topological_order(root)
    position = {node: i for i, node in enumerate(order)}
    assert order[-1] is root
    assert all(position[x] < position[node] for node in order for x in node.inputs)


@given(graphs())
def test_gradients_of_random_graphs_agree_with_forward_mode(graph):
    leaves, root = graph
    root.backward()
    for x in leaves:
        tangents = {}
        for node in topological_order(root):
            if node.op is None:
                tangents[node] = float(node is x)
            else:
                a, b = node.inputs
                factors = (1, 1) if node.op is add else (b.data, a.data)
                tangents[node] = factors[0] * tangents[a] + factors[1] * tangents[b]
        want = tangents[root]
        assert (0.0 if x.grad is None else x.grad) == pytest.approx(want, rel=1e-9, abs=1e-300)


def test_backpropagation_can_be_paused_at_any_node():
    a, b = leaf(2.0), leaf(3.0)
    c = a * b
    y = exp(c)
    steps = backpropagate(y)
    assert next(steps) is y
    assert next(steps) is c
    assert c.grad == y.data
    assert a.grad is None


def test_training_can_drop_the_gradients_between():
    a = leaf(2.0)
    b = a * 3
    (b * b).backward(keep=False)
    assert b.grad is None
    assert a.grad == 36


@given(st.data(), broadcastable_shapes((2, 1, 3), max_dims=3))
def test_unbroadcast_is_the_adjoint_of_broadcasting(data, shape):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    full = np.broadcast_shapes(shape, (2, 1, 3))
    x, g = rng.normal(size=shape), rng.normal(size=full)
    assert np.sum(unbroadcast(g, shape) * x) == pytest.approx(np.sum(g * np.broadcast_to(x, full)), abs=1e-9)


# Where backward starts


def test_backward_of_an_array_asks_for_g():
    with pytest.raises(ValueError, match=r"scalar loss; this tensor has shape \(2,\): pass g"):
        (leaf([1.0, 2.0]) * 2).backward()


def test_g_must_have_the_shape_of_the_tensor():
    with pytest.raises(ValueError, match=r"\(2,\); it has shape \(3,\)"):
        (leaf([1.0, 2.0]) * 2).backward(np.ones(3))


def test_backward_without_any_leaf_says_what_to_do():
    with pytest.raises(ValueError, match="requires_grad=True"):
        (Tensor(1.0) * 2).backward()


def test_the_g_passed_in_is_not_kept():
    x, g = leaf([1.0, 2.0]), np.ones(2)
    (x + 0).backward(g)
    g[:] = 7
    np.testing.assert_array_equal(x.grad, [1, 1])


# Data types


@pytest.mark.parametrize("number", [2, 2.5, True, np.float64(2.5), np.int64(2), np.arange(1, 3), [1, 2]])
def test_numbers_take_the_dtype_of_the_tensor(number):
    x = Tensor(np.ones(2, np.float32), requires_grad=True)
    for y in x * number, number * x, x - number, x / number:
        assert y.dtype == np.float32


def test_a_gradient_has_the_dtype_of_its_tensor():
    w = Tensor(np.ones(2, np.float32), requires_grad=True)
    y = w * np.ones(2)
    y.backward(np.ones(2))
    assert (y.dtype, w.grad.dtype) == (np.float64, np.float32)


@pytest.mark.parametrize("data", [3, [1, 2], np.arange(3), np.array([True, False]), np.uint8(200), 10**30])
def test_integers_become_float64(data):
    x = leaf(data)
    (x * x).sum().backward()
    assert x.dtype == x.grad.dtype == np.float64
    np.testing.assert_array_equal(x.grad, 2 * x.data)


@pytest.mark.parametrize("data", ["a", None, 1j, [[1, 2], "b"], [Tensor(1.0)]])
def test_what_is_no_array_of_real_numbers_is_refused(data):
    with pytest.raises((TypeError, ValueError)):
        Tensor(data)


def test_a_parameter_owns_its_array():
    start = np.zeros(3)
    w = leaf(start)
    w.data += 1
    np.testing.assert_array_equal(start, 0)


# Tensors as arrays


def test_operators_work_with_numbers_and_arrays_on_either_side():
    x, array = leaf([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
    for tensor, want in [
        (array + x, array + x.data), (x + array, x.data + array), (2 - x, 2 - x.data), (x - 2, x.data - 2),
        (array * x, array * x.data), (3 / x, 3 / x.data), (array / x, array / x.data), (x / 4, x.data / 4),
        (2**x, 2**x.data), (x**2, x.data**2), (array @ x, array @ x.data), (x @ array, x.data @ array),
        (-x, -x.data), (abs(-x), x.data), (x.T, x.data.T), (x[0, 1], 2.0), (x[:, [1, 1]], x.data[:, [1, 1]]),
        (x.reshape(4), x.data.reshape(4)), (x.reshape(1, -1), x.data.reshape(1, -1)),
        (x.reshape((4, 1)), x.data.reshape((4, 1))),
        (x.transpose(1, 0), x.data.T), (x.sum(0), [4, 6]), (x.mean(axis=1), [1.5, 3.5]), (x.max(1, True), [[2], [4]]),
    ]:  # fmt: skip
        assert isinstance(tensor, Tensor)
        assert tensor.requires_grad
        np.testing.assert_array_equal(tensor.data, want)


def test_tensors_convert_iterate_and_measure_like_arrays():
    x = leaf([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert (x.shape, x.ndim, x.size, len(x)) == ((3, 2), 2, 6, 3)
    assert [row.data.tolist() for row in x] == [[1, 2], [3, 4], [5, 6]]
    assert (x[0, 1].item(), float(x[0, 0]), bool(x[0, 0] - 1)) == (2.0, 1.0, False)


def test_numpy_functions_refuse_a_tensor_instead_of_losing_its_graph():
    with pytest.raises(TypeError):
        np.arctan(leaf(1.0))
    with pytest.raises(TypeError, match="plainnet's function"):
        np.asarray(leaf(1.0))


def test_repr_shows_values_name_and_origin():
    x = leaf([1.0, 2.0], "x")
    assert repr(x) == "Tensor([1., 2.], name='x', requires_grad=True)"
    assert repr(x * 2) == "Tensor([2., 4.], op=mul)"
    assert repr(Tensor(np.float32(3))) == "Tensor(3., dtype=float32)"
    assert len(repr(Tensor(np.zeros((100, 100))))) < 400


def test_a_mistyped_attribute_is_an_error():
    with pytest.raises(AttributeError):
        leaf(1.0).gard = 0


# no_grad


def test_no_grad_records_nothing_as_block_and_as_decorator():
    x = leaf(2.0)
    with no_grad():
        assert not (x * x).requires_grad
        with no_grad():
            pass
        assert not (x * x).requires_grad
    assert not no_grad()(lambda: x * x)().requires_grad
    assert (x * x).requires_grad


def test_no_grad_ends_with_an_exception():
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (leaf(1.0) * 2).requires_grad


def test_no_grad_in_one_thread_leaves_others_recording():
    recorded = []
    with no_grad():
        thread = threading.Thread(target=lambda: recorded.append((leaf(1.0) * 2).requires_grad))
        thread.start()
        thread.join()
    assert recorded == [True]


# Memory


def test_memory_does_not_grow_over_1000_steps_without_the_cycle_collector():
    w, b = leaf(np.ones((20, 20))), leaf(np.zeros(20))
    x = np.ones((10, 20))

    def train(steps):
        for _ in range(steps):
            zero_grad([w, b])
            linear(linear(x, w, b), w, b).mean().backward()

    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        train(100)  # Python's free lists fill up
        before, _ = tracemalloc.get_traced_memory()
        train(1000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 3000  # bytes: less than one array of a step


# Errors


def test_an_error_in_a_forward_pass_names_the_op_and_the_shapes():
    with pytest.raises(ValueError, match="matmul") as caught:
        leaf(np.ones((2, 3))) @ np.ones((2, 3))
    assert "in matmul(a(2, 3), b(2, 3))" in caught.value.__notes__


def test_an_error_in_a_rule_names_the_op_and_the_shapes():
    @op("twice")
    def twice(x, *, axis):
        return 2 * x

    twice.vjp(x=lambda g, y, x, axis: g[:, :2])
    with pytest.raises(ValueError, match=r"shape \(3, 2\), its input has shape \(3, 4\)") as caught:
        twice(leaf(np.ones((3, 4))), axis=1).backward(np.ones((3, 4)))
    assert "in a VJP rule of twice(x(3, 4), axis=1) -> y(3, 4)" in caught.value.__notes__


def test_an_op_needs_a_rule_for_each_input():
    @op("f")
    def f(a, b):
        return a + b

    with pytest.raises(TypeError, match=r"a VJP rule for each of \('a', 'b'\), got \('a',\)"):
        f.vjp(a=lambda g, y, a, b: g)


def test_an_op_without_rules_says_so():
    f = Op(lambda x: x, "f")
    with pytest.raises(NotImplementedError, match="register"):
        f(leaf(1.0)).backward()


def test_help_on_an_op_shows_its_own_text():
    assert exp.__doc__.startswith("Return e to the power of x.")
    assert exp.__name__ == "exp"


def test_a_new_op_takes_six_lines_and_can_be_checked_and_drawn():
    @op("cube")
    def cube(x):
        """Return x to the power of three."""
        return x**3

    cube.vjp(x=lambda g, y, x: 3 * g * x**2)

    gradcheck.check(cube, np.array([1.0, -2.0]), rng=np.random.default_rng(0))
    y = cube(leaf(2.0, "x"))
    assert "v1 = cube(x)  8" in draw.text(y)
    assert ">cube</text>" in draw.svg(y)
