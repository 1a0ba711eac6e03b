"""Lecture demos: recordings made with the library, and the stage that plays them.

A demo records its frames with plainnet, once; the stage then steps, plays and scrubs them in a notebook, in a page
without kernel or network, or prints one as a picture. Nothing here imports anywidget or matplotlib before it must.
"""

from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo

__all__ = ["Ask", "Demo", "Recording"]
