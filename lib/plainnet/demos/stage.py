"""The stage: shows a demo in a notebook, writes it as a page of its own, or prints it as a picture.

A `Demo` joins a function that records with the controls that it takes. In a notebook a changed control asks the kernel
for a new recording; a standalone page carries the recordings of its presets instead. The view is the same code.
"""

import base64
import functools
import html
import itertools
import json
import traceback
from pathlib import Path

from plainnet.demos.bundle import page_module, stylesheet
from plainnet.demos.recording import Recording

MAX_PAGE = 2_000_000  # bytes: a page that a lecturer can mail, and a phone opens at once
MIN_PRESETS = 6


class Demo:
    """A demo: what records it, and what the audience may change.

    Parameters
    ----------
    record : function
        Called with the value of each control by name; returns a `Recording`.
    controls : sequence
        From `plainnet.demos.controls`.
    presets : dict of str -> dict
        Named values of some or all controls. A page without a kernel offers these; it needs at least six.
    recorded : iterable of dict
        Further values to record for such a page, for example `grid(a=range(5))`.
    run : function, optional
        Called with a dict of the values, which changes while the audience moves controls; yields the frames of a run
        in progress: dicts as for `Recording`, or functions that return one (called only when a frame is due).
    run_label : str
        The words on the button that starts the run.
    rehearse : function, optional
        Called like `record`; returns a run as a `Recording`. A page without a kernel carries it in place of the run,
        and its first question is asked before a run begins.
    """

    def __init__(self, record, controls=(), presets=None, *, recorded=(), run=None, run_label="Run", rehearse=None):
        self.record, self.controls, self.recorded = record, list(controls), list(recorded)
        self.run, self.run_label, self.rehearse = run, run_label, rehearse
        self.values = {control["name"]: control["value"] for control in self.controls}
        self.presets = {name: self.complete(values) for name, values in (presets or {}).items()}
        self.channel = None

    def complete(self, values):
        """Return the demo's values with some changed; unknown names are an error."""
        if unknown := set(values) - set(self.values):
            raise ValueError(f"no control is called {sorted(unknown)}; there are {sorted(self.values)}")
        return {**self.values, **values}

    @functools.cached_property
    def recording(self):
        """The recording with the values at the start; a failure is itself a recording, in words."""
        try:
            return self.record(**self.values).validate()
        except Exception as error:  # shown on the stage: a lecture goes on
            return failure(error)

    def config(self):
        """Return what the view needs besides the recording."""
        presets = [{"name": name, "values": values} for name, values in self.presets.items()]
        return {"controls": self.controls, "presets": presets, "run": self.run_label if self.run else ""}

    def poster(self, path=None):
        """Return the key frame as PNG bytes; also write them to `path`, if given."""
        return self.printed().poster(path)

    def thumbnail(self):
        """Return the key frame as a small PNG without title and sentence."""
        return self.printed().thumbnail()

    def printed(self):
        """Return the recording whose key frame a poster shows: the last frame of a run tells more than its start."""
        return self.rehearse(**self.values) if self.rehearse else self.recording

    def question(self, values):
        """Return the question to ask before a run with these values, or None."""
        asks = self.rehearse(**values).asks if self.rehearse else []
        return asks[0] if asks else None

    def variants(self):
        """Return what a standalone page carries: the recording of each preset and of each recorded setting."""
        settings = [self.values, *self.presets.values(), *map(self.complete, self.recorded)]
        found = {}
        for values in settings:
            key = json.dumps(values, sort_keys=True)
            if key not in found:
                recording = self.printed() if not found else (self.rehearse or self.record)(**values)
                header, data = recording.encode()
                found[key] = {"values": values, "header": header, "data": base64.b64encode(data).decode()}
        return list(found.values())

    def to_html(self, path=None, *, language="en", variants=None):
        """Return the demo as one HTML page that needs no kernel and no network; also write it to `path`, if given.

        `variants` are those of this demo, where they have been made already.
        """
        if self.controls and len(self.presets) < MIN_PRESETS:
            raise ValueError(
                f"{self.recording.title}: a page without a kernel offers at least {MIN_PRESETS} presets in place of "
                f"its controls; this demo has {len(self.presets)}"
            )
        content = json.dumps({"config": self.config(), "variants": variants or self.variants()}, ensure_ascii=False)
        page = PAGE.format(
            language=language, title=html.escape(self.recording.title), style=stylesheet(),
            description=html.escape(self.recording.description), content=content.replace("<", "\\u003c"),
            module=page_module(),
        )  # fmt: skip
        size = len(page.encode())
        if size > MAX_PAGE:
            raise ValueError(
                f"{self.recording.title}: the page has {size:,} bytes, more than {MAX_PAGE:,}: "
                "record fewer settings, fewer frames or coarser arrays"
            )
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def widget(self):
        """Return a new widget that shows this demo in a notebook."""
        from plainnet.demos.live import Channel  # here, so that plainnet imports without anywidget

        if self.channel is not None:
            self.channel.stop()
        self.channel = Channel(self)
        return self.channel.widget

    def _repr_mimebundle_(self, **kwargs):
        """Show the widget; where no widget can live (GitHub, PDF), the poster and its words."""
        words = f"{self.recording.title}\n\n{self.recording.description}"
        data = {"text/plain": words, "image/png": base64.b64encode(self.poster()).decode()}
        try:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.widget().model_id}
            data["application/vnd.jupyter.widget-view+json"] = view
        except ImportError:  # no anywidget here: the picture says why it does not move
            data["text/plain"] += "\n\nInstall anywidget to step through this demo: pip install anywidget"
        return data, {"image/png": {"alt": words}}


def grid(**values):
    """Return every combination of the values of some controls, as `recorded` takes them."""
    return [dict(zip(values, combination)) for combination in itertools.product(*values.values())]


def failure(error):
    """Return a recording of one frame that says in words what went wrong."""
    words = explain(error)
    frame = {"text": "The demo stopped here.", "error": words}
    return Recording([frame], title="This demo met an error", description=words)


def explain(error):
    """Return an exception in words, with the place in code that is not ours."""
    ours = str(Path(__file__).parent.parent)
    places = [place for place in traceback.extract_tb(error.__traceback__) if not place.filename.startswith(ours)]
    where = f" (line {places[-1].lineno} of {places[-1].name})" if places else ""
    notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
    return f"{type(error).__name__}: {error}{where}{notes}"


PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{description}">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
html, body {{ margin: 0; background: Canvas; color-scheme: light dark; }}
{style}</style>
</head>
<body>
<noscript>{description} This page needs JavaScript.</noscript>
<script type="application/json" id="plainnet-demo">{content}</script>
<script type="module">
{module}
</script>
</body>
</html>
"""
