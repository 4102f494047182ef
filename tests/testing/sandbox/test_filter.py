"""The filter's program, interpreted here as the kernel would: on both kinds of machine, whichever this is."""

from __future__ import annotations

import os
import socket
import struct

import pytest

from instantreact_sdk.testing.sandbox.filter import program

ALLOW, ASK, NO_SUCH_CALL = 0x7FFF0000, 0x7FC00000, 0x50000 | 38  # linux/seccomp.h; ENOSYS is 38 on both
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
BOTH = ["x86_64", "aarch64"]

# asm/unistd_64.h and asm-generic/unistd.h
X86_64 = {"read": 0, "open": 2, "mmap": 9, "socket": 41, "sendto": 44, "clone": 56, "fork": 57, "execve": 59, "rename": 82,
          "openat": 257, "unlinkat": 263, "io_uring_setup": 425, "clone3": 435, "openat2": 437}  # fmt: skip
AARCH64 = {"unlinkat": 35, "openat": 56, "read": 63, "socket": 198, "sendto": 206, "clone": 220, "execve": 221, "mmap": 222,
           "io_uring_setup": 425, "clone3": 435, "openat2": 437}  # fmt: skip
NUMBERS = {"x86_64": X86_64, "aarch64": AARCH64}

CLONE_THREAD, CLONE_VM = 0x10000, 0x100


def decide(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the program returns; Documentation/networking/filter.rst."""
    arguments = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=iIQ6Q", number, architecture or ARCHITECTURE[machine], 0, *arguments)
    lines = list(struct.iter_unpack("=HBBI", program(machine)))
    at = accumulator = 0
    while True:
        code, when_true, when_false, operand = lines[at]
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, operand)
            case 0x15:
                at += when_true if accumulator == operand else when_false
            case 0x35:
                at += when_true if accumulator >= operand else when_false
            case 0x45:
                at += when_true if accumulator & operand else when_false
            case 0x06:
                return operand


@pytest.mark.parametrize("machine", BOTH)
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("read", (3,), ALLOW),
        ("mmap", (), ALLOW),
        ("openat", (3, 99, os.O_RDONLY | os.O_CLOEXEC), ALLOW),
        ("openat", (3, 99, os.O_RDONLY | os.O_DIRECTORY), ALLOW),
        ("openat", (3, 99, os.O_WRONLY), ASK),
        ("openat", (3, 99, os.O_RDWR | os.O_CLOEXEC), ASK),
        ("openat", (3, 99, os.O_RDONLY | os.O_CREAT), ASK),
        ("openat", (3, 99, os.O_RDONLY | os.O_TRUNC), ASK),
        ("openat2", (3, 99, 1), ASK),
        ("unlinkat", (3, 99), ASK),
        ("socket", (socket.AF_UNIX, 1), ALLOW),
        ("socket", (16, 3), ALLOW),  # AF_NETLINK
        ("socket", (38, 5), ALLOW),  # AF_ALG
        ("socket", (2, 1), ASK),  # AF_INET
        ("socket", (10, 2), ASK),  # AF_INET6
        ("socket", (17, 3), ASK),  # AF_PACKET
        ("socket", (40, 1), ASK),  # AF_VSOCK, which no network namespace holds back
        ("sendto", (3, 99, 5, 0, 0), ALLOW),  # an ordinary send
        ("sendto", (3, 99, 5, 0, 0x10), ASK),
        ("sendto", (3, 99, 5, 0, 0x7F00_0000_0000), ASK),  # the lower half alone is zero
        ("clone", (CLONE_VM | CLONE_THREAD,), ALLOW),
        ("clone", (CLONE_VM,), ASK),
        ("clone", (17,), ASK),  # SIGCHLD, as fork(3) does
        ("execve", (), ASK),
        ("clone3", (), NO_SUCH_CALL),
        ("io_uring_setup", (), NO_SUCH_CALL),
    ],
)
def test_it_asks_about_what_matters_alone(machine: str, name: str, arguments: tuple[int, ...], answer: int):
    assert decide(machine, NUMBERS[machine][name], *arguments) == answer


@pytest.mark.parametrize(("name", "arguments"), [("open", (99, os.O_WRONLY)), ("fork", ()), ("rename", ())])
def test_the_older_calls_of_x86_64_are_known(name: str, arguments: tuple[int, ...]):
    assert decide("x86_64", X86_64[name], *arguments) == ASK


@pytest.mark.parametrize("machine", BOTH)
def test_a_program_of_another_kind_of_machine_finds_no_call(machine: str):
    i386 = 0x40000003
    assert decide(machine, NUMBERS[machine]["read"], architecture=i386) == NO_SUCH_CALL


def test_the_second_set_of_numbers_of_x86_64_is_no_way_around():
    assert decide("x86_64", 0x40000000 | X86_64["openat"], 3, 99, os.O_WRONLY) == NO_SUCH_CALL
