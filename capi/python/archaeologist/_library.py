"""Finds libarchaeologist and loads it."""
import ctypes
import os
import pathlib

from . import _abi
from ._constants import ABI_VERSION

SONAME = "libarchaeologist.so.0"


def path_of_library() -> str:
    """$ARCHAEOLOGIST_LIBRARY, else the one in the package (a wheel's), else where the system keeps its libraries."""
    chosen = os.environ.get("ARCHAEOLOGIST_LIBRARY")
    if chosen:
        return chosen
    carried = pathlib.Path(__file__).parent / "lib" / SONAME
    return str(carried) if carried.exists() else SONAME


def load() -> ctypes.CDLL:
    path = path_of_library()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"{path} cannot be loaded: {error}") from error
    try:
        _abi.declare(library)
    except AttributeError as error:
        raise ImportError(f"{path} does not fit this package: {error}") from error
    found = library.archaeo_abi_version()
    if found < ABI_VERSION:
        raise ImportError(f"{path} has ABI version {found}, must be at least {ABI_VERSION}: upgrade the library")
    return library


lib = load()
