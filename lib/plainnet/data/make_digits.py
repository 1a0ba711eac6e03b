"""Write digits.npz from scikit-learn's copy of the UCI digits: python -m plainnet.data.make_digits [PATH].

scikit-learn carries the test part of "Optical Recognition of Handwritten Digits"
(doi:10.24432/C50P49, CC BY 4.0).  Run once; a test compares the file with its source.
"""

import sys
from pathlib import Path

import numpy as np


def main(path):
    from sklearn.datasets import load_digits  # needed by this script alone

    source = load_digits()
    np.savez_compressed(path, images=source.images.astype(np.uint8), labels=source.target.astype(np.uint8))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("digits.npz"))
