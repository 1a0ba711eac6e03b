"""Schedules: the learning rate falls while noisy steps go on; does it pay?

Sixty-four runs of `plainnet.optim.SGD` go down the same bowl, with noise on every gradient as mini-batches have it.
What is drawn is the mean of their losses: with the schedule, with its first rate throughout, and with a tenth of it.
"""

import numpy as np

from plainnet import schedules
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.ops import sum
from plainnet.optim import SGD

RUNS, EPOCHS, STEPS_PER_EPOCH = 64, 40, 10
STEPS_PER_POINT = 5  # on screen
CURVATURES = np.geomspace(0.03, 1.0, 8)  # of the bowl along its axes
START, NOISE = 10.0, 1.0  # where each weight starts; standard deviation of the noise on each gradient
WARM = 4  # epochs
CLOSE = 1.05  # a quotient of losses that counts as about equal
CONSTANT = "constant"


def rates(lr, half):
    """Return the schedules by name, as functions of the epoch: from lr on, and most are halved after `half`."""
    return {
        CONSTANT: schedules.constant(lr),
        "step": schedules.step(lr, every=half),
        "exponential": schedules.exponential(lr, k=np.log(2) / half),
        "1/t": schedules.inverse_time(lr, k=1 / half),
        "cosine": schedules.cosine(lr, duration=EPOCHS),
        "warm-up, cosine": schedules.warm_up(schedules.cosine(lr, duration=EPOCHS - WARM), duration=WARM),
    }


def descend(rate):
    """Return (rates, losses) at every step: the learning rate, and the mean loss of all runs."""
    rng = np.random.default_rng(0)  # the same noise for every schedule
    w = Tensor(np.full((RUNS, len(CURVATURES)), START), requires_grad=True)
    optimizer = SGD([w], lr=1.0)
    used, losses = [], []
    for step in range(EPOCHS * STEPS_PER_EPOCH + 1):
        loss = sum(w * w * (0.5 * CURVATURES))  # of all runs together: each run's gradient is its own
        losses.append(loss.item() / RUNS)
        used.append(rate(step / STEPS_PER_EPOCH))
        w.zero_grad()
        loss.backward()
        w.grad = w.grad + NOISE * rng.normal(size=w.shape)
        optimizer.lr = used[-1]
        if used[-1] > 0:
            optimizer.step()
    return np.array(used), np.array(losses)


def record(schedule="step", lr=0.5, half=8):
    """Record 40 epochs of ten noisy steps each.

    Parameters
    ----------
    schedule : str
        "constant", "step", "exponential", "1/t", "cosine" or "warm-up, cosine".
    lr : float, > 0
        The first rate.
    half : float
        Epochs after which the rate is halved, where the schedule has such a time.

    Returns
    -------
    Recording
    """
    offered = rates(lr, half)
    if schedule not in offered:
        raise ValueError(f"there is no schedule {schedule!r}; there are {', '.join(offered)}")
    compared = {schedule: offered[schedule], "the first rate, constant": schedules.constant(lr)}
    compared["a tenth of it, constant"] = schedules.constant(lr / 10)
    curves = [descend(rate) for rate in compared.values()]
    epochs = np.arange(EPOCHS * STEPS_PER_EPOCH + 1) / STEPS_PER_EPOCH
    frames = [frame(epochs, curves, schedule, k * STEPS_PER_EPOCH) for k in range(EPOCHS + 1)]
    labels = list(compared)
    largest, lowest = max(losses.max() for _, losses in curves), min(losses.min() for _, losses in curves)
    return Recording(
        frames,
        title=f"Schedules: {schedule}",
        description=f"Left: the learning rate over {EPOCHS} epochs, with the schedule {schedule}, constant, and "
        f"constant at a tenth. Right, on a logarithmic axis: the mean loss of {RUNS} noisy descents with each of them.",
        parts=[[
            plot(line("epoch", "rate", label=labels[0], colour=0),
                 *[line("ends", f"rate{i}", label=labels[i], colour=i) for i in (1, 2)], x="epoch", y="learning rate",
                 x_range=[0, EPOCHS], y_range=[0, 1.05 * lr], title="Learning rate"),
            plot(*[line("epoch", f"loss{i}", label=label, colour=i) for i, label in enumerate(labels)], x="epoch",
                 y="loss, mean of 64 runs", x_range=[0, EPOCHS], y_log=True, y_range=[0.8 * lowest, 1.2 * largest],
                 title="Loss", width=1.2),
        ]],
        asks=[question(labels, [losses[-1] for _, losses in curves])],
        rate=6,
    )  # fmt: skip


def frame(epochs, curves, schedule, step):
    """Return the frame after `step` steps."""
    seen = slice(0, step + 1, STEPS_PER_POINT)
    values = {f"loss{i}": losses[seen] for i, (_, losses) in enumerate(curves)}
    values |= {f"rate{i}": curves[i][0][[0, step]] for i in (1, 2)}  # constant: two points make the line
    rate, losses = number(curves[0][0][step], 3), [number(losses[step], 3) for _, losses in curves]
    text = f"Epoch {epochs[step]:g}: {schedule} is at the rate {rate}, loss {losses[0]}; "
    text += f"the first rate throughout: {losses[1]}; a tenth of it: {losses[2]}."
    return {"text": text, "epoch": epochs[seen], "ends": epochs[[0, step]], "rate": curves[0][0][seen], **values}


def question(labels, final):
    """Return the question before the start: which rate ends lowest?"""
    if labels[0] == CONSTANT:
        labels, final = labels[1:], final[1:]
    first, second = np.sort(final)[:2]
    winner = int(np.argmin(final)) if second > CLOSE * first else len(labels)
    ends = ", ".join(f"{label}: {number(loss, 2)}" for label, loss in zip(labels, final))
    choices = [*labels, "two of them, about equal"]
    return Ask(1, f"Which of them has the lowest loss after {EPOCHS} epochs?", choices, winner, f"{ends}.")


class SchedulePlot(Demo):
    """A learning rate over time, and what it makes of noisy descents.

    Parameters
    ----------
    schedule, lr, half
        What to start with, as for `record`.
    """

    def __init__(self, *, schedule="step", lr=0.5, half=8):
        fields = [
            controls.choice("schedule", list(rates(1.0, 1)), schedule, label="Schedule"),
            controls.slider("lr", 0.02, 1.9, lr, label="First rate", log=True),
            controls.slider("half", 1, 20, half, step=1, label="Halved after", unit="epochs"),
        ]
        presets = {f"{name}": {"schedule": name, "lr": 0.5, "half": 8} for name in rates(1.0, 1)}
        presets |= {
            "exponential, far too fast": {"schedule": "exponential", "lr": 0.5, "half": 1},
            "1/t, from a large rate": {"schedule": "1/t", "lr": 1.5, "half": 2},
        }
        recorded = grid(schedule=["step", "exponential", "1/t"], half=[2, 4, 16])
        recorded += grid(schedule=list(rates(1.0, 1)), lr=[0.1, 1.5])
        super().__init__(record, fields, presets, recorded=recorded)
