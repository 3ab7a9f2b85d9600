"""The conversation of a subject with the benchmark, for those in Python.

A subject says its version first. Then it answers a line `time FILE` with the nanoseconds that one thumbnail took,
those that the processor was at it, and the bytes of the thumbnail; and a line `peak FILE` with the bytes by which memory grew at its highest.
A file is read before the clock starts.
"""

import gc
import sys
import time


def converse(version, thumbnail):
    """Answers until the benchmark closes the pipe."""
    print(version, flush=True)
    path, data = None, b""
    for line in sys.stdin:
        verb, wanted = line.rstrip("\n").split(" ", 1)
        if wanted != path:
            with open(wanted, "rb") as file:
                path, data = wanted, file.read()
        try:
            print(*ANSWERS[verb](thumbnail, data), flush=True)
        except Exception as error:
            print("error", " ".join(str(error).split()), flush=True)


def timed(thumbnail, data):
    gc.collect()
    start, start_cpu = time.perf_counter_ns(), time.process_time_ns()
    made = thumbnail(data)
    return time.perf_counter_ns() - start, time.process_time_ns() - start_cpu, len(made)


def peak(thumbnail, data):
    before = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        # Sets the highest back to what there is now.
        file.write("5")
    thumbnail(data)
    return (status("VmHWM") - before,)


def status(name):
    with open("/proc/self/status") as file:
        kilobytes = next(line.split()[1] for line in file if line.startswith(name + ":"))
    return int(kilobytes) * 1024


ANSWERS = {"time": timed, "peak": peak}
