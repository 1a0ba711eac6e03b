"""Ways to present, in a real browser: every demo as a page from a file and in Voila, a lecture as a slide deck."""

import functools
import hashlib
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import plainnet
import pytest
from plainnet import adversarial, data, demos, init, nn, optim
from plainnet.demos import penalty_fit as penalty_fit_module
from plainnet.demos import shift_bars as shift
from plainnet.demos.convolution_stepper import CROSS, SMALL
from plainnet.demos.digit_reader import as_in_the_data, digit_reader
from plainnet.demos.dropout_masks import trained
from plainnet.demos.graph_stepper import record
from plainnet.demos.pooling_stepper import LECTURE
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy, cross_entropy
from plainnet.ops import linear

from autograder.present.gallery import gallery_server, write_gallery
from autograder.present.lecture import copy_lecture, lecture_server, start_deck

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COURSE = Path(__file__).resolve().parents[2] / "course"
make = functools.cache(lambda name: getattr(demos, name)())


def caption(page):
    return page.inner_text(".pn-caption").replace("\n", " ")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def wait_for_caption(page, words):
    page.wait_for_function(
        "words => document.querySelector('.pn-caption')?.textContent.replace(/\\n/g, ' ') === words", arg=words
    )


def graph_stepper():
    a, b = plainnet.Tensor(2.0, requires_grad=True), plainnet.Tensor(1.0, requires_grad=True)
    ((a + b) * (b + 1)).backward()
    return f"∂e/∂a = {number(a.grad)}, ∂e/∂b = {number(b.grad)}"


def order_picker():
    a, b = plainnet.Tensor(2.0, requires_grad=True), plainnet.Tensor(3.0, requires_grad=True)
    c, d = a + b, a * b
    ((c + d) + c * d).backward()
    return f"The gradient is ({number(a.grad)}, {number(b.grad)})"


def perceptron_line():
    x, t = data.blobs(24, np.random.default_rng(3), noise=0.25, num_classes=2)
    unit = plainnet.Perceptron(2).fit(x / 2 + 0.5, t)
    return f"Epoch {unit.num_epochs} passes without a mistake: the line stays, after {unit.num_mistakes} mistakes."


def o_ring_curve(temperature=60):
    x, t = data.challenger()
    columns = np.hstack([x, np.ones((23, 1))]).astype(float)
    w = np.zeros(2)
    for _ in range(20):  # Newton's method, another way to the same maximum
        p = plainnet.sigmoid(columns @ w).data
        w = w - np.linalg.solve(columns.T @ (columns * (p * (1 - p))[:, None]), columns.T @ (p - t))
    return f"At {temperature} °F the curve says {number(plainnet.sigmoid(temperature * w[0] + w[1]).data)}"


def xor_network():
    x, t = data.xor()
    hidden = plainnet.relu(linear(x, np.ones((2, 2)), np.array([0.0, -1.0])))
    y = linear(hidden, np.array([[1.0], [-2.0]]), np.zeros(1)).data[:, 0]
    return f"{np.sum((y > 0.5) == (t == 1))} of 4 are right"


def relu_bumps(units=8):
    points = np.linspace(0, 2 * np.pi, 241)

    def error(n):
        knots = np.linspace(0, 2 * np.pi, n)
        return np.abs(np.interp(points, knots, np.sin(knots)) - np.sin(points)).max()

    return f"{2 * units} units instead of {units}: largest error {number(error(2 * units), 3)} instead of"


def logits_to_loss():
    scores = np.array([[2.0, 1.0, -1.0]])
    hinge = plainnet.multiclass_hinge(scores, labels=np.array([0]))
    return f"the hinge loss with margin 1: {number(hinge.data)}, gradient 0, 0, 0"


def weight_images(steps=900):
    x, t = data.digits()
    x, t, x_held, t_held = data.split(x.reshape(len(x), -1), t, 0.2, np.random.default_rng(0), stratify=True)
    rng = np.random.default_rng(0)
    layer = nn.Linear(64, 10, rng, init_w=lambda shape, rng: init.zeros(shape))
    method = optim.SGD(layer.parameters(), lr=0.5)
    for _ in range(steps // 45):
        for x_batch, t_batch in data.minibatches(x, t, 32, rng):
            method.zero_grad()
            cross_entropy(layer(x_batch), t_batch).backward()
            method.step()
    share = np.mean(layer(x_held).data.argmax(axis=1) == t_held)
    return f"{number(100 * share, 3)} % of 359 unseen digits are right."


def playground(steps=830):
    rng = np.random.default_rng(0)
    x, t = data.xor(120, rng, noise=0.075)
    x = (x - np.float32(0.5)) * np.float32(2)
    hidden, out = nn.Linear(2, 4, rng, init_w=init.xavier), nn.Linear(4, 1, rng, init_w=init.xavier)
    method = optim.Adam([*hidden.parameters(), *out.parameters()], lr=0.03)

    def loss():
        return binary_cross_entropy(out(plainnet.tanh(hidden(plainnet.Tensor(x)))), t)

    for _ in range(steps):
        method.zero_grad()
        loss().backward()
        method.step()
    return f"Step {steps}: loss {number(loss().data, 3)}, 100% of 120 points"


def gradient_flow(depth=20):
    rng = np.random.default_rng(0)
    first = layer = plainnet.Tensor(rng.normal(size=(128, 64)), requires_grad=True)
    for k in range(depth):
        w = plainnet.Tensor(init.xavier((64, 64), rng, dtype=float))
        layer = plainnet.sigmoid(linear(layer, w, plainnet.Tensor(np.zeros(64))))
        first = layer if k == 0 else first
    g = np.random.default_rng(1).normal(size=layer.shape)
    layer.backward(g / np.linalg.norm(g))
    return f"at layer 1 the gradient has norm {number(np.linalg.norm(first.grad), 3)}"


def layer_histograms(depth=10):
    rng = np.random.default_rng(0)
    first = layer = plainnet.Tensor(rng.normal(size=(128, 64)), requires_grad=True)
    for k in range(depth):
        layer = plainnet.tanh(
            linear(layer, plainnet.Tensor(rng.standard_normal((64, 64))), plainnet.Tensor(np.zeros(64)))
        )
        first = layer if k == 0 else first
    g = np.random.default_rng(1).normal(size=layer.shape)
    layer.backward(g / np.linalg.norm(g))
    return f"of a gradient of norm 1, {number(np.linalg.norm(first.grad), 2)} comes back to layer 1"


def dead_units(steps=200):
    rng = np.random.default_rng(0)
    x, t = data.digits()
    x, t = x[:512].reshape(512, -1), t[:512]
    hidden, out = nn.Linear(64, 48, rng), nn.Linear(48, 10, rng)
    method = optim.SGD([*hidden.parameters(), *out.parameters()], lr=3.0)
    for _ in range(steps):
        method.zero_grad()
        cross_entropy(out(plainnet.relu(hidden(plainnet.Tensor(x)))), t).backward()
        method.step()
    silent = np.sum(np.all(hidden(plainnet.Tensor(x)).data <= 0, axis=0))
    return f"Step {steps}: {silent} of 48 units are silent on all images"


def optimiser_race(steps=120):
    w = plainnet.Tensor(np.array([-6.0, -3.0]), requires_grad=True)
    method = optim.Nesterov([w], lr=0.1, momentum=0.9)

    def loss():
        x, y = w[0], w[1]
        return 0.02 * (x + y) ** 2 + 0.5 * (x - y) ** 2

    for _ in range(steps):
        method.zero_grad()
        loss().backward()
        method.step()
    return f"Nesterov is lowest, loss {number(loss().data, 3)}"


def batch_noise(steps=80, batch_size=4, lr=0.1):
    rng = np.random.default_rng(0)
    x = rng.normal(size=256)
    t = 3 * x + 4 + rng.normal(size=256)
    w, method_steps = np.zeros(2), 0
    while method_steps < steps:
        order = rng.permutation(256)
        for batch in order[: (steps - method_steps) * batch_size].reshape(-1, batch_size):
            error = w[0] * x[batch] + w[1] - t[batch]
            w = w - lr * np.array([np.mean(2 * error * x[batch]), np.mean(2 * error)])
            method_steps += 1
    error = w[0] * x + w[1] - t
    length = np.hypot(np.mean(2 * error * x), np.mean(2 * error))
    return (
        f"Step {steps}, {steps * batch_size} samples seen: the gradient of all samples has length {number(length, 3)}"
    )


def schedule_plot(epochs=40, lr=0.5, half=8):
    rng = np.random.default_rng(0)
    curvature, w = np.geomspace(0.03, 1.0, 8), np.full((64, 8), 10.0)
    for step in range(10 * epochs):
        w = w - lr * 0.5 ** (step // (10 * half)) * (curvature * w + rng.normal(size=w.shape))
    return f"loss {number((0.5 * curvature * w * w).sum() / 64, 3)}; the first rate throughout"


def toeplitz_view():
    x, g = np.array([3.0, 2, 2, 1, 1]), np.array([-2.0, -2, -2, -2, 2])
    signal = plainnet.Tensor(x.reshape(1, 5, 1, 1), requires_grad=True)
    w = np.zeros((3, 3, 1, 1))
    w[:, 1, 0, 0] = 1, 2, 3
    plainnet.conv2d(signal, w, np.zeros(1), padding=1).backward(g.reshape(1, 5, 1, 1))
    return f"input 5 receives column 5 times the gradient, 3·(−2) + 2·2 = {number(signal.grad[0, 4, 0, 0])}."


def penalty_fit():
    x, t = penalty_fit_module.draw(16, 0.25, 3)[:2]
    features = np.vander(x, 16, increasing=True)
    w = np.linalg.solve(2 * features.T @ features / 16 + 100 * np.eye(16), 2 * features.T @ t / 16)
    return f"Error on the training points {number(np.sqrt(np.mean((features @ w - t) ** 2)), 3)}"


def penalty_geometry(strength=3):
    rng = np.random.default_rng(8)
    x, w = rng.normal(size=(40, 12)), np.zeros(12)
    w[[1, 4, 9]] = 1.5, -1.0, 0.8
    pull = x.T @ (x @ w + 0.5 * rng.normal(size=40)) / 40  # of the loss at w = 0: L1 holds what pulls less than lambda
    assert np.all(np.abs(np.array([[1, 0.3], [0.3, 1]]) @ [1.6, 0.5]) < strength)
    return f"λ = {strength}: w = (0, 0). Of the 12 weights {np.sum(np.abs(pull) < strength)} are exactly 0"


def early_stopping(epochs=160):
    rng = np.random.default_rng(1)
    x, t = data.moons(40, rng, noise=0.35)
    held_out = data.moons(400, rng, noise=0.35)
    layers = nn.Linear(2, 32, rng), plainnet.tanh, nn.Linear(32, 32, rng), plainnet.tanh, nn.Linear(32, 1, rng)
    model = nn.Sequential(*layers)
    history = plainnet.fit(
        model, x, t, loss=binary_cross_entropy, optimizer=optim.Adam(model.parameters(), lr=0.005), rng=rng,
        num_epochs=epochs, batch_size=20, validation=held_out, progress=False,
    )  # fmt: skip
    last, best = history["val_loss"][-1], np.argmin(history["val_loss"])
    lowest = number(history["val_loss"][best], 3)
    return f"{number(last, 3)} on the others; the best so far is {lowest} in epoch {best + 1}"


def dropout_masks():
    w1, b1, w2, b2 = trained(0.5)
    h = np.tanh(np.array([0.35, 0.25]) @ w1 + b1)
    answers = []
    for mask in range(256):
        kept = np.array([mask >> i & 1 for i in range(8)])
        answers.append(1 / (1 + np.exp(-(2 * kept * h @ w2 + b2)[0])))
    return f"their mean is {number(np.mean(answers), 3)}."


def norm_histograms(steps=64, lr=1.0):
    rng, layers = np.random.default_rng(0), []
    for fan_in in (64, 32, 32, 32, 32):
        layers += [nn.Linear(fan_in, 32, rng, init_w=init.xavier), nn.BatchNorm(32), plainnet.tanh]
    model = nn.Sequential(*layers, nn.Linear(32, 10, rng, init_w=init.xavier))
    x, t = data.digits()
    x, method, rng = x.reshape(len(x), -1), optim.SGD(model.parameters(), lr=lr), np.random.default_rng(1)
    for _ in range(steps):
        batch = rng.choice(512, 64, replace=False)
        method.zero_grad()
        cross_entropy(model(x[batch]), t[batch]).backward()
        method.step()
    return f"and {number(cross_entropy(model(x[:96]), t[:96]).data, 3)} with batch norm."


def norm_batch_size(size=64):
    x, t = data.digits()
    x, t, x_held, t_held = data.split(x.reshape(len(x), -1), t, 0.25, np.random.default_rng(0), stratify=True)
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32, rng), nn.BatchNorm(32), plainnet.relu, nn.Linear(32, 10, rng))
    method = optim.SGD(model.parameters(), lr=0.3)
    plainnet.fit(
        model, x, t, loss=cross_entropy, optimizer=method, num_epochs=8, batch_size=64, rng=rng, progress=False
    )
    model.train()
    answers = [model(x_held[i : i + size]).data.argmax(axis=1) for i in range(0, 384, size)]
    return f"Right answers: {number(100 * np.mean(np.concatenate(answers) == t_held[:384]), 3)} %"


def running_statistics(batches=60):
    rng, mean = np.random.default_rng(0), 0.0
    for _ in range(batches):
        mean = 0.9 * mean + 0.1 * (4 + 3 * rng.normal(size=8)).mean()
    return f"After batch {batches}: running mean {number(mean, 3)}"


def convolution_stepper():
    x, w = SMALL[None, :, :, None].astype(float), CROSS[:, :, None, None].astype(float)
    y = plainnet.conv2d(x, w, np.zeros(1)).data[0, :, :, 0]
    return f"Output row 3, column 3: 1 + 1 + 1 + 1 = {number(y[2, 2])}"


def kernel_painter():
    x = np.array(make("KernelPainter").values["drawing"])
    y = (x[:-2, 2:] - x[:-2, :-2]) + 2 * (x[1:-1, 2:] - x[1:-1, :-2]) + (x[2:, 2:] - x[2:, :-2])
    return f"After a ReLU {np.sum(y > 1e-9)} of 196 numbers are left above 0."


def pooling_stepper():
    x = plainnet.Tensor(LECTURE[None, :, :, None].astype(float), requires_grad=True)
    y = plainnet.max_pool2d(x, kernel_size=2, stride=2)
    y.backward(np.ones(y.shape))
    return f"Sent back: {y.data.size} times 1. Arrived: {number(x.grad.sum())} in all."


def shift_bars():
    x, t = (array[shift.LEARNED :] for array in shift.digits())
    far = np.zeros_like(x)
    far[:, :, 4:] = x[:, :, :-4]
    read = [np.mean(plainnet.predict(model, far).argmax(axis=1) == t) for model in shift.trained().values()]
    return f"Of all unseen digits they read {100 * read[0]:.0f} % and {100 * read[1]:.0f} %."


def feature_maps():
    drawing = np.array(make("FeatureMaps").values["drawing"])
    z = digit_reader()(as_in_the_data(drawing > 0)[None, :, :, None].astype(np.float32)).data[0]
    best, second = np.argsort(-z)[:2]
    bias = digit_reader().layers[-1].b.data
    margin = (z[best] - z[second]) - (bias[best] - bias[second])
    return f"of {number(margin, 3)}."


def draw_digit():
    drawing = np.array(make("DrawDigit").values["drawing"])
    logits = digit_reader()(as_in_the_data(drawing > 0)[None, :, :, None].astype(np.float32)).data[0]
    p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    return f"It reads a {np.argmax(p)}, p = {number(p.max(), 3)}"


def epsilon_attack(eps=0.4):
    drawing = np.array(make("EpsilonAttack").values["drawing"])
    x = as_in_the_data(drawing > 0)[None, :, :, None].astype(np.float32)
    z = digit_reader()(adversarial.fgsm(digit_reader(), x, digit_reader()(x).data.argmax(axis=1), eps)).data[0]
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    return f"it reads a {np.argmax(p)}, p = {number(p.max(), 3)}"


def noise_or_attack(eps=0.2, count=100):
    x, t = (array[1500 : 1500 + count] for array in data.digits())
    coin = 2 * np.random.default_rng(0).integers(2, size=x.shape) - 1
    noisy = np.clip(x + eps * coin, 0, 1).astype(np.float32)
    right = [
        np.sum(digit_reader()(z).data.argmax(axis=1) == t) for z in (noisy, adversarial.fgsm(digit_reader(), x, t, eps))
    ]
    return f"{right[0]} of {count} right with random signs, {right[1]} with one step (FGSM)."


def fooling_image(steps=60, digit=4):
    x = np.full((1, 8, 8, 1), 0.5, np.float32)
    for _ in range(steps):
        x = adversarial.fgsm(digit_reader(), x, np.array([digit]), 0.01, targeted=True)
    z = digit_reader()(x).data[0]
    p = np.exp(z[digit] - z.max()) / np.exp(z - z.max()).sum()
    said = "p > 0.9999" if p > 0.9999 else f"p = {number(p, 4)}"  # 1 is never reached
    return f"Step {steps}: {said} for {digit}."


@pytest.mark.parametrize("name", demos.GALLERY)
def test_a_page_from_a_file_steps_by_keys_to_the_librarys_value_without_a_request(open_demo, name):
    demo = make(name)
    page = open_demo(demo)
    assert page.inner_text(".pn-title") == demo.recording.title
    press(page, "q", "PageDown")
    assert page.get_attribute(".pn-stage", "data-frame") == "1"
    press(page, "PageUp")
    assert page.get_attribute(".pn-stage", "data-frame") == "0"
    press(page, "End")
    answer = globals()[demos.GALLERY[name]]  # each demo has one above, named as its module
    assert answer() in caption(page)
    assert [url for url in page.requests if not url.startswith("data:")] == [page.url]


def test_the_curve_detector_gives_6600_and_turned_3600(open_demo):
    page = open_demo(make("ConvolutionStepper"))
    press(page, "q")
    for preset, sum_ in (("Curve meets its detector", "= 6600."), ("The same, kernel turned", "= 3600.")):
        page.get_by_label("Preset").select_option(preset)
        page.locator(".pn-title").click()
        press(page, "End")
        assert caption(page).endswith(sum_)


@pytest.mark.timeout(900)  # a kernel for each demo
def test_every_demo_is_alive_in_voila_and_asks_for_nothing_beyond_this_machine(page, tmp_path):
    addresses = write_gallery(tmp_path / "gallery")
    with gallery_server(tmp_path / "gallery") as server:
        page.goto(f"{server.url}/voila/files/index.html?token={server.token}")
        assert page.locator("a.demo").count() == len(addresses) == len(demos.GALLERY)
        for name, module in demos.GALLERY.items():
            page.goto(server.url + addresses[module])
            page.wait_for_selector(".pn-stage[data-frame]", timeout=60_000)
            frames = make(name).recording.frames
            assert caption(page) == frames[0]["text"].replace("\n", " ")
            page.locator(".pn-title").click()
            press(page, "q", "End")
            assert caption(page) == frames[-1]["text"].replace("\n", " ")
            preset, values = list(make(name).presets.items())[1]
            page.locator(".pn-head select").select_option(label=preset)  # the kernel records it
            wait_for_caption(page, make(name).record(**values).frames[-1]["text"].replace("\n", " "))
        outside = [url for url in page.requests if not re.match(rf"{re.escape(server.url)}/|data:|blob:", url)]
        assert outside == []
        page.goto("about:blank")


@pytest.mark.ch01
def test_a_lecture_is_a_slide_deck_with_live_demos_on_a_copy(page, tmp_path):
    chapter = COURSE / "01_graphs"
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in chapter.rglob("*") if path.is_file()}
    path = copy_lecture(chapter, tmp_path / "work")
    with lecture_server(tmp_path / "work") as server:
        said = []
        page.goto(start_deck(server, path, said.append))
        assert said == [f"{sum(c.cell_type == 'code' for c in nbformat.read(path, 4).cells)} cells ran"]
        page.wait_for_selector("[data-jp-deck-mode=presenting] .jp-Deck .jp-deck-mod-visible", timeout=60_000)
        page.wait_for_selector(".pn-stage[data-frame]", state="attached", timeout=60_000)
        assert visible_slide(page).startswith("Chapter 1")
        text = page.locator(".jp-deck-mod-visible p").first
        assert text.evaluate("p => parseFloat(getComputedStyle(p).fontSize)") > 16  # a notebook has 14
        stage = page.locator(".jp-deck-mod-visible .pn-stage")
        for _ in range(30):  # a clicker has one key
            if stage.count():
                break
            press(page, "PageDown")
            page.wait_for_timeout(150)
        assert visible_slide(page).startswith("Demo: step through the graph")
        stage.locator(".pn-title").click()
        press(page, "q", "PageDown")
        assert stage.get_attribute("data-frame") == "1"  # on the demo, the same key steps the demo
        press(page, "End")
        assert graph_stepper() in stage.locator(".pn-caption").inner_text()
        stage.locator(".pn-slider").first.fill("3.7")
        want = record("(a + b) * (b + 1)", a=3.7, b=1.0).frames[-1]["text"]
        wait_for_caption(page, want)
        page.locator(".jp-deck-mod-visible h3").click()
        press(page, "PageUp", "PageUp", "PageUp")
        page.wait_for_function("() => !document.querySelector('.jp-deck-mod-visible .pn-stage')")
        outside = [url for url in page.requests if not re.match(rf"{re.escape(server.url)}/|data:|blob:", url)]
        assert outside == []
        page.goto("about:blank")
    assert before == {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in before}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_ended_ends_its_server(tmp_path, end):
    command = [sys.executable, "-m", "autograder", "gallery", "--no-browser", "--out", tmp_path]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell may have ignored it
    )
    try:
        line = next(line for line in process.stdout if line.startswith("all demos"))
        port = int(re.search(r":(\d+)/", line)[1])
        process.send_signal(end)
        process.wait(30)
    finally:
        process.kill()
        process.communicate()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def visible_slide(page):
    """Return the text of the slide on screen."""
    return "\n".join(page.locator(".jp-deck-mod-visible").all_inner_texts()).strip()
