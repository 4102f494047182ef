"""Speech made on the spot, so that tests and the demo need no recording of anybody."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np
from numpy.typing import NDArray

from instantreact_sdk.errors import InstantReactError

# Of espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_WITHOUT_EXIT = 0x8000
_UTF8 = 1
_CHARACTERS = 1
_RATE, _PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def spoken(
    text: str, *, voice: str = "en-us", words_per_minute: int = 140, pitch: int = 55
) -> tuple[NDArray[np.float32], int]:
    """A text as sound, by the espeak-ng that the package espeakng-loader brings.

    The first call of every process gives the same samples; later ones differ by a few, which cannot be heard.

    Args:
        text: What to say.
        voice: One of espeak-ng's voices, as ``en-us`` or ``fr``.
        words_per_minute: 80 to 450.
        pitch: 0 to 100.

    Returns:
        float32 samples ``(n,)`` in -1..1, and how many of them make a second.

    Raises:
        InstantReactError: IR6001 without espeakng-loader.
    """
    library, rate = _synthesizer()
    pieces: list[NDArray[np.int16]] = []

    def keep(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = _CALLBACK(keep)  # kept alive by this frame for as long as espeak may call it
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(voice.encode())
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    said = text.encode() + b"\0"
    library.espeak_Synth(said, ctypes.c_size_t(len(said)), 0, _CHARACTERS, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
    return (samples / np.float32(32768)).astype(np.float32), rate


@cache
def _synthesizer() -> tuple[ctypes.CDLL, int]:
    try:
        import espeakng_loader
    except ImportError:
        raise InstantReactError(
            "IR6001", package="espeakng-loader", command="pip install 'instantreact-sdk[demo]'"
        ) from None
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _WITHOUT_EXIT)
    if rate <= 0:
        raise InstantReactError(
            "IR6001", package="a working espeakng-loader", command="pip install --force-reinstall espeakng-loader"
        )
    return library, rate
