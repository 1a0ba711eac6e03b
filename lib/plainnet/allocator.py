"""Keep freed memory for the next array, where the C library can be told to.

By default glibc returns every large freed block to the system, and the next
array of that size pays for fresh pages, zeroed by the kernel one by one: a
training step, which frees and takes the same blocks again and again, spends a
good part of its time there.
"""

import ctypes
import os

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # from glibc's malloc.h
GIB = 1 << 30


def keep_freed_memory():
    """Make malloc reuse freed blocks of up to 1 GiB; return whether this C library took the setting."""
    if os.name != "posix" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False  # not glibc: Windows, macOS, musl
    libc = ctypes.CDLL(None)
    largest = [GIB, 32 << 20]  # older versions of glibc refuse more than 32 MiB
    return any(libc.mallopt(M_MMAP_THRESHOLD, size) for size in largest) and bool(libc.mallopt(M_TRIM_THRESHOLD, GIB))
