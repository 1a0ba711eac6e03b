"""A lecture as a handout: one HTML page with MathML, alternative texts and posters, without script or network."""

import html
import re

import mistune
from latex2mathml.converter import convert
from nbclient import NotebookClient

WIDGET = "application/vnd.jupyter.widget-view+json"
DESCRIBED = re.compile(r"^\s*\*What the (?:figure|picture)s? shows?\*:\s*(.*)", re.DOTALL)
STYLE = """
:root { color-scheme: light dark; --line: #c8ccd2; --soft: #f2f4f7; }
@media (prefers-color-scheme: dark) { :root { --line: #4a5058; --soft: #1e2127; } }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; background: Canvas;
  color: CanvasText; }
h1, h2, h3 { line-height: 1.25; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem; overflow-x: auto;
  font-size: .9rem; }
pre.output { background: none; border-style: dashed; }
figure { margin: 1rem 0; }
img, svg { max-width: 100%; height: auto; }
figure > svg, figure > img { background: white; }
div.wide { overflow-x: auto; padding: .3rem 0; }
table { border-collapse: collapse; }
pre:focus-visible, div.wide:focus-visible { outline: 3px solid #0072b2; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
body.index { max-width: 90rem; }
ul.lectures, ul.cards { list-style: none; padding: 0; }
ul.cards { display: grid; gap: 1.5rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
ul.cards img { display: block; width: 100%; height: auto; background: white; border: 1px solid var(--line);
  border-radius: .4rem; margin-bottom: .3rem; box-sizing: border-box; padding: .4rem; }
ul.lectures a { display: inline-block; padding: .2rem 0; }
ul.cards p { margin: .2rem 0; font-size: .95rem; }
a.demo { display: inline-block; font-weight: 600; padding: .2rem 0; }
a:focus-visible { outline: 3px solid #0072b2; }
@media print { a.demo { display: none; } pre { white-space: pre-wrap; } }
"""


class WithMathML(mistune.HTMLRenderer):
    """Markdown as HTML, formulas as MathML, which browsers draw and screen readers read."""

    def block_math(self, text):
        """Return a formula on a line of its own; where it is too long, it scrolls sideways."""
        formula = convert(text.strip(), display="block")
        return f'<div class="wide" tabindex="0" role="group" aria-label="Formula">{formula}</div>\n'

    def inline_math(self, text):
        """Return a formula inside of a line."""
        return convert(text.strip())

    def block_code(self, code, info=None):
        """Return lines of code; what may scroll sideways is reached by Tab."""
        return f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>\n'

    def table(self, text):
        """Return a table; it scrolls sideways on a phone, so it is reached by Tab, too."""
        return f'<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n{text}</table></div>\n'

    def table_cell(self, text, align=None, head=False):
        """Return a cell; an empty corner is no heading."""
        tag = "th" if head and text.strip() else "td"
        style = f' style="text-align: {align}"' if align else ""
        return f"<{tag}{style}>{text}</{tag}>"


markdown = mistune.create_markdown(renderer=WithMathML(escape=False), plugins=["math", "table", "strikethrough"])


def executed(notebook, folder, timeout=120):
    """Run a notebook in a fresh kernel and return it with its outputs; the first error ends the run."""
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, timeout=timeout, kernel_name="python3", resources=resources).execute()


def handout(notebook, demo_pages=None):
    """Return an executed lecture as an HTML page.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    demo_pages : dict of str -> str, optional
        A demo's title -> the address of its standalone page, relative to the handout.
    """
    cells = [cell for cell in notebook.cells if kind(cell) != "notes"]
    parts = []
    for n, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            parts.append(markdown(cell.source))
        elif cell.cell_type == "code":
            following = cells[n + 1].source if n + 1 < len(cells) else ""
            parts.append(code(cell, description(following), demo_pages or {}))
    title = next((line[2:] for cell in cells for line in cell.source.splitlines() if line.startswith("# ")), "Lecture")
    return page(title, "\n".join(parts))


def kind(cell):
    """Return what a cell is in the slide show: "slide", "skip", "notes" ..."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def description(text):
    """Return the words of a Markdown cell that says what a figure shows, or ""."""
    found = DESCRIBED.match(text)
    return re.sub(r"[$*`\\]", "", " ".join(found.group(1).split())) if found else ""


def code(cell, words, demo_pages):
    """Return a code cell with its outputs; cells that only set the scene are folded away."""
    source = f'<pre tabindex="0"><code>{html.escape(cell.source)}</code></pre>'
    if kind(cell) == "skip":
        source = f"<details><summary>Preparation (code)</summary>{source}</details>"
    return source + "".join(output(one, words, demo_pages) for one in cell.outputs)


def output(one, words, demo_pages):
    """Return one output: a demo's poster with a link, a figure, or text."""
    if one.output_type == "stream":
        return f'<pre class="output" tabindex="0">{html.escape(one.text)}</pre>'
    data = one.get("data", {})
    plain = data.get("text/plain", "")
    if WIDGET in data:
        return poster(data, plain, demo_pages)
    if "image/svg+xml" in data:
        return f"<figure>{data['image/svg+xml']}</figure>"
    if "image/png" in data:
        alt = words or "A figure; the text beside it says what it shows."
        return (
            f'<figure><img src="data:image/png;base64,{data["image/png"].strip()}" alt="{html.escape(alt)}"></figure>'
        )
    if "text/html" in data:
        return f"<div>{data['text/html']}</div>"
    return f'<pre class="output" tabindex="0">{html.escape(plain)}</pre>' if plain else ""


def poster(data, plain, demo_pages):
    """Return a demo as its poster, with a link to the page on which it moves."""
    title = plain.splitlines()[0] if plain else "Demo"
    address = demo_pages.get(title)
    link = f'<a class="demo" href="{html.escape(address)}">Open the demo: {html.escape(title)}</a>' if address else ""
    image = f'<img src="data:image/png;base64,{data["image/png"].strip()}" alt="{html.escape(plain)}">'
    return f"<figure>{image}<figcaption>{html.escape(title)} {link}</figcaption></figure>"


def page(title, body, language="en", kind="handout"):
    """Return a whole HTML page in the style of the handouts; an "index" is wider."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{STYLE}</style>\n</head>\n'
        f'<body class="{kind}">\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )
