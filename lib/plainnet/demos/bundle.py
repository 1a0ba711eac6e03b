"""Join the ES modules of `js/` into one: neither a notebook's blob URL nor a page opened from a file can import others.

Every module keeps a scope of its own, as a function that returns its exports, in an order in which what is imported
comes first. The modules use one form of import and one of export, so that a few lines of Python can read them.
"""

import functools
import re
from pathlib import Path

JS = Path(__file__).parent / "js"
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


@functools.cache
def bundle(entry):
    """Return the module `entry` and all it imports as the text of one module, without its own exports.

    The exports stand in the constant named by `module_name(entry)`.
    """
    order = []
    collect(entry, order, ())
    return "\n".join(wrap(name) for name in order)


def collect(name, order, importers):
    """Append `name` to `order` after all that it imports."""
    if name in importers:
        raise ValueError(f"js modules import each other in a circle: {' -> '.join([*importers, name])}")
    if name in order:
        return
    for _, imported in IMPORT.findall(source(name)):
        collect(imported, order, (*importers, name))
    order.append(name)


def wrap(name):
    """Return a module as one constant that holds its exports."""
    text = source(name)
    exports = EXPORT.findall(text)
    text = IMPORT.sub(lambda match: f"const {{ {match[1]} }} = {module_name(match[2])};", text)
    text = EXPORT.sub("", text)
    if wrong := OTHER.search(text):
        raise ValueError(
            f'js/{name}.js: {wrong[0]!r} is not of the form import {{ a, b }} from "./module.js"; '
            "or export function|class|const name"
        )
    return f"const {module_name(name)} = (() => {{\n{text}\nreturn {{ {', '.join(exports)} }};\n}})();"


def module_name(name):
    """Return the constant that holds the exports of a module."""
    return "module_" + name.replace("-", "_")


def source(name):
    """Return the text of a module."""
    path = JS / f"{name}.js"
    if not path.is_file():
        raise ValueError(f"there is no js/{name}.js; there are {sorted(p.stem for p in JS.glob('*.js'))}")
    return path.read_text(encoding="utf-8")


def widget_module():
    """Return the module that anywidget loads."""
    return f"{bundle('widget')}\nexport default {module_name('widget')};"


def page_module():
    """Return the module that a standalone page runs."""
    return f"{bundle('page')}\n{module_name('page')}.start();"


@functools.cache
def stylesheet():
    """Return the style of the stage."""
    return (JS / "stage.css").read_text(encoding="utf-8")
