"""The workloads in plainnet."""

from itertools import pairwise

import numpy as np
import plainnet
from plainnet import nn, optim, relu, tanh

from . import LR, problem


def workloads():
    return {
        "W1": lambda: binary("W1", mlp([2, 16, 16, 1], relu)),
        "W2": lambda: classifier("W2", mlp([784, 512, 128, 10], relu)),
        "W2 Adam": lambda: classifier("W2 Adam", mlp([784, 512, 128, 10], relu), optim.Adam),
        "W3": lambda: classifier("W3", lenet()),
        "W4": lambda: classifier("W4", vgg()),
        "W5": lambda: binary("W5", mlp([2, 4, 1], tanh)),
        "W6": lambda: classifier("W6", LastState()),
    }


def rng():
    return np.random.default_rng(0)


def mlp(sizes, activation):
    layers = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b, rng()), activation]
    return nn.Sequential(*layers[:-1])


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, rng(), padding=2), relu, nn.MaxPool2d(2), nn.Conv2d(6, 16, 5, rng()), relu, nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120, rng()), relu, nn.Linear(120, 84, rng()), relu, nn.Linear(84, 10, rng()),
    )  # fmt: skip


def vgg():
    def block(a, b):
        return nn.Conv2d(a, b, 3, rng(), padding=1), nn.BatchNorm(b), relu

    return nn.Sequential(
        *block(3, 32), *block(32, 32), nn.MaxPool2d(2), *block(32, 64), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(4096, 10, rng()),
    )  # fmt: skip


class LastState(nn.Module):
    def __init__(self):
        self.lstm, self.out = nn.LSTM(32, 128, rng()), nn.Linear(128, 10, rng())

    def forward(self, x):
        return self.out(self.lstm(x)[:, -1])


def classifier(name, model, optimizer=optim.SGD):
    x, t = problem(name)
    x = plainnet.Tensor(x)
    return training_step(model, optimizer, lambda: plainnet.softmax_cross_entropy(model(x), labels=t))


def binary(name, model):
    x, t = problem(name)
    x = plainnet.Tensor(x)
    return training_step(model, optim.SGD, lambda: plainnet.bce_with_logits(model(x), targets=t))


def training_step(model, optimizer, loss):
    optimizer = optimizer(model.parameters(), lr=LR)

    def step():
        optimizer.zero_grad()
        loss().backward(keep=False)
        optimizer.step()

    return step
