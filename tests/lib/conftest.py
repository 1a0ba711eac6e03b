"""What all tests of the library share: one BLAS thread, and no deadline for single hypothesis examples."""

import os

from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # several, on a busy machine, make small products 10x slower
settings.register_profile("lib", deadline=None)  # a busy machine is no failure; the suite has its own time limit
settings.load_profile("lib")
