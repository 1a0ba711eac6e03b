"""Real data that come with the library: nothing to download."""

from pathlib import Path

import numpy as np

DIGITS = Path(__file__).with_name("digits.npz")


def digits():
    """Return 1,797 handwritten digits: x (1797, 8, 8, 1) float32 in [0, 1], t (1797,) int in 0..9.

    A pixel is the number of inked points, 0 to 16, in a 4 x 4 cell of the scan,
    divided by 16.  For a dense network: ``x.reshape(len(x), -1)``.

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998, doi:10.24432/C50P49, CC BY 4.0; the test part, by way of
       scikit-learn's copy (see make_digits.py).
    """
    try:
        with np.load(DIGITS, allow_pickle=False) as file:
            images, labels = file["images"], file["labels"]
    except Exception as error:
        error.add_note(f"{DIGITS} came with plainnet and is missing or damaged: install plainnet again")
        raise
    return images[..., None].astype(np.float32) / 16, labels.astype(int)


# Temperature of the joints at launch in °F, and whether an O-ring showed erosion or blow-by, flight by flight
FLIGHTS = [
    (66, 0), (70, 1), (69, 0), (68, 0), (67, 0), (72, 0), (73, 0), (70, 0), (57, 1), (63, 1), (70, 1), (78, 0),
    (67, 0), (53, 1), (67, 0), (75, 0), (70, 0), (81, 0), (76, 0), (79, 0), (75, 1), (76, 0), (58, 1),
]  # fmt: skip


def challenger():
    """Return 23 shuttle flights before Challenger's last: x (23, 1) float32 in °F, t (23,) int, 1 for O-ring distress.

    Of the 24 flights before 51-L, these are the ones whose boosters could be examined; those of
    the fourth, STS-4, sank.  It was 31 °F on the morning of 51-L.  Data of the Rogers Commission, public domain.

    References
    ----------
    .. [1] S. Dalal, E. Fowlkes and B. Hoadley, "Risk analysis of the space shuttle: pre-Challenger
       prediction of failure", JASA 84, 1989.
    """
    table = np.array(FLIGHTS)
    return table[:, :1].astype(np.float32), table[:, 1]
