"""Modules find what belongs to them, change modes, freeze, and take a state back."""

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, nn
from plainnet.module import Module


def network(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(4, 6, rng),
        plainnet.relu,
        nn.residual(nn.Linear(6, 6, rng), nn.BatchNorm(6), nn.Dropout(0.5, rng)),
        nn.Linear(6, 2, rng),
    )


class Tied(Module):
    """Uses one weight twice, and keeps its parameters in several ways."""

    def __init__(self):
        self.first = nn.Linear(3, 3, np.random.default_rng(0))
        self.again = self.first
        self.scales = [Tensor(np.ones(3), requires_grad=True), Tensor(np.ones(3), requires_grad=True)]
        self.counts = np.zeros(2)

    def forward(self, x):
        return self.again(self.first(x) * self.scales[0]) * self.scales[1]


def test_parameters_are_found_at_any_depth_in_order_and_once():
    names = list(network().named_arrays())
    assert names[:4] == ["layers.0.w", "layers.0.b", "layers.2.layers.0.layers.0.w", "layers.2.layers.0.layers.0.b"]
    assert len(network().parameters()) == 8
    assert len(Tied().parameters()) == 4


def test_state_has_running_averages_but_parameters_have_not():
    model = network()
    assert [name for name in model.state() if "running" in name] == [
        "layers.2.layers.0.layers.1.running_mean",
        "layers.2.layers.0.layers.1.running_variance",
    ]
    assert len(model.state()) == 10
    assert sorted(Tied().state()) == [
        "again.b", "again.w", "counts", "first.b", "first.w", "scales.0", "scales.1",
    ]  # fmt: skip


def test_modes_reach_every_module():
    model = network()
    assert all(module.training for module in model.modules())
    assert not any(module.training for module in model.eval().modules())
    assert all(module.training for module in model.train().modules())


def test_what_is_frozen_neither_trains_nor_averages_and_thaws_again():
    model = network()
    block = model.layers[2].freeze()
    before = {name: array.copy() for name, array in block.state().items()}
    assert len(model.parameters()) == 4
    model.train()
    model(np.random.default_rng(0).normal(size=(8, 4))).sum().backward()
    assert all(module.training is False for module in block.modules())
    for name, array in block.state().items():
        np.testing.assert_array_equal(array, before[name])
    block.freeze(False)
    assert len(model.train().parameters()) == 8
    assert all(module.training for module in block.modules())


def test_a_state_goes_into_another_model_by_value():
    first, second = network(0), network(1)
    second.load_state(first.state())
    for a, b in zip(first.state().values(), second.state().values()):
        np.testing.assert_array_equal(a, b)
        assert not np.shares_memory(a, b)


def test_a_state_of_another_model_changes_nothing():
    model, rng = network(), np.random.default_rng(5)
    before = {name: array.copy() for name, array in model.state().items()}
    other = {name: array + 1 for name, array in model.state().items()}
    lacking = {name: array for name, array in other.items() if name != "layers.0.b"}
    wrong = other | {"layers.3.w": rng.normal(size=(6, 3))}
    for state, message in [
        (lacking, "lacks.*layers.0.b"),
        (other | {"new": rng.normal(size=2)}, "new"),
        (wrong, "layers.3.w has"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.load_state(state)
    for name, array in model.state().items():
        np.testing.assert_array_equal(array, before[name])


def test_astype_changes_parameters_and_averages():
    model = network().astype(np.float64)
    assert {array.dtype for array in model.state().values()} == {np.dtype(float)}
    assert model.eval()(np.zeros((1, 4))).dtype == np.float64


def test_plain_functions_are_layers():
    model = nn.Sequential(plainnet.relu, lambda x: x * 2)
    np.testing.assert_array_equal(model(np.array([-1.0, 3.0])).data, [0, 6])
    assert model.parameters() == []


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Module needs a forward"):
        Module()(1)


def test_two_models_train_in_two_threads_as_they_would_alone():
    from concurrent.futures import ThreadPoolExecutor

    from plainnet import data, losses, optim
    from plainnet.train import fit

    def training(seed):
        rng = np.random.default_rng(seed)
        model = nn.Sequential(nn.Linear(2, 8, rng), plainnet.tanh, nn.Dropout(0.1, rng), nn.Linear(8, 2, rng))
        x, t = data.moons(100, rng)
        optimizer = optim.Adam(model.parameters())
        fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=10, rng=rng,
            validation=(x, t), progress=False)  # fmt: skip
        return np.concatenate([array.ravel() for array in model.state().values()])

    alone = [training(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(training, range(4)))
    for a, b in zip(alone, together):
        np.testing.assert_array_equal(a, b)
