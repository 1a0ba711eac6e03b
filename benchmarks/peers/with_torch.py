"""The workloads in PyTorch, eager, in its default layout NCHW."""

from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from . import LR, problem


def workloads():
    return {
        "W1": lambda: step("W1", mlp([2, 16, 16, 1], nn.ReLU), binary_cross_entropy_with_logits),
        "W2": lambda: step("W2", mlp([784, 512, 128, 10], nn.ReLU)),
        "W2 Adam": lambda: step("W2 Adam", mlp([784, 512, 128, 10], nn.ReLU), optimizer=torch.optim.Adam),
        "W3": lambda: step("W3", lenet()),
        "W4": lambda: step("W4", vgg()),
        "W5": lambda: step("W5", mlp([2, 4, 1], nn.Tanh), binary_cross_entropy_with_logits),
        "W6": lambda: step("W6", LastState()),
    }


def mlp(sizes, activation):
    layers = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers[:-1])


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def vgg():
    def block(a, b):
        return nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU()

    return nn.Sequential(
        *block(3, 32), *block(32, 32), nn.MaxPool2d(2), *block(32, 64), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(4096, 10),
    )  # fmt: skip


class LastState(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.out = nn.LSTM(32, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


def step(name, model, loss=cross_entropy, optimizer=torch.optim.SGD):
    x, t = map(torch.tensor, problem(name))
    if x.ndim == 4:
        x = x.permute(0, 3, 1, 2).contiguous()
    return training_step(model, optimizer, lambda: loss(model(x), t))


def training_step(model, optimizer, loss):
    optimizer = optimizer(model.parameters(), lr=LR)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step
