"""A student's text and outputs made inert: nothing of them runs, loads or hides in what staff or students open.

nbgrader's pages turn Markdown into HTML with its tags, and know no sanitising; so what goes into an autograded notebook
must hold nothing live to begin with.
"""

import re

MAX_LINES, MAX_LINE = 400, 2000  # of one output
MAX_OUTPUTS = 50  # of one cell
MAX_PICTURE = 2 * 2**20  # characters of base64
PICTURES = ("image/png", "image/jpeg", "image/gif")  # SVG may hold scripts

ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
# all control characters but tab and newline, and those that reorder text
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")

JOINER = "\u2060"  # has no width; parts what would otherwise be markup, and shows in neither prose nor code
TAG = re.compile(r"<(?=[A-Za-z/!?])")
PICTURE = re.compile(r"!(?=\[(?:[^\[\]\n]*\]\(attachment:([\w.-]+)\))?)")
DEFINITION = re.compile(r"\](?=:)")  # of a link's target, elsewhere in the text
LINK = re.compile(r"\](?=\((?!\s*(?:https?://|mailto:|attachment:|#)))", re.IGNORECASE)
COMMAND = re.compile(r"\\(?=(?:href|url|style|class|cssId|require|data|includegraphics|mmlToken|html\w*)\b)")  # MathJax


def plain_text(text, lines=MAX_LINES, columns=MAX_LINE):
    """Return a text as a terminal would leave it, without colours and control characters, cut to a size.

    Parameters
    ----------
    text : str
    lines, columns : int
        How much is kept; what was left out is said.

    Returns
    -------
    str
    """
    text = ESCAPE_SEQUENCE.sub("", text)
    kept = [_overprinted(line) for line in text.split("\n", lines)[:lines]]
    left_out = text.count("\n") + 1 - len(kept)
    kept = [line if len(line) <= columns else f"{line[:columns]} [...]" for line in kept]
    if left_out > 0:
        kept.append(f"[... {left_out} more lines]")
    return UNSEEN.sub("\ufffd", "\n".join(kept))


def _overprinted(line):
    """Return what a line shows after its carriage returns: a progress bar's last state."""
    return line.rstrip("\r").rsplit("\r", 1)[-1]


def inert_markdown(text, attachments=()):
    """Return Markdown that reads the same and holds no HTML, no script, and no picture from elsewhere.

    Links to web addresses stay links; nothing of the text is taken away.

    Parameters
    ----------
    text : str
    attachments : collection of str
        The pictures that the cell has: nbconvert gives up on a notebook that shows any other attachment.

    Returns
    -------
    str
    """
    text = UNSEEN.sub("\ufffd", text)
    text = PICTURE.sub(lambda found: "!" if found[1] in attachments else "!" + JOINER, text)
    for live in (TAG, DEFINITION, LINK, COMMAND):
        text = live.sub(lambda found: found[0] + JOINER, text)
    return text


def inert_pictures(bundle):
    """Return the pictures of a MIME bundle: raster formats alone, and only what base64 can hold."""
    return {
        kind: data
        for kind, data in (bundle.items() if isinstance(bundle, dict) else ())
        if kind in PICTURES and isinstance(data, str) and len(data) <= MAX_PICTURE and BASE64.fullmatch(data)
    }


def inert_outputs(outputs):
    """Return a cell's outputs with nothing but text and raster pictures.

    Parameters
    ----------
    outputs : list of dict
        In nbformat 4's form.

    Returns
    -------
    list of dict
        At most `MAX_OUTPUTS`; one of another kind is named instead of shown.
    """
    shown = [_inert_output(output) for output in outputs[:MAX_OUTPUTS]]
    if len(outputs) > MAX_OUTPUTS:
        shown.append(_stream(f"[... {len(outputs) - MAX_OUTPUTS} more outputs]\n"))
    return shown


def _inert_output(output):
    kind = output.get("output_type")
    if kind == "stream":
        return _stream(
            plain_text(str(output.get("text", ""))), "stderr" if output.get("name") == "stderr" else "stdout"
        )
    if kind == "error":
        trace = plain_text("\n".join(str(line) for line in output.get("traceback") or ()))
        name, value = (plain_text(str(output.get(key, "")), 20) for key in ("ename", "evalue"))
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": trace.split("\n") if trace else []}
    bundle = output.get("data") if isinstance(output.get("data"), dict) else {}
    data = inert_pictures(bundle)
    if isinstance(bundle.get("text/plain"), str):
        data["text/plain"] = plain_text(bundle["text/plain"])
    if not data:
        kinds = plain_text(", ".join(sorted(map(str, bundle))), 1, 200)
        data["text/plain"] = f"[an output of the kind {kinds or 'unknown'} is not shown]"
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}
