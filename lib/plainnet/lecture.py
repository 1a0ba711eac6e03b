"""What every lecture begins with: figures that read from the last row, colours, and the library's own lines to show."""

import inspect
import textwrap

import matplotlib.pyplot as plt
from IPython.display import Code

# Okabe and Ito (2008): colour-blind eyes tell them apart
BLUE, ORANGE, GREEN, PURPLE, BLACK = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000"


def style_figures():
    """Make all later figures of matplotlib large enough for a room."""
    plt.rcParams |= {"figure.figsize": (8, 4.5), "font.size": 14, "axes.grid": True, "lines.linewidth": 2.5}
    plt.rcParams["figure.constrained_layout.use"] = True


def code_of(function, docstring=True, holding=""):
    """Return the text of a function as it stands in its file, for a notebook to show in colour.

    Parameters
    ----------
    function : function, method or class
    docstring : bool
        Whether its docstring is shown.
    holding : str
        If given, only the lines that hold it are.

    Returns
    -------
    IPython.display.Code
    """
    text = inspect.getsource(function)
    if not docstring and '"""' in text:
        head, _, body = text.split('"""', 2)
        text = head.rstrip() + body
    lines = [line for line in text.rstrip().splitlines() if holding in line]
    return Code(textwrap.dedent("\n".join(lines)), language="python")
