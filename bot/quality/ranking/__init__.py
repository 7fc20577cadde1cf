"""Rankings of models from the preferences of experts."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""The matrices are small, so more threads would only wait for each other. numpy reads this once,
when the modules of this package load it."""
