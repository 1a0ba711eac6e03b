"""One BLAS thread: several, on a busy machine, make small products 10 to 100 times slower."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
