"""O-ring curve: a logistic regression learns the risk of damage from the launch temperature; how far may one trust it?

Gradient descent with plainnet on the 23 flights before Challenger. The 95 % interval is Wald's: what the curvature of
the likelihood at its maximum says about the score, carried through the sigmoid.
"""

import functools

import numpy as np

from plainnet import data, optim
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import line, plot, points, table
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy

ALL, NOT_COLDEST, NOT_COLD = "all 23", "without the coldest (53 °F)", "without the four below 65 °F"
COLDER_THAN = {ALL: 0, NOT_COLDEST: 54, NOT_COLD: 65}  # flights below this temperature are left out
STANDARD, RAW = "standardised", "raw °F"
RATES = {STANDARD: 1.0, RAW: 0.001}  # ten times as much, and the raw one swings
STEPS = (0, 1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000, 2000)
COLDEST, WARMEST = 28, 86  # °F, the picture's ends
LAUNCH = 31  # °F, on the morning of 28 January 1986
CURVE = np.linspace(COLDEST, WARMEST, 88)
CONFIDENT = 1.959964  # standard errors each way hold 95 % of a normal distribution


def record(temperature=60, flights=ALL, inputs=STANDARD):
    """Record the fit of the curve, step by step, and read it off at one temperature.

    Parameters
    ----------
    temperature : float
        In °F.
    flights : str
        "all 23", "without the coldest (53 °F)" or "without the four below 65 °F".
    inputs : str
        "standardised" or "raw °F": what gradient descent sees.

    Returns
    -------
    Recording
    """
    if flights not in COLDER_THAN or inputs not in RATES:
        raise ValueError(f"expected one of {list(COLDER_THAN)} and of {list(RATES)}; got {flights!r}, {inputs!r}")
    x, t = chosen(flights)
    fits = trained(flights, inputs)
    frames = [shown(fit, temperature) for fit in fits[:-1]]
    frames.append(read_off(fits[-1], temperature, x, inputs))
    return Recording(
        frames,
        title=f"O-rings at {number(temperature)} °F",
        description=f"Flights ({flights}) as dots: launch temperature across, damage (1) or none (0) up; equal dots "
        f"are stacked. A curve, the probability of damage, learns by gradient descent, inputs {inputs}. At the "
        f"end it is read off at {number(temperature)} °F, with a 95 % interval, and a warning where nobody flew.",
        parts=[[
            plot(points("safe", label="no damage", colour=0), points("damaged", label="damage", colour=1),
                 points("here", label="read off here", colour=2), line("curve_x", "p", label="probability", colour=0),
                 line("band_x", "low", label="95 % interval", colour=3), line("band_x", "high", colour=3),
                 line("edge_x", "edge_y", label="coldest flight", colour=4), x="launch temperature (°F)",
                 y="probability of damage", x_range=[COLDEST, WARMEST], y_range=[-0.1, 1.1], width=3,
                 title="Flights and curve"),
            table("reading", columns=["quantity", "value"], title="The reading"),
        ]],
        static={"safe": stacked(x[t == 0], 0), "damaged": stacked(x[t == 1], 1), "curve_x": CURVE,
                "edge_x": np.full(2, x.min()), "edge_y": np.array([-0.1, 1.1])},
        asks=[question(fits[-1], temperature)],
        rate=2,
    )  # fmt: skip


def chosen(flights):
    """Return the temperatures (n,) in °F and whether there was damage (n,)."""
    x, t = data.challenger()
    keep = x[:, 0] >= COLDER_THAN[flights]
    return x[keep, 0].astype(float), t[keep]


@functools.cache
def trained(flights, inputs):
    """Return (step, w, b, loss) at each of `STEPS`, w per °F: gradient descent on the mean logistic loss."""
    x, t = chosen(flights)
    mean, std = (x.mean(), x.std()) if inputs == STANDARD else (0.0, 1.0)
    s = Tensor((x - mean) / std)
    v, c = Tensor(np.zeros(()), requires_grad=True), Tensor(np.zeros(()), requires_grad=True)
    optimizer, found = optim.SGD([v, c], lr=RATES[inputs]), []
    for step in range(STEPS[-1] + 1):
        loss = binary_cross_entropy(s * v + c, t)
        if step in STEPS:
            w = float(v.data) / std
            found.append((step, w, float(c.data) - w * mean, loss.item()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return found


def probability(w, b, x):
    """Return the sigmoid of w x + b."""
    return np.exp(-np.logaddexp(0, -(w * x + b)))


def interval(w, b, x, at):
    """Return the lower and upper end of the 95 % interval for the probability at the temperatures `at`."""
    p, rows = probability(w, b, x), np.stack([x, np.ones(len(x))], axis=1)
    covariance = np.linalg.inv(rows.T @ (rows * (p * (1 - p))[:, None]))  # of (w, b)
    v = np.stack([at, np.ones_like(at)], axis=-1)  # (..., 2)
    half = CONFIDENT * np.sqrt(np.sum(v @ covariance * v, axis=-1))
    score = w * at + b
    return probability(1, 0, score - half), probability(1, 0, score + half)


def shown(fit, temperature):
    """Return a frame on the way: the curve after some steps."""
    step, w, b, loss = fit
    text = f"Step {step}: loss {number(loss, 4)}."
    if step == 0:
        text += " Without knowledge the curve says 1/2 everywhere."
    reading = [["steps", str(step)], ["loss", number(loss, 4)], ["temperature", f"{number(temperature)} °F"],
               ["probability", "?"], ["95 % interval", "?"]]  # fmt: skip
    nothing = np.full(2, COLDEST)  # a band without width, at the edge: not known yet
    return {"text": text, "p": probability(w, b, CURVE), "band_x": nothing, "low": nothing * 0.0, "high": nothing * 0.0,
            "here": np.zeros((0, 2)), "reading": reading}  # fmt: skip


def read_off(fit, temperature, x, inputs):
    """Return the last frame: the curve, its interval, the reading, and the warning where nobody has flown."""
    step, w, b, loss = fit
    p = float(probability(w, b, temperature))
    frame = shown(fit, temperature)
    text = f"At {number(temperature)} °F the curve says {number(p, 4)}"
    frame["here"] = np.array([[temperature, p]])
    frame["reading"][3][1] = number(p, 4)
    if inputs == RAW:
        frame["reading"][4][1] = "none: not the best fit"
        text += (
            f". But gradient descent on raw °F has not arrived: after {step} steps its loss is still {number(loss, 4)}."
        )
    else:
        low, high = map(end, interval(w, b, x, np.array(float(temperature))))
        frame["band_x"] = CURVE
        frame["low"], frame["high"] = interval(w, b, x, CURVE)
        frame["reading"][4][1] = f"{low} to {high}"
        text += f", 95 % interval {low} to {high}."
    outside = max(x.min() - temperature, temperature - x.max())
    if outside > 0:
        where = "colder than the coldest" if temperature < x.min() else "warmer than the warmest"
        frame["error"] = (
            f"Extrapolation: {number(temperature)} °F is {number(outside)} °F {where} flight. That the curve goes on "
            "like this is an assumption of the model; no flight has tested it."
        )
    return {**frame, "text": text}


def stacked(x, label):
    """Return dots (n, 2) at the height `label`, 0 or 1; of several equal ones each stands a little nearer to 1/2."""
    level = np.array([np.sum(x[:k] == x[k]) for k in range(len(x))])
    return np.stack([x, np.abs(label - 0.05 * level)], axis=1)


def end(p):
    """Return an end of an interval in words."""
    return "nearly 0" if p < 0.0005 else "nearly 1" if p > 0.9995 else number(p, 3)


def question(fit, temperature):
    """Return the question before the first step: what will the curve say?"""
    p = float(probability(fit[1], fit[2], temperature))
    choices = ["below 10 %", "10 to 50 %", "50 to 90 %", "above 90 %"]
    answer = int(np.searchsorted([0.1, 0.5, 0.9], p))
    words = f"What will the fitted curve say about {number(temperature)} °F?"
    return Ask(1, words, choices, answer, f"Its probability of damage is {number(p, 4)}.")


class ORingCurve(Demo):
    """The risk of O-ring damage against the launch temperature, and how far the curve may be trusted.

    Parameters
    ----------
    temperature, flights, inputs
        What to start with, as for `record`.
    """

    def __init__(self, temperature=60, flights=ALL, inputs=STANDARD):
        fields = [
            controls.slider("temperature", LAUNCH, 85, temperature, step=1, label="Temperature", unit="°F"),
            controls.choice("flights", list(COLDER_THAN), flights, label="Flights"),
            controls.choice("inputs", list(RATES), inputs, label="Inputs"),
        ]
        presets = {
            "A mild day, 60 °F": {"temperature": 60},
            "A warm day, 75 °F": {"temperature": 75},
            "The coldest flight, 53 °F": {"temperature": 53},
            "28 January 1986, 31 °F": {"temperature": LAUNCH},
            "31 °F, without the coldest flight": {"temperature": LAUNCH, "flights": NOT_COLDEST},
            "31 °F, without the four cold flights": {"temperature": LAUNCH, "flights": NOT_COLD},
            "31 °F, raw inputs": {"temperature": LAUNCH, "inputs": RAW},
        }
        start = {"flights": ALL, "inputs": STANDARD}
        recorded = grid(temperature=[31, 36, 42, 48, 53, 57, 60, 63, 65, 70, 75, 81], flights=list(COLDER_THAN))
        recorded = [{**start, **values} for values in recorded] + grid(temperature=[31, 53, 60, 75], inputs=[RAW])
        super().__init__(
            record, fields, {name: {**start, **values} for name, values in presets.items()}, recorded=recorded
        )
