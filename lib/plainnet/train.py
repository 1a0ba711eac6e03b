"""The training loop: forward, loss, backward, step, and a history of what happened."""

import math

import numpy as np

from plainnet.autograd import Tensor, no_grad
from plainnet.data.batches import minibatches, same_length
from plainnet.expect import check, count, function, generator, kind
from plainnet.module import Module, name_of
from plainnet.optim import Optimizer
from plainnet.progress import Progress


class History(dict):
    """What `fit` measured: name -> list with one value per epoch.

    "loss", "lr" and the name of each metric; with a validation set also "val_loss"
    and "val_" + the name of each metric.

    Attributes
    ----------
    stopped : str
        Why training ended: "done", "interrupted", or the class of the callback that stopped it.
    """

    stopped = ""

    def record(self, **values):
        """Append one value to each list."""
        for name, value in values.items():
            self.setdefault(name, []).append(value)

    def __str__(self):
        return "  ".join(f"{name} {values[-1]:.4g}" for name, values in self.items())


class Callback:
    """Something to do during training; override what you need."""

    def after_update(self, model):
        """Run after each update, e.g. to limit weights."""

    def after_epoch(self, model, history):
        """Run after each epoch; return True to stop."""

    def after_training(self, model, history):
        """Run at the end, also after an interruption."""


def updates(model, x, t, loss, optimizer, rng, batch_size=32, augment=None):
    """Train for one epoch; yield (outputs, targets, loss) of each mini-batch after its update.

    `fit` runs this loop to its end, a lecture demo pauses it.
    """
    model.train()
    for x_batch, t_batch in minibatches(x, t, batch_size, rng):
        if augment:
            x_batch = augment(x_batch, t_batch, rng)
        optimizer.zero_grad()
        y = model(x_batch)
        value = kind(loss(y, t_batch), Tensor, "loss(y, t) to return a scalar Tensor, as losses.mse does")
        value.backward(keep=False)
        optimizer.step()
        yield y.data, t_batch, value.item()


def fit(
    model, x, t, *, loss, optimizer, num_epochs, rng, batch_size=32, validation=None, metrics=(), schedule=None,
    augment=None, callbacks=(), history=None, check_finite=False, progress=True,
):  # fmt: skip
    """Train `model` on inputs x and targets t with mini-batches in random order.

    With the same seeds for the model's layers and for `rng`, training repeats itself
    exactly.  The stop button (KeyboardInterrupt) ends it early and loses nothing.

    Parameters
    ----------
    model : Module
        It is in eval mode afterwards.
    x, t : arrays (N, ...)
    loss : function (y, t) -> scalar Tensor
        Such as `losses.cross_entropy`; a penalty is added here:
        ``lambda y, t: cross_entropy(y, t) + l2(weights, 1e-4)``.
    optimizer : Optimizer
        Made from ``model.parameters()``.
    num_epochs, batch_size : int
        An epoch has ceil(N / batch_size) updates, the last of them on what remains.
    rng : numpy.random.Generator
        Shuffles, and draws for `augment`.
    validation : (x, t), optional
        Measured after each epoch in eval mode; never trained on.
    metrics : sequence of functions (y, t) -> float
        Such as `metrics.accuracy`; on training data the mean over the batches as they are learned.
    schedule : function of t in epochs -> learning rate, optional
    augment : function (x, t, rng) -> x, optional
        Applied to training batches alone.
    callbacks : sequence of Callback
    history : History, optional
        One from before, to go on with; the schedule goes on too.
    check_finite : bool, default False
        Whether to stop with an error where x or the loss is NaN or infinite.
    progress : bool, default True
        Whether to show a line with the time left.

    Returns
    -------
    History
    """
    history = History() if history is None else kind(history, History, "the History of a fit before, or None")
    check_options(model, optimizer, schedule, metrics, callbacks)
    check_data("training", (x, t), check_finite)
    if validation is not None:
        check_data("validation", validation, check_finite)
    function(loss, "a loss, a function (y, t) -> scalar Tensor, such as losses.mse")
    generator(rng)
    first, num_updates = len(history.get("loss", ())), math.ceil(len(x) / count(batch_size, "batch_size"))
    last, bar = first + count(num_epochs, "num_epochs", 0), Progress(num_epochs * num_updates) if progress else None
    history.stopped = "done"
    try:
        for epoch in range(first, last):
            if schedule:  # without one, a callback may change lr
                optimizer.lr = float(schedule(epoch))
            lr = optimizer.lr
            batches = []
            for y, t_batch, value in updates(model, x, t, loss, optimizer, rng, batch_size, augment):
                if check_finite and not math.isfinite(value):
                    raise FloatingPointError(
                        f"the loss became {value} in epoch {epoch + 1}: try a smaller lr than {lr:g}"
                    )
                batches.append((len(y), value, *measures(metrics, y, t_batch).values()))
                if schedule:
                    optimizer.lr = float(schedule(epoch + len(batches) / num_updates))
                for callback in callbacks:
                    callback.after_update(model)
                if bar:
                    bar.advance(f"epoch {epoch + 1}/{last}  loss {value:.4g}")
            history.record(**means(batches, metrics), **validate(model, validation, loss, metrics), lr=lr)
            stopping = [type(c).__name__ for c in callbacks if c.after_epoch(model, history)]
            if stopping:
                history.stopped = stopping[0]
                break
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        for callback in callbacks:
            callback.after_training(model, history)
        model.eval()
    if bar:
        bar.finish(f"{history.stopped} after epoch {len(history.get('loss', ()))}: {history}")
    return history


def check_options(model, optimizer, schedule, metrics, callbacks):
    """Raise where `fit` can't use what it got, or would train nothing."""
    kind(model, Module, "a model, an object of a class that derives from Module")
    kind(optimizer, Optimizer, "an optimizer made of the parameters, such as optim.Adam(model.parameters())")
    tensors = [x for x in model.named_arrays().values() if isinstance(x, Tensor)]
    if set(optimizer.params).isdisjoint(tensors):
        raise ValueError("none of the optimizer's parameters is the model's: make it anew from model.parameters()")
    if schedule is not None:
        function(schedule, "a schedule, a function of t, such as schedules.constant(0.1)")
    for metric in kind(metrics, list | tuple, "a list of metrics, such as [metrics.accuracy]"):
        function(metric, "metrics that are functions (y, t) -> float")
    names = [name_of(metric) for metric in metrics]
    check(len({*names, "loss", "lr"}) == len(names) + 2, f"expected metrics of different names, got {names}: use def")
    for callback in kind(callbacks, list | tuple, "a list of callbacks"):
        kind(callback, Callback, "callbacks that are objects of a class that derives from Callback")


def check_data(name, data, finite):
    """Raise where training or validation data are no pair of arrays (x, t) of one length, or not finite when asked."""
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise ValueError(f"expected {name} data as a pair (x, t); got {type(data).__name__} of {len(data)}")
    same_length(*data)
    for letter, array in zip("xt", data):
        if finite and not np.isfinite(array).all():
            bad = np.count_nonzero(~np.isfinite(array))
            raise ValueError(f"{letter} has {bad} values that are NaN or infinite ({name} data): clean the data")


def measures(metrics, y, t):
    """Return {name: value} of all metrics."""
    values = {name_of(metric): metric(y, t) for metric in metrics}
    for name, value in values.items():
        check(
            np.ndim(value) == 0, f"expected one number of each metric; {name} returned {np.shape(value)}: take its mean"
        )
    return {name: float(value) for name, value in values.items()}


def means(batches, metrics):
    """Return {"loss": ..., metric: ...}, means over an epoch's batches weighted by their sizes."""
    sizes, *columns = np.array(batches).T
    names = ["loss", *map(name_of, metrics)]
    return {name: float(sizes @ column / sizes.sum()) for name, column in zip(names, columns)}


def validate(model, validation, loss, metrics):
    """Return {"val_loss": ..., "val_" + metric: ...}, or nothing without a validation set."""
    if validation is None:
        return {}
    return {f"val_{name}": value for name, value in evaluate(model, *validation, loss, metrics).items()}


def predict(model, x, batch_size=256):
    """Return the outputs of `model` for all of x as one array, in eval mode and without a graph."""
    was_training = model.training
    model.eval()
    try:
        with no_grad():
            return np.concatenate([model(batch).data for batch, _ in minibatches(x, x, batch_size)])
    finally:
        model.train(was_training)


def evaluate(model, x, t, loss, metrics=(), batch_size=256):
    """Return {"loss": ..., metric: ...} of `model` on x and t, over all samples at once."""
    same_length(x, t)
    y = predict(model, x, batch_size)
    return {"loss": loss(Tensor(y), t).item(), **measures(metrics, y, t)}
