"""The table of a model, with the lecture's counts."""

import numpy as np
import plainnet
from plainnet import nn
from plainnet.overview import count_parameters, summary


def test_the_lectures_network_has_418060_parameters():
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(784, 500, rng), plainnet.relu, nn.Linear(500, 50, rng), plainnet.relu, nn.Linear(50, 10, rng)
    )
    assert summary(model, (784,)).splitlines() == [
        "layer   output shape  parameters",
        "Linear  (N, 500)         392,500",
        "relu    (N, 500)               0",
        "Linear  (N, 50)           25,050",
        "relu    (N, 50)                0",
        "Linear  (N, 10)              510",
        "total 418,060, of which trained 418,060",
    ]


def test_images_blocks_and_frozen_layers():
    rng = np.random.default_rng(0)
    block = nn.residual(nn.Conv2d(4, 4, 3, rng, padding=1), nn.BatchNorm(4))
    model = nn.Sequential(nn.Conv2d(1, 4, 3, rng).freeze(), nn.Sequential(block, nn.MaxPool2d(2)), nn.Flatten())
    lines = summary(model, (8, 8, 1)).splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["Conv2d", "Branches", "MaxPool2d", "Flatten"]
    assert "(N, 3, 3, 4)" in lines[3]
    assert lines[-1] == "total 196, of which trained 156"


def test_the_model_stays_as_it_was():
    model = nn.Sequential(nn.BatchNorm(3), nn.Dropout(0.5, np.random.default_rng(0)))
    summary(model, (3,))
    assert all(module.training for module in model.modules())
    assert not model.layers[0].running_mean.any()


def test_a_shared_weight_counts_once():
    layer = nn.Linear(3, 3, np.random.default_rng(0))
    assert count_parameters(nn.Sequential(layer, layer)) == 12
